import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scanSql } from "../../../src/core/sql/scan.js";

const texts = (sql: string): string[] => scanSql(sql).map((statement) => statement.sql);
const only = (sql: string) => {
  const [statement, second] = scanSql(sql);
  if (!statement || second) throw new Error(`not one statement: ${sql}`);
  return statement;
};

describe("cutting SQL into statements", () => {
  test.each([
    ["", []],
    [" ;; -- nothing\n/* at all */ ;", []],
    ["SELECT 1", ["SELECT 1"]],
    ["SELECT 1; SELECT 2 ;", ["SELECT 1", "SELECT 2"]],
    ["SELECT ';' ; SELECT \"a;b\", [c;d], `e;f`", ["SELECT ';'", 'SELECT "a;b", [c;d], `e;f`']],
    ["SELECT 'it''s; one'", ["SELECT 'it''s; one'"]],
    ["SELECT 1 -- a; comment\n; SELECT 2", ["SELECT 1", "SELECT 2"]],
    ["SELECT /* ; */ 1; SELECT 2 /* never closed ;", ["SELECT /* ; */ 1", "SELECT 2"]],
    ["SELECT 'never closed ; SELECT 2", ["SELECT 'never closed ; SELECT 2"]],
    ["SELECT 1\0; SELECT 2", ["SELECT 1"]],
    ["SELECT x'3b'; SELECT 1e5;", ["SELECT x'3b'", "SELECT 1e5"]],
  ])("%j", (sql, expected) => expect(texts(sql)).toEqual(expected));

  test("the body of a trigger belongs to its statement", () => {
    const trigger =
      "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM b; END";
    expect(texts(`${trigger}; SELECT 1`)).toEqual([trigger, "SELECT 1"]);
    expect(texts(`EXPLAIN ${trigger.replace("TEMP ", "")}; SELECT 1`)).toHaveLength(2);
  });

  test("no text quoted as a string adds a statement or a parameter", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        fc.pre(!text.includes("\0"));
        const statements = scanSql(`SELECT '${text.replaceAll("'", "''")}' ; SELECT 2`);
        expect(statements).toHaveLength(2);
        expect(statements[0]?.parameters).toEqual([]);
      }),
    );
  });

  test("no text at all is too much for it", () => {
    const pieces = fc.constantFrom(
      ...Array.from("'\"`[](){};:@$#?/*- \n\0aZ09._é\ufeff"),
      "BEGIN",
      "END",
      "CREATE TRIGGER",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        for (const statement of scanSql(parts.join(""))) expect(statement.sql.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test("takes time in proportion to the text", () => {
    const startedAt = performance.now();
    for (const piece of ["(", "'", "/*", "--", "::", "?1", "=", "; END ", "$a::(", "$a(", "[", "é"])
      scanSql(piece.repeat(200_000 / piece.length));
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});

describe("parameters", () => {
  test.each([
    ["SELECT ?, ?", [null, null]],
    ["SELECT :a, @b, $c, :a", [":a", "@b", "$c"]],
    ["SELECT ?3, ?", [null, null, "?3", null]],
    ["SELECT ?2, ?1, ?2", ["?1", "?2"]],
    ["SELECT :a, ?1", [":a"]],
    ["SELECT ?1, :a", ["?1", ":a"]],
    ["SELECT $ns::var(key), ':no', \"?\", [:no]", ["$ns::var(key)"]],
    ["SELECT ?99999", []],
    ["SELECT a:b", [":b"]],
  ])("%j", (sql, expected) => expect(only(sql).parameters).toEqual(expected));
});

describe("classes of statements", () => {
  test.each([
    ["select 1", "read"],
    ["VALUES (1)", "read"],
    ["EXPLAIN DELETE FROM t", "read"],
    ["explain query plan delete from t", "read"],
    ["WITH a(x) AS (SELECT 1), b AS NOT MATERIALIZED (SELECT 2) SELECT * FROM a", "read"],
    ["WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", "write"],
    ["with replace as (select 1) delete from t", "write"],
    ["INSERT INTO t VALUES (1)", "write"],
    ["CREATE TABLE t (a)", "write"],
    ["VACUUM", "write"],
    ["gibberish", "write"],
    ["BEGIN", "begin"],
    ["BEGIN DEFERRED TRANSACTION", "begin"],
    ["BEGIN IMMEDIATE", "begin-write"],
    ["BEGIN EXCLUSIVE", "begin-write"],
    ["COMMIT", "transaction"],
    ["ROLLBACK TO s", "transaction"],
    ["PRAGMA table_info(t)", "read"],
    ["PRAGMA main.user_version", "read"],
    ["PRAGMA user_version = 1", "write"],
    ["PRAGMA optimize", "write"],
    ["PRAGMA busy_timeout = 60000", "refused"],
    ["PRAGMA journal_mode = DELETE", "refused"],
    ["PRAGMA main.locking_mode(EXCLUSIVE)", "refused"],
    ['EXPLAIN PRAGMA "writable_schema" = 1', "refused"],
    ["ATTACH 'other.db' AS o", "refused"],
    ["ATTACH DATABASE ':memory:' AS o", "read"],
    ["VACUUM INTO 'copy.db'", "refused"],
  ])("%s is a %s", (sql, kind) => expect(only(sql).kind).toBe(kind));

  test.each([
    ["PRAGMA busy_timeout = 1", "PRAGMA busy_timeout with an argument"],
    ['PRAGMA "Writable_Schema" = 1', "PRAGMA Writable_Schema with an argument"],
    ["PRAGMA main.checkpoint_fullfsync(1)", "PRAGMA checkpoint_fullfsync with an argument"],
    ["PRAGMA wal_autocheckpoint_and_more = 1", "PRAGMA wal_autocheckpoint_and_more with an argument"],
  ])("%s is refused by its name", (sql, named) => {
    expect(only(sql).refusal).toBe(`unsupported statement: ${named}`);
  });

  test.each(["reverse_unordered_selects", "ignore_check_constraints", '"IGNORE_CHECK_CONSTRAINTS"'])(
    "the long name %s is known",
    (name) => expect(only(`PRAGMA ${name} = 1`)).toMatchObject({ kind: "write", marksConnection: true }),
  );

  test.each([
    ["CREATE TEMP TABLE t (a)", true],
    ["CREATE VIEW temp.v AS SELECT 1", true],
    ['CREATE TABLE "temp".t (a)', true],
    ["PRAGMA foreign_keys = ON", true],
    ["ATTACH ':memory:' AS m", true],
    ["CREATE TABLE t (a)", false],
    ["INSERT INTO t VALUES (1)", false],
    ["PRAGMA table_info(t)", false],
  ])("%s marks its connection: %s", (sql, marks) => expect(only(sql).marksConnection).toBe(marks));

  test.each([
    ["INSERT INTO t VALUES (1)", true, true],
    ["REPLACE INTO t VALUES (1)", true, true],
    ["UPDATE t SET a = 1", true, false],
    ["DELETE FROM t", true, false],
    ["CREATE TABLE t AS SELECT 1", false, false],
    ["SELECT 1", false, false],
  ])("%s counts rows: %s, has a rowid: %s", (sql, isChange, isInsert) =>
    expect(only(sql)).toMatchObject({ isChange, isInsert }),
  );

  test("asking for what earlier statements left is noticed", () => {
    expect(only("SELECT last_insert_rowid()").readsConnection).toBe(true);
    expect(only("SELECT 'changes()'").readsConnection).toBe(false);
  });
});
