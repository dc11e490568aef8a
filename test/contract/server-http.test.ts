import { describe, expect, test } from "vitest";
import { pipeline, post, sharedServer, startServer, until } from "./server-support.js";

const rowsOf = (text: string, index = 0): unknown =>
  (JSON.parse(text) as { results: { response: { result: { rows: { value: unknown }[][] } } }[] }).results[
    index
  ]?.response.result.rows;

describe("pipelines", () => {
  test.each(["/v2/pipeline", "/v3/pipeline"])("%s answers each request in order", async (path) => {
    const server = await startServer();
    const body = {
      requests: [
        { type: "store_sql", sql_id: 1, sql: "SELECT :x" },
        {
          type: "execute",
          stmt: { sql_id: 1, named_args: [{ name: "x", value: { type: "blob", base64: "AP8=" } }] },
        },
        { type: "execute", stmt: { sql: "SELECT nope" } },
        { type: "sequence", sql: "CREATE TABLE t (a); INSERT INTO t VALUES (1)" },
        { type: "describe", sql: "SELECT a FROM t" },
        { type: "batch", batch: { steps: [{ stmt: { sql: "SELECT a FROM t" } }] } },
        { type: "close_sql", sql_id: 1 },
        { type: "close" },
      ],
    };
    const answer = await post(server, path, body);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.json()).toMatchObject({
      baton: null,
      base_url: null,
      results: [
        { type: "ok", response: { type: "store_sql" } },
        {
          type: "ok",
          response: {
            type: "execute",
            result: {
              cols: [{ name: ":x", decltype: null }],
              rows: [[{ type: "blob", base64: "AP8" }]],
              affected_row_count: 0,
              last_insert_rowid: null,
              replication_index: null,
              rows_read: 1,
              rows_written: 0,
            },
          },
        },
        { type: "error", error: { code: "SQL_INPUT_ERROR" } },
        { type: "ok", response: { type: "sequence" } },
        { type: "ok", response: { type: "describe", result: { is_readonly: true } } },
        { type: "ok", response: { type: "batch", result: { step_errors: [null] } } },
        { type: "ok", response: { type: "close_sql" } },
        { type: "ok", response: { type: "close" } },
      ],
    });
    expect(await server.metrics()).toMatchObject({ streamsOpened: 1, streamsOpen: 0, httpRequests: 1 });
  });

  test("keep a transaction from one request to the next by their baton, once", async () => {
    const server = await startServer();
    const first = await post(server, "/v2/pipeline", pipeline(["BEGIN", "DELETE FROM items WHERE id < 11"]));
    const { baton } = first.json();
    const second = await post(server, "/v2/pipeline", pipeline(["SELECT count(*) FROM items"], baton));
    expect(rowsOf(second.text)).toEqual([[{ type: "integer", value: "9990" }]]);
    const again = await post(server, "/v2/pipeline", pipeline(["SELECT 1"], baton));
    expect([again.status, again.json().code]).toEqual([400, "STREAM_EXPIRED"]);
    expect(again.headers.get("content-type")).toBe("application/json");
    const third = { baton: second.json().baton, requests: [{ type: "close" }] };
    expect((await post(server, "/v2/pipeline", third)).json().baton).toBeNull();
    const other = await post(server, "/v2/pipeline", pipeline(["SELECT count(*) FROM items"]));
    expect(rowsOf(other.text)).toEqual([[{ type: "integer", value: "10000" }]]);
  });

  test("refuse a stream that another request is using", async () => {
    const server = await startServer();
    const writer = await post(server, "/v2/pipeline", pipeline(["BEGIN IMMEDIATE"]));
    const { baton } = (await post(server, "/v2/pipeline", pipeline(["SELECT 1"]))).json();
    const waiting = post(server, "/v2/pipeline", pipeline(["BEGIN IMMEDIATE"], baton));
    await until(async () => (await server.metrics()).statements === 3);
    expect((await post(server, "/v2/pipeline", pipeline(["SELECT 1"], baton))).status).toBe(400);
    await post(server, "/v2/pipeline", pipeline(["COMMIT"], writer.json().baton));
    expect((await waiting).status).toBe(200);
  });

  test("expire when nobody goes on with them", async () => {
    const server = await startServer({ streamExpiryMs: 50 });
    const { baton } = (await post(server, "/v2/pipeline", pipeline(["BEGIN"]))).json();
    await until(async () => (await server.metrics()).streamsExpired === 1);
    const late = await post(server, "/v2/pipeline", pipeline(["SELECT 1"], baton));
    expect([late.status, late.json().code]).toEqual([400, "STREAM_EXPIRED"]);
  });

  test("that break the protocol are told so in text, and lose their stream", async () => {
    const server = await startServer();
    const broken = await post(server, "/v2/pipeline", "{not json");
    expect(broken.status).toBe(400);
    expect(broken.headers.get("content-type")).toBe("text/plain");
    expect(broken.text).toMatch(/^Cannot deserialize client message from JSON: /);
    const early = { requests: [{ type: "get_autocommit" }] };
    expect(await post(server, "/v2/pipeline", early)).toMatchObject({
      status: 400,
      text: "The `get_autocommit` request is only supported in protocol version hrana3 and higher",
    });
    const closed = { requests: [{ type: "close" }, { type: "execute", stmt: { sql: "SELECT 1" } }] };
    expect((await post(server, "/v3/pipeline", closed)).status).toBe(400);
    expect((await server.metrics()).streamsOpen).toBe(0);
  });
});

describe("Hrana 1", () => {
  const shared = sharedServer();

  test("executes a statement or a batch, with no stream left", async () => {
    const server = shared();
    expect(await post(server, "/v1/execute", { stmt: { sql: "SELECT 1 AS one" } })).toMatchObject({
      status: 200,
    });
    const batch = await post(server, "/v1/batch", {
      batch: { steps: [{ stmt: { sql: "SELECT 2 AS two" } }] },
    });
    expect(batch.json()).toMatchObject({ result: { step_results: [{ cols: [{ name: "two" }] }] } });
    expect((await server.metrics()).streamsOpen).toBe(0);
  });

  test.each([
    ["SELECT nope", 400, "SQL_INPUT_ERROR"],
    ["SELECT * FROM nope", 500, "SQLITE_UNKNOWN"],
    ["", 400, "SQL_NO_STATEMENT"],
  ])("answers %j with the status %i", async (sql, status, code) => {
    const server = shared();
    const answer = await post(server, "/v1/execute", { stmt: { sql } });
    expect([answer.status, answer.json().code]).toEqual([status, code]);
  });
});

describe("cursors", () => {
  const cursor = (...sqls: string[]): object => ({
    batch: { steps: sqls.map((sql) => ({ stmt: { sql } })) },
  });

  test("stream a batch line by line, after their baton", async () => {
    const server = await startServer();
    const answer = await post(server, "/v3/cursor", cursor("SELECT id FROM items", "SELECT nope"));
    const lines = answer.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(1 + 1 + 10_000 + 1 + 1);
    expect(lines[0]).toHaveProperty("baton");
    expect(lines[1]).toMatchObject({ type: "step_begin", step: 0, cols: [{ name: "id" }] });
    expect(lines[2]).toEqual({ type: "row", row: [{ type: "integer", value: "1" }] });
    expect(lines.slice(-2)).toMatchObject([
      { type: "step_end", affected_row_count: 0 },
      { type: "step_error", step: 1, error: { code: "SQL_INPUT_ERROR" } },
    ]);
    const next = await post(server, "/v3/pipeline", pipeline(["SELECT 1"], lines[0]?.baton));
    expect(next.status).toBe(200);
  });

  test("end when their reader leaves, even endless ones, while others are served", async () => {
    const server = await startServer();
    const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    const controller = new AbortController();
    const response = await fetch(`${server.url("http")}/v3/cursor`, {
      method: "POST",
      body: JSON.stringify(cursor(endless)),
      signal: controller.signal,
    });
    const reader = response.body?.getReader();
    await reader?.read();
    expect((await post(server, "/v2/pipeline", pipeline(["SELECT 1"]))).status).toBe(200);
    controller.abort();
    await reader?.read().catch(() => undefined);
    const write = await post(server, "/v2/pipeline", {
      requests: [
        { type: "execute", stmt: { sql: "DELETE FROM items" } },
        { type: "execute", stmt: { sql: "PRAGMA wal_checkpoint(TRUNCATE)" } },
      ],
    });
    expect(rowsOf(write.text, 1)).toMatchObject([[{ value: "0" }, {}, {}]]);
  });
});
