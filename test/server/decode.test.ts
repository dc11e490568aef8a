import { describe, expect, test } from "vitest";
import { decodeClientMessage, decodeCursorBody, decodePipelineBody } from "../../src/server/decode.js";
import { ProtocolError } from "../../src/server/hrana-errors.js";

const request = (fields: object): string =>
  JSON.stringify({ type: "request", request_id: 1, request: fields });

describe("messages", () => {
  test("an execute request keeps its statement, with what was left out filled in", () => {
    const text = request({ type: "execute", stream_id: -1, stmt: { sql: "SELECT 1" }, unknown: "field" });
    expect(decodeClientMessage(text)).toEqual({
      type: "request",
      requestId: 1,
      request: {
        type: "stream",
        streamId: -1,
        request: {
          type: "execute",
          stmt: { source: { by: "text", sql: "SELECT 1" }, args: [], namedArgs: new Map(), wantRows: true },
        },
      },
    });
  });

  test("a hello without a token, with null, and with one", () => {
    expect(decodeClientMessage('{"type":"hello"}')).toEqual({ type: "hello", jwt: undefined });
    expect(decodeClientMessage('{"type":"hello","jwt":null}')).toEqual({ type: "hello", jwt: undefined });
    expect(decodeClientMessage('{"type":"hello","jwt":"x"}')).toEqual({ type: "hello", jwt: "x" });
  });

  test.each([
    "",
    "null",
    "[]",
    "{",
    '"hello"',
    '{"type":"goodbye"}',
    '{"type":["hello"]}',
    '{"type":"hello","jwt":1}',
    '{"type":"request","request_id":1}',
    '{"type":"request","request_id":1.5,"request":{"type":"open_stream","stream_id":1}}',
    '{"type":"request","request_id":2147483648,"request":{"type":"open_stream","stream_id":1}}',
    request({ type: "open_stream" }),
    request({ type: "open_stream", stream_id: "1" }),
    request({ type: "close", stream_id: 1 }),
    request({ type: "execute", stream_id: 1 }),
    request({ type: "execute", stream_id: 1, stmt: { sql: 1 } }),
    request({ type: "execute", stream_id: 1, stmt: { sql: "", args: {} } }),
    request({ type: "execute", stream_id: 1, stmt: { sql: "", args: [true] } }),
    request({ type: "execute", stream_id: 1, stmt: { sql: "", want_rows: "yes" } }),
    request({ type: "execute", stream_id: 1, stmt: { sql: "", named_args: [{ value: { type: "null" } }] } }),
    request({ type: "batch", stream_id: 1, batch: { steps: [{ condition: { type: "maybe" } }] } }),
    request({ type: "batch", stream_id: 1, batch: { steps: [{ condition: { type: "ok", step: -1 } }] } }),
    request({ type: "fetch_cursor", cursor_id: 1, max_count: -1 }),
    request({ type: "store_sql", sql_id: 1 }),
  ])("%s is malformed", (text) => {
    expect(() => decodeClientMessage(text)).toThrow(ProtocolError);
    expect(() => decodeClientMessage(text)).toThrow(/^Cannot deserialize client message from JSON: /);
  });

  test("conditions nest, but not without end", () => {
    const nested = (depth: number): string =>
      `{"steps":[{"stmt":{"sql":"SELECT 1"},"condition":${'{"type":"not","cond":'.repeat(depth)}{"type":"is_autocommit"}${"}".repeat(depth)}}]}`;
    expect(decodeCursorBody(`{"batch":${nested(50)}}`).batch.steps).toHaveLength(1);
    expect(() => decodeCursorBody(`{"batch":${nested(5_000)}}`)).toThrow(/recursion limit/);
  });

  test("a pipeline keeps the order of its requests, and its baton", () => {
    const body = decodePipelineBody(
      '{"baton":"b","requests":[{"type":"get_autocommit"},{"type":"describe","sql_id":4},{"type":"close"}]}',
    );
    expect(body).toEqual({
      baton: "b",
      requests: [
        { type: "get_autocommit" },
        { type: "describe", source: { by: "id", sqlId: 4 } },
        { type: "close" },
      ],
    });
  });
});
