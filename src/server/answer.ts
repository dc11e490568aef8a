import { NO_ARGS, bindArgs } from "./bind-args.js";
import { RequestError, notSupported } from "./hrana-errors.js";
import {
  isMet,
  planBatch,
  type PlannedStep,
  planStatement,
  type RequestContext,
  type StepState,
} from "./program.js";
import type {
  BatchResult,
  DescribeResult,
  HranaError,
  StmtResult,
  StreamRequest,
  StreamResponse,
} from "./protocol.js";
import { turnAfter } from "./next-turn.js";
import { ResultBudget, ResultTooLarge } from "./result-budget.js";
import { runStatement } from "./run-statement.js";
import type { ScannedStatement } from "../core/sql/scan.js";
import type { SqlStream } from "./sql-stream.js";

/** Work for a stream, to be run as one of its jobs. */
export type StreamJob = (stream: SqlStream) => Promise<StreamResponse>;

/**
 * Checks what a client asks of a stream, and gives the work that it means.
 *
 * All that does not need the stream is settled here, at once: a stored text may be gone, or another one,
 * by the time that the stream comes to the work.
 * @throws {RequestError} for what the client is to be told; {ProtocolError} for what ends the conversation.
 * The work rejects with {RequestError}.
 */
export function plan(request: StreamRequest, context: RequestContext): StreamJob {
  switch (request.type) {
    case "execute": {
      const planned = planStatement(request.stmt, context);
      return async (stream) => {
        if (stream.takeTimeout()) throw transactionTimeout();
        return { type: "execute", result: await runStatement(stream, planned, context) };
      };
    }
    case "batch": {
      const steps = planBatch(request.batch, context);
      return async (stream) => ({ type: "batch", result: await runBatch(stream, steps, context) });
    }
    case "sequence": {
      if (context.version < 2) throw notSupported("The `sequence` request", 2);
      const statements = context.cache.sequence(context.sqls.resolve(request.source, context.version));
      return async (stream) => {
        await runSequence(stream, statements, context);
        return { type: "sequence" };
      };
    }
    case "describe": {
      if (context.version < 2) throw notSupported("The `describe` request", 2);
      const statement = context.cache.single(context.sqls.resolve(request.source, context.version));
      return async (stream) => ({ type: "describe", result: describe(stream, statement, context) });
    }
    case "get_autocommit":
      if (context.version < 3) throw notSupported("The `get_autocommit` request", 3);
      return async (stream) => ({ type: "get_autocommit", is_autocommit: stream.isAutocommit });
  }
}

/** What the next request on a stream hears after its transaction was rolled back for another writer. */
export function transactionTimeout(): RequestError {
  return new RequestError("TRANSACTION_TIMEOUT", "Transaction timed out");
}

async function runBatch(
  stream: SqlStream,
  steps: readonly PlannedStep[],
  context: RequestContext,
): Promise<BatchResult> {
  const states: StepState[] = [];
  const results: (StmtResult | null)[] = [];
  const errors: (HranaError | null)[] = [];
  const timedOut = stream.takeTimeout();
  for (const [index, step] of steps.entries()) {
    await turnAfter(index);
    let result: StmtResult | null = null;
    let error: HranaError | null = null;
    if (timedOut) error = transactionTimeout().toWire();
    else if (!step.condition || isMet(step.condition, states, stream.isAutocommit)) {
      try {
        result = await runStatement(stream, step, context);
      } catch (thrown) {
        if (!(thrown instanceof RequestError) || thrown instanceof ResultTooLarge) throw thrown;
        context.budget.takeError(thrown);
        error = thrown.toWire();
      }
    }
    states.push(result ? "ok" : error ? "error" : "skipped");
    results.push(result);
    errors.push(error);
  }
  return { step_results: results, step_errors: errors, replication_index: null };
}

async function runSequence(
  stream: SqlStream,
  statements: readonly ScannedStatement[],
  context: RequestContext,
): Promise<void> {
  if (stream.takeTimeout()) throw transactionTimeout();
  // Nothing of it is answered.
  const unlimited = new ResultBudget(Infinity);
  for (const [index, statement] of statements.entries()) {
    await turnAfter(index);
    const planned = { statement, args: () => bindArgs(statement, NO_ARGS), wantRows: false };
    await runStatement(stream, planned, { ...context, budget: unlimited });
  }
}

function describe(
  stream: SqlStream,
  statement: ScannedStatement,
  { budget }: RequestContext,
): DescribeResult {
  const isReadonly = statement.kind !== "write" && statement.kind !== "begin-write";
  const cols = stream.describe(statement);
  const params = statement.parameters.map((name) => ({ name }));
  budget.takeCols([...cols, ...params.map(({ name }) => ({ name: name ?? "", decltype: null }))]);
  return { params, cols, is_explain: statement.isExplain, is_readonly: isReadonly };
}
