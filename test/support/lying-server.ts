import type { Socket } from "node:net";
import type { Random } from "#dist/core/random.js";
import { below, bytes, chance, mutateHard, pick, scratch } from "./fuzz.js";
import { httpAnswer, onRequest, rawServer, type RawServer } from "./raw-server.js";
import { CLOSE, frame, readFrames, TEXT, upgradeAnswer } from "./ws-frames.js";

/** How often an answer is a lie, from 0 (never) to 1. */
export interface Lies {
  readonly random: Random;
  readonly rate: number;
}

interface Request {
  readonly type: string;
  readonly batch?: { readonly steps: readonly unknown[] };
}

/** A server that speaks Hrana over both transports, and now and then something else. */
export function lyingServer(lies: Lies): Promise<RawServer> {
  return rawServer((socket) => {
    if (chance(lies.random, lies.rate / 20)) return socket.write(bytes(lies.random, 100));
    onRequest(socket, (head, body) => {
      if (/^upgrade: websocket/im.test(head)) return upgrade(socket, head, lies);
      say(socket, lies, () => httpReply(body, lies), scratch);
    });
  });
}

function upgrade(socket: Socket, head: string, lies: Lies): void {
  const { random, rate } = lies;
  socket.removeAllListeners("data");
  const protocol = pick(random, ["hrana2", "hrana1"]);
  const answer = Buffer.from(upgradeAnswer(head, protocol));
  socket.write(chance(random, rate / 4) ? scratch(answer, random) : answer);
  readFrames(socket, (text) => say(socket, lies, () => wsReply(text, lies), scratchFrame));
}

/** Sends a true answer, or does something else to who waits for it. */
function say(
  socket: Socket,
  { random, rate }: Lies,
  reply: () => Buffer,
  spoil: (reply: Buffer, random: Random) => Buffer,
): void {
  if (socket.writableEnded) return;
  if (!chance(random, rate)) return void socket.write(reply());
  switch (below(random, 8)) {
    case 0:
      return void socket.write(bytes(random, below(random, 300)));
    case 1:
      return void socket.write(spoil(reply(), random));
    case 2:
      return void socket.write(Buffer.concat([reply(), reply()]));
    case 3:
      return void socket.end(spoil(reply(), random));
    case 4:
      return void socket.resetAndDestroy();
    case 5:
      // For ever, unless whoever waits has a deadline.
      return;
    default: {
      const whole = reply();
      const cut = below(random, whole.length);
      socket.write(whole.subarray(0, cut));
      setImmediate(() => socket.writableEnded || socket.write(whole.subarray(cut)));
    }
  }
}

/** Frames that break WebSocket's rules, or that say nothing. */
function scratchFrame(reply: Buffer, random: Random): Buffer {
  if (chance(random, 0.5)) return scratch(reply, random);
  return frame(pick(random, [0, 1, 2, 3, CLOSE, 9, 10, 15]), bytes(random, below(random, 200)), {
    fin: chance(random, 0.8),
  });
}

function httpReply(body: string, lies: Lies): Buffer {
  const { random, rate } = lies;
  const { requests } = JSON.parse(body) as { requests: readonly Request[] };
  const answer = {
    baton: pick(random, [null, "b.c"]),
    base_url: null,
    results: requests.map((request) =>
      chance(random, 0.05)
        ? { type: "error", error: { message: "no", code: pick(random, ["SQLITE_ERROR", "STREAM_EXPIRED"]) } }
        : { type: "ok", response: responseTo(request, random) },
    ),
  };
  const text = lie(answer, lies);
  const status = chance(random, rate / 4) ? pick(random, ["401 No", "429 No", "500 No", "204 No"]) : "200 OK";
  const type = chance(random, 0.8) ? "application/json" : "text/plain";
  const head = httpAnswer("", { status, headers: [`content-type: ${type}`] });
  return Buffer.concat([
    Buffer.from(head.replace("content-length: 0", `content-length: ${text.length}`)),
    text,
  ]);
}

function wsReply(text: string, lies: Lies): Buffer {
  const message = JSON.parse(text) as { type: string; request_id: number; request: Request };
  if (message.type === "hello") {
    return frame(
      TEXT,
      lie({ type: chance(lies.random, 0.95) ? "hello_ok" : "hello_error", error: {} }, lies),
    );
  }
  const requestId = chance(lies.random, lies.rate / 10) ? below(lies.random, 5) : message.request_id;
  const answer = chance(lies.random, 0.05)
    ? { type: "response_error", request_id: requestId, error: { message: "no", code: "SQLITE_ERROR" } }
    : { type: "response_ok", request_id: requestId, response: responseTo(message.request, lies.random) };
  return frame(TEXT, lie(answer, lies));
}

/** The JSON of an answer: of something like it, of bytes that are not UTF-8, or nested without end. */
function lie(answer: object, { random, rate }: Lies): Buffer {
  if (!chance(random, rate / 2)) return Buffer.from(JSON.stringify(answer));
  const text = JSON.stringify(mutateHard(answer, random));
  if (chance(random, 0.1)) return Buffer.from(text.replace('"', '":'.padEnd(20_000, "[")));
  return chance(random, 0.3) ? scratch(Buffer.from(text), random) : Buffer.from(text);
}

function responseTo({ type, batch }: Request, random: Random): object {
  if (type === "execute") return { type, result: result(random) };
  if (type === "describe") {
    return { type, result: { params: [], cols: [], is_explain: false, is_readonly: true } };
  }
  if (batch === undefined) return { type };
  const error = { message: "no", code: "SQLITE_CONSTRAINT" };
  return {
    type,
    result: {
      step_results: batch.steps.map(() => (chance(random, 0.9) ? result(random) : null)),
      step_errors: batch.steps.map(() => (chance(random, 0.9) ? null : error)),
    },
  };
}

function result(random: Random): object {
  const values = [
    { type: "null" },
    { type: "integer", value: pick(random, ["1", "9007199254740993", "-9223372036854775808"]) },
    { type: "float", value: 1.5 },
    { type: "text", value: pick(random, ["", "\ud800", "x".repeat(below(random, 3_000))]) },
    { type: "blob", base64: "AAEC" },
  ];
  return {
    cols: ["a", "length", "__proto__", "a", null].map((name) => ({ name, decltype: null })),
    rows: Array.from({ length: below(random, 4) }, () => values),
    affected_row_count: 1,
    last_insert_rowid: pick(random, [null, "1", "9223372036854775807"]),
  };
}
