import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cursorEntries } from "../../src/server/cursor.js";
import { planBatch } from "../../src/server/program.js";
import type { Batch, BatchCond, CursorEntry } from "../../src/server/protocol.js";
import { EngineFixture, rejection, stmt } from "./fixture.js";

let engine: EngineFixture;
beforeEach(() => {
  engine = new EngineFixture();
});
afterEach(() => engine.dispose());

function batchOf(...steps: readonly (string | readonly [BatchCond, string])[]): Batch {
  return {
    steps: steps.map((step) =>
      typeof step === "string"
        ? { condition: undefined, stmt: stmt(step) }
        : { condition: step[0], stmt: stmt(step[1]) },
    ),
  };
}

/** How each step of a batch ended. */
async function outcomes(batch: Batch): Promise<string[]> {
  const response = await engine.ask(await engine.open(), { type: "batch", batch });
  if (response.type !== "batch") throw new Error(`answered with ${response.type}`);
  const { step_results: results, step_errors: errors } = response.result;
  return batch.steps.map((_, index) => (results[index] ? "ok" : (errors[index]?.code ?? "skipped")));
}

const ok = (step: number): BatchCond => ({ type: "ok", step });
const failed = (step: number): BatchCond => ({ type: "error", step });
const not = (cond: BatchCond): BatchCond => ({ type: "not", cond });
const isAutocommit: BatchCond = { type: "is_autocommit" };

describe("batches", () => {
  test("go on after a step that failed, unless a condition says otherwise", async () => {
    const batch = batchOf(
      "SELECT 1",
      "SELECT * FROM nope",
      [ok(0), "SELECT 2"],
      [ok(1), "SELECT 3"],
      [failed(1), "SELECT 4"],
      [ok(3), "SELECT 5"],
      [failed(3), "SELECT 6"],
      [not(ok(3)), "SELECT 7"],
      "SELECT 8",
    );
    expect(await outcomes(batch)).toEqual([
      "ok",
      "SQLITE_UNKNOWN",
      "ok",
      "skipped",
      "ok",
      "skipped",
      "skipped",
      "ok",
      "ok",
    ]);
  });

  test("conditions are combined, and empty lists are true and false", async () => {
    const list = (type: "and" | "or", ...conds: BatchCond[]): BatchCond => ({ type, conds });
    const batch = batchOf(
      "SELECT 1",
      [list("and"), "SELECT 2"],
      [list("or"), "SELECT 3"],
      [list("and", ok(0), not(ok(0))), "SELECT 4"],
      [list("or", not(ok(0)), ok(0)), "SELECT 5"],
    );
    expect(await outcomes(batch)).toEqual(["ok", "ok", "skipped", "skipped", "ok"]);
  });

  test("is_autocommit looks at the stream when the step's turn comes", async () => {
    const batch = batchOf([isAutocommit, "BEGIN"], [isAutocommit, "SELECT 1"], "COMMIT", [
      isAutocommit,
      "SELECT 1",
    ]);
    expect(await outcomes(batch)).toEqual(["ok", "skipped", "ok", "ok"]);
  });

  test("a transaction in one round trip takes effect wholly or not at all", async () => {
    const batch = batchOf(
      "BEGIN IMMEDIATE",
      [ok(0), "DELETE FROM items WHERE id = 1"],
      [ok(1), "INSERT INTO items (id) VALUES (2)"],
      [ok(2), "COMMIT"],
      [not(ok(3)), "ROLLBACK"],
    );
    expect(await outcomes(batch)).toEqual(["ok", "ok", "SQLITE_CONSTRAINT", "skipped", "ok"]);
    expect(await engine.value(await engine.open(), "SELECT count(*) FROM items")).toBe("10000");
  });

  test("with a reference to a later step, or SQL that is not one statement, run no step at all", async () => {
    const stream = await engine.open();
    const ask = (batch: Batch) => rejection(engine.ask(stream, { type: "batch", batch }));
    const deletion = "DELETE FROM items";
    expect((await ask(batchOf(deletion, [ok(1), "SELECT 1"]))).message).toBe(
      "Invalid reference to step in a batch condition",
    );
    expect((await ask(batchOf(deletion, ""))).code).toBe("SQL_NO_STATEMENT");
    expect((await ask(batchOf(deletion, "SELECT 1; SELECT 2"))).code).toBe("SQL_MANY_STATEMENTS");
    expect(await engine.value(stream, "SELECT count(*) FROM items")).toBe("10000");
  });

  test("is_autocommit needs Hrana 3", async () => {
    const request = { type: "batch", batch: batchOf([isAutocommit, "SELECT 1"]) } as const;
    const error = await rejection(engine.ask(await engine.open(), request, { version: 2 }));
    expect(error.message).toBe(
      "BatchCond of type `is_autocommit` is only supported in protocol version hrana3 and higher",
    );
  });
});

describe("sequences", () => {
  const sequence = (sql: string) => ({ type: "sequence", source: { by: "text", sql } }) as const;

  test("run all their statements, and none is fine too", async () => {
    const stream = await engine.open();
    await engine.ask(stream, sequence(";; -- nothing"));
    await engine.ask(
      stream,
      sequence("CREATE TABLE t (a); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)"),
    );
    expect(await engine.value(stream, "SELECT sum(a) FROM t")).toBe("3");
  });

  test("stop at the first statement that fails", async () => {
    const stream = await engine.open();
    const error = await rejection(
      engine.ask(stream, sequence("CREATE TABLE t (a); INSERT INTO nope VALUES (1); DROP TABLE t")),
    );
    expect(error.code).toBe("SQLITE_UNKNOWN");
    expect(await engine.value(stream, "SELECT count(*) FROM t")).toBe("0");
  });

  test("have no arguments", async () => {
    const stream = await engine.open();
    await engine.execute(stream, "SELECT ?", [1n]);
    expect((await rejection(engine.ask(stream, sequence("SELECT ?")))).code).toBe("ARGS_INVALID");
  });
});

describe("describe", () => {
  test.each([
    ["SELECT id, price * ? AS p FROM items WHERE name = :name", [null, ":name"], false, true],
    ["EXPLAIN DELETE FROM items", [], true, true],
    ["DELETE FROM items", [], false, false],
    ["BEGIN", [], false, true],
  ])("%s", async (sql, params, isExplain, isReadonly) => {
    const response = await engine.ask(await engine.open(), { type: "describe", source: { by: "text", sql } });
    expect(response).toMatchObject({
      result: { params: params.map((name) => ({ name })), is_explain: isExplain, is_readonly: isReadonly },
    });
  });

  test("tells columns and does not run the statement", async () => {
    const stream = await engine.open();
    const source = { by: "text", sql: "DELETE FROM items RETURNING id, name AS n" } as const;
    expect(await engine.ask(stream, { type: "describe", source })).toMatchObject({
      result: {
        cols: [
          { name: "id", decltype: "INTEGER" },
          { name: "n", decltype: "TEXT" },
        ],
      },
    });
    expect(await engine.value(stream, "SELECT count(*) FROM items")).toBe("10000");
  });
});

describe("cursors", () => {
  async function entries(batch: Batch, take = Infinity): Promise<CursorEntry[]> {
    const stream = await engine.open();
    const context = engine.request();
    const taken: CursorEntry[] = [];
    for await (const entry of cursorEntries(stream, planBatch(batch, context), context)) {
      taken.push(entry);
      if (taken.length >= take) break;
    }
    await stream.close();
    return taken;
  }

  test("give out steps, rows, errors and ends in order; nothing for what is skipped", async () => {
    const batch = batchOf(
      "SELECT 1 AS a UNION ALL SELECT 2",
      "SELECT * FROM nope",
      [ok(1), "SELECT 3"],
      "DELETE FROM items WHERE id = 1",
    );
    expect(await entries(batch)).toMatchObject([
      { type: "step_begin", step: 0, cols: [{ name: "a" }] },
      { type: "row", row: [{ type: "integer", value: "1" }] },
      { type: "row", row: [{ type: "integer", value: "2" }] },
      { type: "step_end", affected_row_count: 0, last_insert_rowid: null },
      { type: "step_error", step: 1, error: { code: "SQLITE_UNKNOWN" } },
      { type: "step_begin", step: 3, cols: [] },
      { type: "step_end", affected_row_count: 1 },
    ]);
  });

  test("an error in the middle of the rows ends the step", async () => {
    const sql = "SELECT CASE WHEN id > 250 THEN abs(-9223372036854775808) END FROM items ORDER BY id";
    const types = (await entries(batchOf(sql))).map((entry) => entry.type);
    expect([types[0], types[1], types.at(-1)]).toEqual(["step_begin", "row", "step_error"]);
    expect(types).not.toContain("step_end");
  });

  test("one that is left in the middle holds no snapshot, even of an endless statement", async () => {
    const endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, (SELECT count(*) FROM items) FROM n";
    expect(await entries(batchOf(endless), 500)).toHaveLength(500);
    const writer = await engine.open();
    await engine.execute(writer, "DELETE FROM items WHERE id = 1");
    const checkpoint = await engine.execute(writer, "PRAGMA wal_checkpoint(TRUNCATE)");
    expect(checkpoint.rows[0]?.[0]).toEqual({ type: "integer", value: "0" });
  });
});
