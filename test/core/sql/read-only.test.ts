import { expect, it } from "vitest";
import { effectOf } from "../../../src/core/sql/read-only.js";

it.each([
  "SELECT 1",
  "  -- a comment\n select * from t where a = 'delete; drop'",
  "VALUES (1)",
  "WITH x AS (SELECT 1) SELECT * FROM x",
  "EXPLAIN DELETE FROM t",
  "PRAGMA table_info(t)",
  "SELECT 1; SELECT 2;",
])("%j leaves the database as it is", (sql) => {
  expect(effectOf(sql)).toBe("none");
});

it.each([
  "DELETE FROM t",
  "/* SELECT */ insert into t values (1)",
  "WITH x AS (SELECT 1) DELETE FROM t",
  "REPLACE INTO t VALUES (1)",
  "SELECT 1; DROP TABLE t",
  "PRAGMA user_version = 3",
  "EXPLAIN PRAGMA user_version = 3",
  "PRAGMA journal_mode = DELETE",
  "BEGIN",
  "SAVEPOINT s",
  "VACUUM",
  "VACUUM INTO 'b.db'",
  "ATTACH 'b.db' AS b",
  "CREATE TEMP TABLE t (a)",
])("%j may change something", (sql) => {
  expect(effectOf(sql)).toBe("some");
});

it.each(["", "SELEC 1", "hello", "-- nothing"])("%j is left to the engine", (sql) => {
  expect(effectOf(sql)).toBe("unknown");
});
