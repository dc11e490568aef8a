import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AuthError } from "../../src/server/auth.js";
import type { HranaVersion } from "../../src/server/protocol.js";
import { EngineFixture, getOn } from "./fixture.js";
import { batch, execute, open, SessionFixture } from "./session-fixture.js";

let engine: EngineFixture;
let client: SessionFixture;
beforeEach(() => {
  engine = new EngineFixture();
  client = new SessionFixture(engine, 3);
});
afterEach(async () => {
  await client.session.end();
  expect(engine.metrics.streamsOpen).toBe(0);
  engine.dispose();
});

describe("greeting", () => {
  test("is answered, and can be repeated from Hrana 2 on", () => {
    client.hello();
    client.hello();
    expect(client.sent).toEqual([{ type: "hello_ok" }, { type: "hello_ok" }]);
    client = new SessionFixture(engine, 1);
    client.hello();
    client.hello();
    expect(client.closed?.[0]).toBe(1008);
  });

  test("comes first", async () => {
    await client.ask(open);
    expect(client.closed).toEqual([1008, "Received a request before hello message"]);
  });

  test("that is refused ends the session, whatever was sent with it", async () => {
    client = new SessionFixture(engine, 2, {
      verify: () => Promise.reject(new AuthError("AUTH_JWT_INVALID", "The JWT is invalid")),
    });
    client.hello("bad");
    await client.ask(open, execute("DELETE FROM items"));
    expect(client.sent).toEqual([
      {
        type: "hello_error",
        error: { code: "AUTH_JWT_INVALID", message: "Authentication failed: The JWT is invalid" },
      },
    ]);
    expect(client.closed?.[0]).toBe(1000);
    expect(engine.metrics.streamsOpened).toBe(0);
  });

  test("holds back what is sent while a token is being checked, in order", async () => {
    let grant = (): void => undefined;
    const checked = new Promise<"read-only">((resolve) => (grant = () => resolve("read-only")));
    client = new SessionFixture(engine, 2, { verify: () => checked });
    client.hello("good");
    const answers = client.ask(open, execute("SELECT 1"), execute("DELETE FROM items"));
    expect(client.session.outstanding).toBe(3);
    expect(client.sent).toEqual([]);
    grant();
    await answers;
    await getOn();
    expect(client.sent.map((message) => message.type)).toEqual([
      "hello_ok",
      "response_ok",
      "response_ok",
      "response_error",
    ]);
    expect(client.sent[3]?.error?.code).toBe("BLOCKED");
  });
});

describe("requests", () => {
  beforeEach(() => client.hello());

  test("of one stream are done in order, without waiting for answers in between", async () => {
    const answers = await client.ask(
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
    expect(client.session.outstanding).toBe(0);
  });

  test("that fail are answered, and the session goes on", async () => {
    const [, bad, good] = await client.ask(open, execute("SELECT nope"), execute("SELECT 1"));
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
    await client.ask(...requests);
    expect(client.closed).toEqual([1008, reason]);
  });

  test("that are not JSON, and binary ones, end the session with their own codes", () => {
    client.session.receive("{");
    expect(client.closed?.[0]).toBe(1007);
    client = new SessionFixture(engine, 3);
    client.session.receiveBinary();
    expect(client.closed?.[0]).toBe(1003);
  });

  test.each<[HranaVersion, object]>([
    [1, { type: "sequence", stream_id: 1, sql: "SELECT 1" }],
    [1, { type: "describe", stream_id: 1, sql: "SELECT 1" }],
    [1, { type: "store_sql", sql_id: 1, sql: "SELECT 1" }],
    [1, { type: "execute", stream_id: 1, stmt: { sql_id: 1 } }],
    [2, { type: "get_autocommit", stream_id: 1 }],
    [2, { type: "open_cursor", stream_id: 1, cursor_id: 1, batch: batch("SELECT 1") }],
  ])("of a later version than %i are refused: %j", async (version, request) => {
    client = new SessionFixture(engine, version);
    client.hello();
    await client.ask(open, request);
    expect(client.closed?.[0]).toBe(1008);
    expect(client.closed?.[1]).toMatch(/only supported in protocol version/);
  });

  test("use stored texts", async () => {
    const answers = await client.ask(
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
    client = new SessionFixture(engine, 2);
    client.hello();
    await client.ask(open);
    const refused = client.ask({ ...open, stream_id: 2 }, { ...execute("SELECT 1"), stream_id: 2 });
    await getOn();
    await engine.clock.advance(1_000);
    await refused;
    expect(client.sent.slice(-2).map((message) => message.error?.code)).toEqual([
      "TOO_MANY_STREAMS",
      "STREAM_NOT_OPEN",
    ]);
    await client.ask({ type: "close_stream", stream_id: 2 }, { type: "close_stream", stream_id: 1 });
    const [again] = await client.ask({ ...open, stream_id: 2 });
    expect(again?.type).toBe("response_ok");
  });
});
