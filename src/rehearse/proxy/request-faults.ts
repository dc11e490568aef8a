import { createHash } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Fault } from "./fault.js";
import type { ClientRequest } from "./request.js";
import type { ReadRequest } from "./request-reader.js";
import type { StrikeCounter } from "./strikes.js";
import type { TreatedLine, Treatment } from "./treatment.js";
import { closeFrame, textFrame } from "./websocket-frames.js";

/** Requests that a fault is for, and whether it strikes this one. */
type Picks = (piece: ReadRequest) => boolean;

function picking(matching: string | undefined, strikes: StrikeCounter): Picks {
  return ({ request, isBegun }) => {
    if (isBegun || request.kind === "other") return false;
    if (matching !== undefined && (request.kind === "opaque" || !request.text().includes(matching)))
      return false;
    return strikes.strikes();
  };
}

/** The server gets the request, and the client the beginning of the answer, then the end of the connection. */
export function cutAnswer(
  { bytes: granted = 0, how = "reset", matching }: Extract<Fault, { kind: "cut-answer" }>,
  strikes: StrikeCounter,
): Treatment {
  const picks = picking(matching, strikes);
  const struck = new WeakMap<TreatedLine, { readonly comesWith: AnswerFinder; left: number }>();
  return {
    request: (piece, line) => {
      const { request } = piece;
      const isSpared = request.kind === "opaque" && !line.hasAnswered;
      if (!isSpared && !struck.has(line) && picks(piece)) {
        struck.set(line, { comesWith: answerTo(request), left: granted });
      }
      return false;
    },
    answer: (bytes, line) => {
      const cut = struck.get(line);
      if (!cut?.comesWith(bytes)) return line.toClient(bytes);
      if (bytes.length >= cut.left) return line.cutClient(how, bytes.subarray(0, cut.left));
      cut.left -= bytes.length;
      line.toClient(bytes);
    },
  };
}

/** Whether the answer has begun with these bytes, or did before. */
type AnswerFinder = (bytes: Buffer) => boolean;

/** On a WebSocket answers to requests before it may come first, which says nothing of whether it was executed. */
function answerTo({ kind, text }: ClientRequest): AnswerFinder {
  const id = kind === "message" ? /"request_id":\s*(\d+)/.exec(text())?.[1] : undefined;
  if (id === undefined) return () => true;
  const pattern = new RegExp(`"request_id":\\s*${id}(?!\\d)`);
  let isHere = false;
  let before = "";
  return (bytes) => {
    const seen = before + bytes.toString("latin1");
    isHere ||= pattern.test(seen);
    before = seen.slice(-LONGEST_ID);
    return isHere;
  };
}

/** `"request_id": 2147483647` */
const LONGEST_ID = 24;

/** The request ends with its connection. */
export function cutRequest(matching: string | undefined, strikes: StrikeCounter): Treatment {
  const picks = picking(matching, strikes);
  return {
    request: (piece, line) => {
      if (!picks(piece)) return false;
      // Not both sides: requests before it may be on their way.
      line.cutClient("reset");
      return true;
    },
  };
}

/** The proxy answers in the server's stead. */
export function cannedAnswer(
  { status, headers = {}, body = "", matching }: Extract<Fault, { kind: "answer" }>,
  strikes: StrikeCounter,
): Treatment {
  const picks = picking(matching, strikes);
  const head = Object.entries({
    "content-type": "application/json",
    ...headers,
    "content-length": Buffer.byteLength(body),
  }).map(([name, value]) => `${name}: ${value}`);
  const answer = Buffer.from(
    [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, ...head, "", body].join("\r\n"),
  );
  return {
    request: (piece, line) => {
      const { kind } = piece.request;
      if ((kind !== "http" && kind !== "upgrade") || !picks(piece)) return false;
      if (kind === "http") line.toClient(answer);
      else line.cutClient("end", answer);
      return true;
    },
  };
}

/** The proxy takes WebSockets, and refuses what is said first on them, as sqld does with a bad token. */
export function refuseHello(
  { message = "refused", code = "AUTH_REFUSED" }: Extract<Fault, { kind: "refuse-hello" }>,
  strikes: StrikeCounter,
): Treatment {
  const taken = new WeakSet<TreatedLine>();
  const refusal = JSON.stringify({ type: "hello_error", error: { message, code } });
  return {
    request: (piece, line) => {
      const { request, isBegun } = piece;
      if (request.kind === "upgrade" && !isBegun && strikes.strikes()) {
        taken.add(line);
        line.toClient(upgradeTaken(request));
        return true;
      }
      if (!taken.has(line)) return false;
      if (request.kind === "message")
        line.cutClient("end", Buffer.concat([textFrame(refusal), closeFrame(POLICY)]));
      return true;
    },
  };
}

/** RFC 6455, section 7.4.1: the endpoint received a message that violates its policy. */
const POLICY = 1008;
/** RFC 6455, section 1.3. */
const KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

function upgradeTaken(request: ClientRequest): Buffer {
  const key = request.header("sec-websocket-key") ?? "";
  const protocol = request.header("sec-websocket-protocol")?.split(",")[0]?.trim();
  return Buffer.from(
    [
      "HTTP/1.1 101 Switching Protocols",
      "upgrade: websocket",
      "connection: Upgrade",
      `sec-websocket-accept: ${createHash("sha1")
        .update(key + KEY_SUFFIX)
        .digest("base64")}`,
      ...(protocol === undefined ? [] : [`sec-websocket-protocol: ${protocol}`]),
      "",
      "",
    ].join("\r\n"),
  );
}
