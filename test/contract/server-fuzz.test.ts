import { execFileSync } from "node:child_process";
import { connect } from "node:net";
import type { Random } from "#dist/core/random.js";
import type { EmbeddedServer, EmbeddedServerOptions } from "#dist/server/embedded-server.js";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { below, bytes, chance, fuzz, mutate, pick, ROUNDS, scratch, spoil } from "../support/fuzz.js";
import { CURSOR_BODY, REQUESTS } from "../support/hrana-requests.js";
import { frame, upgradeRequest } from "../support/ws-frames.js";
import { isAlive, post, startServer, until } from "./server-support.js";

/** A server that is as it was when all is over: it answers, has not ended, and keeps nothing of what came. */
async function withServer(
  options: EmbeddedServerOptions,
  attack: (server: EmbeddedServer) => Promise<void>,
): Promise<void> {
  const server = await startServer(options);
  expect(await select1(server)).toBe("1");
  const before = residentMegabytes(server.pid);
  await attack(server);
  await until(async () => {
    const { streamsOpen, webSocketsOpen } = await server.metrics();
    return streamsOpen === 0 && webSocketsOpen === 0;
  });
  expect(await select1(server)).toBe("1");
  expect(isAlive(server.pid)).toBe(true);
  expect(residentMegabytes(server.pid) - before).toBeLessThan(300);
  // Those of `post` are kept alive by its agent.
  await until(async () => (await server.metrics()).socketsOpen <= 8);
}

async function select1(server: EmbeddedServer): Promise<string | undefined> {
  const requests = [{ type: "execute", stmt: { sql: "SELECT 1" } }, { type: "close" }];
  const answer = await post(server, "/v2/pipeline", { baton: null, requests });
  return /"value":"(\d+)"/.exec(answer.text)?.[1];
}

function residentMegabytes(pid: number): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1_024;
}

/** A socket whose end, of whatever kind, is all right; it must come. */
function raw(server: EmbeddedServer, ...data: readonly (Buffer | string)[]): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(server.port, server.host, () => {
      for (const part of data) socket.write(part);
      socket.end();
    });
    socket.on("data", () => undefined).on("error", () => undefined);
    socket.on("close", () => resolve());
  });
}

const mask = (random: Random): Buffer => bytes(random, 4);

/** Frames of a client that are as they should be, whatever is in them, whole and in pieces. */
function frames(random: Random, payload: Buffer): Buffer[] {
  const opcode = chance(random, 0.7) ? 1 : pick(random, [0, 2, 8, 9, 10]);
  if (chance(random, 0.7)) return [frame(opcode, payload, { mask: mask(random) })];
  const cut = below(random, payload.length + 1);
  return [
    frame(opcode, payload.subarray(0, cut), { mask: mask(random), fin: false }),
    frame(0, payload.subarray(cut), { mask: mask(random) }),
  ];
}

/** So many bytes a round, four ways: of the usual 300 rounds, 1.2 million. */
const BYTES = 1_000;

describe("whatever it is sent, the server lives on", () => {
  test("a million random bytes: over TCP, with and without the start of a request, and as frames", async () => {
    await withServer({ streamExpiryMs: 20 }, async (server) => {
      const heads = [
        "",
        `POST /v2/pipeline HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${BYTES}\r\n\r\n`,
        "GET / ",
      ];
      await fuzz(ROUNDS, async (random) => {
        const greeting = frame(1, '{"type":"hello"}', { mask: mask(random) });
        const upgrade = upgradeRequest(pick(random, ["hrana1", "hrana2", "hrana3"]));
        await Promise.all([
          raw(server, pick(random, heads), bytes(random, BYTES)),
          raw(server, "GET /version HTTP/1.1\r\n", bytes(random, BYTES), "\r\n\r\n"),
          raw(server, upgrade, chance(random, 0.5) ? greeting : "", ...frames(random, bytes(random, BYTES))),
          raw(server, upgrade, chance(random, 0.5) ? greeting : "", bytes(random, BYTES)),
        ]);
      });
      expect((await server.metrics()).webSocketsAccepted).toBe(2 * ROUNDS);
    });
  });

  test("messages of which a few bytes are others, over either transport", async () => {
    // Streams that nobody closes must not hold the write lock for long.
    await withServer({ streamExpiryMs: 20 }, async (server) => {
      await fuzz(ROUNDS, async (random) => {
        const messages = ['{"type":"hello","jwt":null}'].concat(
          REQUESTS.map((request, id) => JSON.stringify({ type: "request", request_id: id, request })),
        );
        const upgraded = messages.map((text) => {
          const data = chance(random, 0.9) ? Buffer.from(text) : scratch(Buffer.from(text), random);
          const whole = frame(1, data, { mask: mask(random) });
          return chance(random, 0.97) ? whole : scratch(whole, random);
        });
        const body = JSON.stringify({
          baton: null,
          requests: [pick(random, REQUESTS), pick(random, REQUESTS)],
        });
        const head = `POST /v${pick(random, [2, 3])}/pipeline HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`;
        await Promise.all([
          raw(server, upgradeRequest(pick(random, ["hrana2", "hrana3"])), ...upgraded),
          raw(server, scratch(Buffer.from(head + body), random)),
          raw(server, head, scratch(Buffer.from(body), random)),
        ]);
      });
    });
  });

  test("spoilt pipelines and cursors are answered, never with an internal error", async () => {
    const statuses = new Map<number, number>();
    let baton: unknown = null;
    await withServer({ streamExpiryMs: 20 }, async (server) => {
      await fuzz(ROUNDS, async (random) => {
        const requests = [pick(random, REQUESTS), pick(random, REQUESTS), { type: "close" }];
        const isCursor = chance(random, 0.2);
        const body = isCursor ? CURSOR_BODY : { baton, requests };
        const text = spoil(JSON.stringify(mutate(body, random)), random);
        const answer = await post(server, isCursor ? "/v3/cursor" : "/v3/pipeline", text);
        expect([200, 400]).toContain(answer.status);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        baton = chance(random, 0.5) ? null : pick(random, ["x.y", "1.", answer.text.slice(10, 40)]);
      });
    });
    if (ROUNDS > 1) expect(statuses.get(200)).toBeGreaterThan(ROUNDS / 10);
  });

  test("spoilt messages over WebSocket are answered, or close it with a code of the protocol", async () => {
    const codes = new Set<number>();
    let answers = 0;
    await withServer({}, async (server) => {
      await fuzz(ROUNDS / 4, async (random) => {
        const ws = new WebSocket(server.url("ws"), "hrana3");
        const closed = new Promise<number>((resolve) => ws.on("close", resolve));
        ws.on("message", () => answers++).on("error", () => undefined);
        await new Promise((resolve) => ws.on("open", resolve));
        ws.send('{"type":"hello","jwt":null}');
        for (const [id, request] of REQUESTS.entries()) {
          const message = { type: "request", request_id: id, request };
          ws.send(spoil(JSON.stringify(chance(random, 0.8) ? message : mutate(message, random)), random));
        }
        if (chance(random, 0.1)) ws.send(bytes(random, 200));
        ws.send('{"type":"request","request_id":99,"request":{"type":"close_sql","sql_id":9}}', () =>
          ws.close(1000),
        );
        const code = await closed;
        expect([1000, 1003, 1007, 1008]).toContain(code);
        codes.add(code);
      });
    });
    if (ROUNDS < 100) return;
    expect(codes.size).toBeGreaterThan(2);
    expect(answers).toBeGreaterThan(ROUNDS / 2);
  });
});
