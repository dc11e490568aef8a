import { NO_ARGS, bindArgs } from "./bind-args.js";
import { RequestError, notSupported } from "./hrana-errors.js";
import { type RequestContext, isMet, planBatch, planStatement, type StepState } from "./program.js";
import type {
  Batch,
  BatchResult,
  DescribeResult,
  HranaError,
  SqlSource,
  StmtResult,
  StreamRequest,
  StreamResponse,
} from "./protocol.js";
import { ResultTooLarge } from "./result-budget.js";
import { runStatement } from "./run-statement.js";
import type { SqlStream } from "./sql-stream.js";

/**
 * Does what a client asks of a stream. To be called as a job of the stream.
 * @throws {RequestError} for what the client is to be told; {ProtocolError} for what ends the conversation.
 */
export async function answer(
  stream: SqlStream,
  request: StreamRequest,
  context: RequestContext,
): Promise<StreamResponse> {
  switch (request.type) {
    case "execute": {
      const planned = planStatement(request.stmt, context);
      if (stream.takeTimeout()) throw transactionTimeout();
      return { type: "execute", result: await runStatement(stream, planned, context) };
    }
    case "batch":
      return { type: "batch", result: await runBatch(stream, request.batch, context) };
    case "sequence":
      if (context.version < 2) throw notSupported("The `sequence` request", 2);
      await runSequence(stream, request.source, context);
      return { type: "sequence" };
    case "describe":
      if (context.version < 2) throw notSupported("The `describe` request", 2);
      return { type: "describe", result: describe(stream, request.source, context) };
    case "get_autocommit":
      if (context.version < 3) throw notSupported("The `get_autocommit` request", 3);
      return { type: "get_autocommit", is_autocommit: stream.isAutocommit };
  }
}

/** What the next request on a stream hears after its transaction was rolled back for another writer. */
export function transactionTimeout(): RequestError {
  return new RequestError("TRANSACTION_TIMEOUT", "Transaction timed out");
}

async function runBatch(stream: SqlStream, batch: Batch, context: RequestContext): Promise<BatchResult> {
  const steps = planBatch(batch, context);
  const states: StepState[] = [];
  const results: (StmtResult | null)[] = [];
  const errors: (HranaError | null)[] = [];
  const timedOut = stream.takeTimeout();
  for (const step of steps) {
    let result: StmtResult | null = null;
    let error: HranaError | null = null;
    if (timedOut) error = transactionTimeout().toWire();
    else if (!step.condition || isMet(step.condition, states, stream.isAutocommit)) {
      try {
        result = await runStatement(stream, step, context);
      } catch (thrown) {
        if (!(thrown instanceof RequestError) || thrown instanceof ResultTooLarge) throw thrown;
        error = thrown.toWire();
      }
    }
    states.push(result ? "ok" : error ? "error" : "skipped");
    results.push(result);
    errors.push(error);
  }
  return { step_results: results, step_errors: errors, replication_index: null };
}

async function runSequence(stream: SqlStream, source: SqlSource, context: RequestContext): Promise<void> {
  const statements = context.cache.sequence(context.sqls.resolve(source, context.version));
  if (stream.takeTimeout()) throw transactionTimeout();
  for (const statement of statements) {
    const planned = { statement, args: () => bindArgs(statement, NO_ARGS), wantRows: false };
    await runStatement(stream, planned, context);
  }
}

function describe(stream: SqlStream, source: SqlSource, context: RequestContext): DescribeResult {
  const statement = context.cache.single(context.sqls.resolve(source, context.version));
  const isReadonly = statement.kind !== "write" && statement.kind !== "begin-write";
  return {
    params: statement.parameters.map((name) => ({ name })),
    cols: stream.describe(statement),
    is_explain: statement.isExplain,
    is_readonly: isReadonly,
  };
}
