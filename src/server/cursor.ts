import { transactionTimeout } from "./answer.js";
import { RequestError } from "./hrana-errors.js";
import { isMet, type PlannedStep, type RequestContext, type StepState } from "./program.js";
import type { CursorEntry } from "./protocol.js";
import { stepRows } from "./run-statement.js";
import type { SqlStream } from "./sql-stream.js";
import { encodeValue } from "./values.js";

/**
 * Runs a batch and gives out its results piece by piece, as fast as they are taken.
 * Stopping early leaves nothing open in the engine. Never throws for what a statement does.
 */
export async function* cursorEntries(
  stream: SqlStream,
  steps: readonly PlannedStep[],
  context: RequestContext,
): AsyncGenerator<CursorEntry, void, undefined> {
  const states: StepState[] = [];
  const timedOut = stream.takeTimeout();
  for (const [index, step] of steps.entries()) {
    if (timedOut) {
      yield { type: "step_error", step: index, error: transactionTimeout().toWire() };
      states.push("error");
    } else if (step.condition && !isMet(step.condition, states, stream.isAutocommit)) {
      states.push("skipped");
    } else {
      states.push(yield* stepEntries(stream, index, step, context));
    }
  }
}

async function* stepEntries(
  stream: SqlStream,
  index: number,
  step: PlannedStep,
  context: RequestContext,
): AsyncGenerator<CursorEntry, StepState, undefined> {
  const events = stepRows(stream, step, context);
  try {
    for (;;) {
      const event = await events.next();
      if (event.done === true) {
        const { affectedRowCount, lastInsertRowid } = event.value;
        yield { type: "step_end", affected_row_count: affectedRowCount, last_insert_rowid: lastInsertRowid };
        return "ok";
      }
      if (event.value.type === "cols") yield { type: "step_begin", step: index, cols: event.value.cols };
      else if (step.wantRows) yield { type: "row", row: event.value.row.map(encodeValue) };
    }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    yield { type: "step_error", step: index, error: error.toWire() };
    return "error";
  } finally {
    // When the caller stops in the middle, the statement has to stop as well.
    await events.return({ affectedRowCount: 0, lastInsertRowid: null });
  }
}
