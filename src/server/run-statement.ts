import type { Execution, Outcome } from "./engine-handle.js";
import type { PlannedStatement, RequestContext } from "./program.js";
import type { Col, EngineValue, StmtResult, WireValue } from "./protocol.js";
import { type ResultBudget, ResultTooLarge } from "./result-budget.js";
import type { SqlStream } from "./sql-stream.js";
import { encodeValue } from "./values.js";

/** What {@link stepRows} gives out: columns first, then rows. */
export type RowEvent =
  | { readonly type: "cols"; readonly cols: readonly Col[] }
  | { readonly type: "row"; readonly row: readonly EngineValue[] };

/**
 * Runs one statement and gives out its columns and rows as they are asked for.
 * Stopping early leaves nothing open in the engine.
 * @throws {RequestError} when the statement fails, at any point.
 */
export async function* stepRows(
  stream: SqlStream,
  planned: PlannedStatement,
  { permission }: RequestContext,
): AsyncGenerator<RowEvent, Outcome, undefined> {
  const execution = await stream.start(planned.statement, planned.args(), permission);
  let finished = false;
  try {
    yield { type: "cols", cols: execution.cols };
    for (let row = execution.next(); row; row = execution.next()) yield { type: "row", row };
    finished = true;
    return execution.outcome();
  } catch (error) {
    finished = true;
    throw stream.failed(error, planned.statement.sql, execution);
  } finally {
    if (!finished) execution.abandon();
    stream.settle(execution);
  }
}

/**
 * Runs one statement and collects its result.
 * @throws {RequestError} when it fails; {ResultTooLarge} when it does not fit in the budget.
 */
export async function runStatement(
  stream: SqlStream,
  planned: PlannedStatement,
  { permission, budget }: RequestContext,
): Promise<StmtResult> {
  const args = planned.args();
  const startedAt = performance.now();
  const execution = await stream.start(planned.statement, args, permission);
  let result: Omit<StmtResult, "query_duration_ms">;
  try {
    result = collect(execution, planned.wantRows, budget);
  } catch (error) {
    if (error instanceof ResultTooLarge) {
      execution.abandon();
      stream.settle(execution);
      throw error;
    }
    throw stream.failed(error, planned.statement.sql, execution);
  }
  stream.settle(execution);
  return { ...result, query_duration_ms: performance.now() - startedAt };
}

function collect(
  execution: Execution,
  wantRows: boolean,
  budget: ResultBudget,
): Omit<StmtResult, "query_duration_ms"> {
  const rows: WireValue[][] = [];
  budget.takeCols(execution.cols);
  let read = 0;
  for (let row = execution.next(); row; row = execution.next()) {
    read++;
    if (!wantRows) continue;
    budget.take(row);
    rows.push(row.map(encodeValue));
  }
  const { affectedRowCount, lastInsertRowid } = execution.outcome();
  return {
    cols: execution.cols,
    rows,
    affected_row_count: affectedRowCount,
    last_insert_rowid: lastInsertRowid,
    replication_index: null,
    // The engine does not tell how many rows it visited; these are lower bounds.
    rows_read: read,
    rows_written: affectedRowCount,
  };
}
