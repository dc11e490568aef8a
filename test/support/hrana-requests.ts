/** Requests of Hrana that are fine, as over WebSocket, to be spoilt. */
export const REQUESTS: readonly object[] = [
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

/** The batch of {@link REQUESTS}, as a cursor over HTTP takes it. */
export const CURSOR_BODY = { batch: (REQUESTS[4] as { batch: object }).batch };
