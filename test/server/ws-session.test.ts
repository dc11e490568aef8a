import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { settle } from "../../src/core/manual-clock.js";
import { AuthError, type Authenticator, openToAll } from "../../src/server/auth.js";
import type { HranaVersion } from "../../src/server/protocol.js";
import { type WsPeer, WsSession } from "../../src/server/ws-session.js";
import { EngineFixture } from "./fixture.js";

interface Message {
  readonly type: string;
  readonly request_id?: number;
  readonly response?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: string; readonly message: string };
}

class FakePeer implements WsPeer {
  readonly sent: Message[] = [];
  closed: readonly [code: number, reason: string] | undefined;
  readonly congestion = undefined;

  send(message: string): void {
    this.sent.push(JSON.parse(message) as Message);
  }

  close(code: number, reason: string): void {
    this.closed = [code, reason];
  }
}

let engine: EngineFixture;
let peer: FakePeer;
let session: WsSession;

function start(version: HranaVersion, authenticator: Authenticator = openToAll): void {
  peer = new FakePeer();
  const { context, cache } = engine;
  session = new WsSession({
    peer,
    version,
    authenticator,
    streams: context,
    cache,
    maxResultBytes: 1_000_000,
  });
}

beforeEach(() => {
  engine = new EngineFixture();
  start(3);
});
afterEach(async () => {
  await session.end();
  expect(engine.metrics.streamsOpen).toBe(0);
  engine.dispose();
});

let lastRequestId = 0;
const hello = (jwt: string | null = null): void => session.receive(JSON.stringify({ type: "hello", jwt }));

async function getOn(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await settle();
}

/** Sends requests in one go, and returns the answers in the order of the requests. */
async function ask(...requests: readonly object[]): Promise<(Message | undefined)[]> {
  const ids = requests.map((request) => {
    const id = ++lastRequestId;
    session.receive(JSON.stringify({ type: "request", request_id: id, request }));
    return id;
  });
  await getOn();
  return ids.map((id) => peer.sent.find((message) => message.request_id === id));
}

const open = { type: "open_stream", stream_id: 1 };
const execute = (sql: string) => ({ type: "execute", stream_id: 1, stmt: { sql } });
const batch = (...sqls: string[]) => ({ steps: sqls.map((sql) => ({ stmt: { sql } })) });

describe("greeting", () => {
  test("is answered, and can be repeated from Hrana 2 on", () => {
    hello();
    hello();
    expect(peer.sent).toEqual([{ type: "hello_ok" }, { type: "hello_ok" }]);
    start(1);
    hello();
    hello();
    expect(peer.closed?.[0]).toBe(1008);
  });

  test("comes first", async () => {
    await ask(open);
    expect(peer.closed).toEqual([1008, "Received a request before hello message"]);
  });

  test("that is refused ends the session, whatever was sent with it", async () => {
    start(2, { verify: () => Promise.reject(new AuthError("AUTH_JWT_INVALID", "The JWT is invalid")) });
    hello("bad");
    await ask(open, execute("DELETE FROM items"));
    expect(peer.sent).toEqual([
      {
        type: "hello_error",
        error: { code: "AUTH_JWT_INVALID", message: "Authentication failed: The JWT is invalid" },
      },
    ]);
    expect(peer.closed?.[0]).toBe(1000);
    expect(engine.metrics.streamsOpened).toBe(0);
  });

  test("holds back what is sent while a token is being checked, in order", async () => {
    let grant = (): void => undefined;
    const checked = new Promise<"read-only">((resolve) => (grant = () => resolve("read-only")));
    start(2, { verify: () => checked });
    hello("good");
    const answers = ask(open, execute("SELECT 1"), execute("DELETE FROM items"));
    expect(session.outstanding).toBe(3);
    expect(peer.sent).toEqual([]);
    grant();
    await answers;
    await getOn();
    expect(peer.sent.map((message) => message.type)).toEqual([
      "hello_ok",
      "response_ok",
      "response_ok",
      "response_error",
    ]);
    expect(peer.sent[3]?.error?.code).toBe("BLOCKED");
  });
});

describe("requests", () => {
  beforeEach(() => hello());

  test("of one stream are done in order, without waiting for answers in between", async () => {
    const answers = await ask(
      open,
      execute("CREATE TABLE t (a)"),
      execute("INSERT INTO t VALUES (5)"),
      execute("SELECT a FROM t"),
      { type: "close_stream", stream_id: 1 },
    );
    expect(answers.map((answer) => answer?.response?.type)).toEqual([
      "open_stream",
      "execute",
      "execute",
      "execute",
      "close_stream",
    ]);
    expect(answers[3]?.response?.result).toMatchObject({ rows: [[{ type: "integer", value: "5" }]] });
    expect(session.outstanding).toBe(0);
  });

  test("that fail are answered, and the session goes on", async () => {
    const [, bad, good] = await ask(open, execute("SELECT nope"), execute("SELECT 1"));
    expect(bad).toMatchObject({ type: "response_error", error: { code: "SQL_INPUT_ERROR" } });
    expect(good?.type).toBe("response_ok");
  });

  test.each<[string, readonly object[], string]>([
    ["an unknown stream", [execute("SELECT 1")], "Stream 1 not found"],
    ["a stream that exists", [open, open], "Stream 1 already exists"],
    ["closing an unknown stream", [{ type: "close_stream", stream_id: 9 }], "Stream 9 not found"],
    [
      "a text that is not stored",
      [open, { type: "sequence", stream_id: 1, sql_id: 3 }],
      "SQL text 3 not found",
    ],
    [
      "a text that is stored already",
      [
        { type: "store_sql", sql_id: 3, sql: "SELECT 1" },
        { type: "store_sql", sql_id: 3, sql: "SELECT 2" },
      ],
      "SQL text 3 already exists",
    ],
    ["no SQL", [open, { type: "execute", stream_id: 1, stmt: {} }], "Either `sql` or `sql_id` are required"],
    ["an unknown cursor", [{ type: "fetch_cursor", cursor_id: 2, max_count: 1 }], "Cursor 2 not found"],
  ])("about %s break the protocol", async (_, requests, reason) => {
    await ask(...requests);
    expect(peer.closed).toEqual([1008, reason]);
  });

  test("that are not JSON, and binary ones, end the session with their own codes", () => {
    session.receive("{");
    expect(peer.closed?.[0]).toBe(1007);
    start(3);
    session.receiveBinary();
    expect(peer.closed?.[0]).toBe(1003);
  });

  test.each<[HranaVersion, object]>([
    [1, { type: "sequence", stream_id: 1, sql: "SELECT 1" }],
    [1, { type: "describe", stream_id: 1, sql: "SELECT 1" }],
    [1, { type: "store_sql", sql_id: 1, sql: "SELECT 1" }],
    [1, { type: "execute", stream_id: 1, stmt: { sql_id: 1 } }],
    [2, { type: "get_autocommit", stream_id: 1 }],
    [2, { type: "open_cursor", stream_id: 1, cursor_id: 1, batch: batch("SELECT 1") }],
  ])("of a later version than %i are refused: %j", async (version, request) => {
    start(version);
    hello();
    await ask(open, request);
    expect(peer.closed?.[0]).toBe(1008);
    expect(peer.closed?.[1]).toMatch(/only supported in protocol version/);
  });

  test("use stored texts", async () => {
    const answers = await ask(
      open,
      { type: "store_sql", sql_id: 7, sql: "SELECT ?" },
      { type: "execute", stream_id: 1, stmt: { sql_id: 7, args: [{ type: "text", value: "x" }] } },
      { type: "close_sql", sql_id: 7 },
      { type: "store_sql", sql_id: 7, sql: "SELECT 2" },
    );
    expect(answers.every((answer) => answer?.type === "response_ok")).toBe(true);
    expect(answers[2]?.response?.result).toMatchObject({ rows: [[{ value: "x" }]] });
  });

  test("on a stream that could not be opened say so, and the id is free after closing", async () => {
    engine.dispose();
    engine = new EngineFixture({ maxInUse: 1 });
    start(2);
    hello();
    await ask(open);
    const refused = ask({ ...open, stream_id: 2 }, { ...execute("SELECT 1"), stream_id: 2 });
    await getOn();
    await engine.clock.advance(1_000);
    await refused;
    expect(peer.sent.slice(-2).map((message) => message.error?.code)).toEqual([
      "TOO_MANY_STREAMS",
      "STREAM_NOT_OPEN",
    ]);
    await ask({ type: "close_stream", stream_id: 2 }, { type: "close_stream", stream_id: 1 });
    const [again] = await ask({ ...open, stream_id: 2 });
    expect(again?.type).toBe("response_ok");
  });
});

describe("cursors", () => {
  beforeEach(() => hello());
  const openCursor = (...sqls: string[]) => ({
    type: "open_cursor",
    stream_id: 1,
    cursor_id: 4,
    batch: batch(...sqls),
  });
  const fetch = (max: number) => ({ type: "fetch_cursor", cursor_id: 4, max_count: max });

  test("are read piece by piece", async () => {
    const answers = await ask(
      open,
      openCursor("SELECT 1", "SELECT 2"),
      fetch(2),
      fetch(0),
      fetch(100),
      fetch(1),
    );
    expect(answers[2]?.response).toMatchObject({
      entries: [{ type: "step_begin" }, { type: "row" }],
      done: false,
    });
    expect(answers[3]?.response).toMatchObject({ entries: [], done: false });
    expect(answers[4]?.response).toMatchObject({
      entries: [{ type: "step_end" }, { type: "step_begin" }, { type: "row" }, { type: "step_end" }],
      done: true,
    });
    expect(answers[5]?.response).toMatchObject({ entries: [], done: true });
  });

  test("are one per stream at a time", async () => {
    const [, , closed, second] = await ask(
      open,
      openCursor("SELECT 1"),
      { type: "close_cursor", cursor_id: 4 },
      openCursor("SELECT 2"),
    );
    expect([closed?.type, second?.type]).toEqual(["response_ok", "response_ok"]);
    await ask(openCursor("SELECT 3"));
    expect(peer.closed).toEqual([1008, "Stream 1 already has an open cursor"]);
  });

  test("do not disturb, and are not disturbed by, the same statement run meanwhile", async () => {
    const sql = "SELECT id FROM items ORDER BY id LIMIT 300";
    await ask(open, openCursor(sql), fetch(3));
    const [executed, rest] = await ask(execute(sql), fetch(1_000));
    expect(executed?.response?.result).toHaveProperty("rows.length", 300);
    expect(rest?.response).toHaveProperty("entries.length", 299);
  });

  test("end with their stream, and with the session", async () => {
    await ask(open, openCursor("SELECT * FROM items"), fetch(5));
    const [closed] = await ask({ type: "close_stream", stream_id: 1 });
    expect(closed?.response?.type).toBe("close_stream");
    await ask(open, openCursor("SELECT * FROM items"), fetch(5));
    await session.end();
    expect(engine.metrics.streamsOpen).toBe(0);
    expect(engine.metrics.handlesOpened).toBe(1);
  });
});
