import { connect } from "node:net";
import { seededRandom, type Random } from "#dist/core/random.js";
import type { EmbeddedServer } from "#dist/server/embedded-server.js";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { onTestEnd, pipeline, post, startServer } from "./server-support.js";

/** A longer or another run: `FUZZ_ROUNDS=10000 FUZZ_SEED=7 npx vitest run test/contract/server-fuzz`. */
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 300);
const SEED = Number(process.env.FUZZ_SEED ?? 20_240_917);

/** Messages that are fine, to be spoilt. */
const REQUESTS: readonly object[] = [
  { type: "open_stream", stream_id: 1 },
  { type: "execute", stream_id: 1, stmt: { sql: "SELECT ?, :a", args: [{ type: "integer", value: "7" }] } },
  { type: "execute", stream_id: 1, stmt: { sql: "SELECT * FROM items LIMIT 3", want_rows: true } },
  {
    type: "execute",
    stream_id: 1,
    stmt: { sql: "SELECT :b", named_args: [{ name: "b", value: { type: "blob", base64: "AAEC" } }] },
  },
  {
    type: "batch",
    stream_id: 1,
    batch: {
      steps: [
        { stmt: { sql: "BEGIN" } },
        {
          stmt: { sql: "INSERT INTO items VALUES (NULL, 'a', 'b', 1.5, 2, 'c')" },
          condition: { type: "ok", step: 0 },
        },
        { stmt: { sql: "ROLLBACK" }, condition: { type: "not", cond: { type: "is_autocommit" } } },
      ],
    },
  },
  { type: "sequence", stream_id: 1, sql: "CREATE TABLE IF NOT EXISTS t (a); DELETE FROM t; DROP TABLE t" },
  { type: "describe", stream_id: 1, sql: "SELECT id FROM items WHERE id = ?1" },
  { type: "store_sql", sql_id: 1, sql: "SELECT 1" },
  { type: "get_autocommit", stream_id: 1 },
  {
    type: "open_cursor",
    stream_id: 1,
    cursor_id: 1,
    batch: { steps: [{ stmt: { sql: "SELECT id FROM items" } }] },
  },
  { type: "fetch_cursor", cursor_id: 1, max_count: 10 },
  { type: "close_cursor", cursor_id: 1 },
  { type: "close_stream", stream_id: 1 },
];

const ODD: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e300,
  2 ** 31,
  "",
  "\0",
  "\ud800",
  "9".repeat(400),
  [],
  {},
  [[[[]]]],
  { type: "integer", value: "9223372036854775808" },
  { type: "text", value: "a\0b" },
];

const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

/** The same value with something in it replaced, left out, or put in twice. */
function mutate(value: unknown, random: Random): unknown {
  if (random() < 0.02) return pick(random, ODD);
  if (typeof value === "string" && random() < 0.04) {
    const at = Math.floor(random() * (value.length + 1));
    return value.slice(0, at) + String.fromCharCode(Math.floor(random() * 300)) + value.slice(at + 1);
  }
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.flatMap((item) => (random() < 0.02 ? [item, item] : [mutate(item, random)]));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (random() < 0.01 ? [] : [[key, mutate(item, random)]])),
  );
}

function bytes(random: Random): Buffer {
  return Buffer.from(Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256)));
}

/** Text that was cut or scratched somewhere. */
function spoil(text: string, random: Random): string {
  if (random() < 0.95) return text;
  const at = Math.floor(random() * text.length);
  return random() < 0.5
    ? text.slice(0, at)
    : text.slice(0, at) + pick(random, ["{", '"', "]", "\n", "\\u"]) + text.slice(at + 1);
}

async function expectHealthy(server: EmbeddedServer): Promise<void> {
  const answer = await post(server, "/v2/pipeline", pipeline(["SELECT count(*) FROM sqlite_schema"]));
  expect(answer.status).toBe(200);
  const exited = await Promise.race([server.exited, Promise.resolve("running")]);
  expect(exited).toBe("running");
}

/** A socket whose end, of whatever kind, is all right. */
function raw(server: EmbeddedServer, data: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(server.port, server.host, () => socket.end(data));
    socket.on("data", () => undefined).on("error", () => undefined);
    socket.on("close", () => resolve());
  });
}

describe("whatever it is sent, the server lives on", () => {
  test("random bytes, with and without the start of a request", async () => {
    const server = await startServer();
    const random = seededRandom(SEED);
    const heads = [
      "",
      "POST /v2/pipeline HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n",
      "GET / HTTP/1.1\r\n",
    ];
    for (let round = 0; round < ROUNDS; round++)
      await raw(server, Buffer.concat([Buffer.from(pick(random, heads)), bytes(random)]));
    await expectHealthy(server);
  });

  test("spoilt pipelines and cursors are answered, never with an internal error", async () => {
    // Streams that nobody closes must not hold the write lock for long.
    const server = await startServer({ streamExpiryMs: 20 });
    const random = seededRandom(SEED);
    const statuses = new Map<number, number>();
    let baton: unknown = null;
    for (let round = 0; round < ROUNDS; round++) {
      const requests = [pick(random, REQUESTS), pick(random, REQUESTS), { type: "close" }];
      const isCursor = random() < 0.2;
      const body = isCursor ? { batch: (REQUESTS[4] as { batch: object }).batch } : { baton, requests };
      const text = spoil(JSON.stringify(mutate(body, random)), random);
      const answer = await post(server, isCursor ? "/v3/cursor" : "/v3/pipeline", text);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      baton = random() < 0.5 ? null : pick(random, ["x.y", "1.", answer.text.slice(10, 40)]);
    }
    expect([...statuses.keys()].sort()).toEqual([200, 400]);
    expect(statuses.get(200)).toBeGreaterThan(ROUNDS / 10);
    await expectHealthy(server);
  });

  test("spoilt messages over WebSocket are answered, or close it with a code of the protocol", async () => {
    const server = await startServer();
    const random = seededRandom(SEED);
    const codes = new Set<number>();
    let answers = 0;
    for (let round = 0; round < ROUNDS / 4; round++) {
      const ws = new WebSocket(server.url("ws"), "hrana3");
      onTestEnd(() => ws.terminate());
      const closed = new Promise<number>((resolve) => ws.on("close", resolve));
      ws.on("message", () => answers++).on("error", () => undefined);
      await new Promise((resolve) => ws.on("open", resolve));
      ws.send('{"type":"hello","jwt":null}');
      for (const [id, request] of REQUESTS.entries()) {
        const message = { type: "request", request_id: id, request };
        ws.send(spoil(JSON.stringify(random() < 0.8 ? message : mutate(message, random)), random));
      }
      if (random() < 0.1) ws.send(bytes(random));
      ws.send('{"type":"request","request_id":99,"request":{"type":"close_sql","sql_id":9}}', () =>
        ws.close(1000),
      );
      codes.add(await closed);
    }
    expect([...codes].filter((code) => ![1000, 1003, 1007, 1008].includes(code))).toEqual([]);
    expect(codes.size).toBeGreaterThan(2);
    expect(answers).toBeGreaterThan(ROUNDS / 2);
    await expectHealthy(server);
    expect((await server.metrics()).webSocketsOpen).toBe(0);
  });

  test("frames that break WebSocket's own rules", async () => {
    const server = await startServer();
    const random = seededRandom(SEED);
    const head =
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
      "Sec-WebSocket-Protocol: hrana2\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    for (let round = 0; round < ROUNDS / 4; round++)
      await raw(server, Buffer.concat([Buffer.from(head), bytes(random)]));
    await expectHealthy(server);
    expect(await server.metrics()).toMatchObject({ webSocketsAccepted: ROUNDS / 4, webSocketsOpen: 0 });
  });
});
