import { TursoPoolError } from "../core/errors.js";
import { effectOf } from "../core/sql/read-only.js";
import type { Milliseconds } from "../core/duration.js";
import { connectWithin } from "../libsql/connect-within.js";
import { statementError, statementMessage } from "../libsql/connection-errors.js";
import type { Target } from "../libsql/target.js";
import type { CountingConnector } from "./counting-connector.js";
import { Deadline } from "./deadline.js";
import type { BenchPlan } from "./plan.js";

const FLOOR_SAMPLES = 20;

/**
 * Before any load: opens one connection, lets the engine compile every statement without running it, and
 * measures the floor. What is wrong with the target or a statement shows here, as one error.
 */
export async function preflight(
  plan: Pick<BenchPlan, "queries" | "allowWrites" | "connectTimeout" | "operationTimeout">,
  target: Target,
  connector: Pick<CountingConnector, "connect">,
  signal: AbortSignal,
  floorSamples = FLOOR_SAMPLES,
): Promise<{ floor: Milliseconds }> {
  const connection = await connectWithin(connector.connect, target.display, plan.connectTimeout, signal);
  // A host that accepts a connection and then says nothing is as good as one that does not answer.
  const patience = Math.min(plan.operationTimeout, plan.connectTimeout);
  const flag = plan.connectTimeout < plan.operationTimeout ? "--connect-timeout" : "--timeout";
  const deadline = new Deadline(patience, target.display, flag);
  const run = (sql: string): Promise<unknown> => {
    signal.throwIfAborted();
    return deadline.guard(connection.client.execute(sql), performance.now());
  };
  try {
    // Reads a page, so that a file which is no database is found out.
    await run("SELECT count(*) FROM sqlite_schema");
    for (const { sql } of plan.queries) {
      const effect = plan.allowWrites ? "none" : effectOf(sql);
      if (effect === "some") throw writeRefused(sql, target);
      await run(/^\s*EXPLAIN\b/i.test(sql) ? sql : `EXPLAIN ${sql}`).catch(blame(sql, target));
      // A statement that the engine knows and we do not: who knows what it does.
      if (effect === "unknown") throw writeRefused(sql, target);
    }
    let floor: Milliseconds = Infinity;
    for (let i = 0; i < floorSamples; i++) {
      const startedAt = performance.now();
      await run("SELECT 1");
      floor = Math.min(floor, performance.now() - startedAt);
    }
    return { floor };
  } catch (cause) {
    throw statementError(target.display, cause);
  } finally {
    deadline.close();
    await connection.close();
  }
}

function writeRefused(sql: string, target: Target): TursoPoolError {
  return new TursoPoolError(
    "WRITE_REFUSED",
    `--query: ${JSON.stringify(sql)} may write to ${target.display}`,
    { hint: "Add --allow-writes if that is what you want, on a database that you can lose." },
  );
}

function blame(sql: string, target: Target): (cause: unknown) => never {
  return (cause) => {
    const error = statementError(target.display, cause);
    if (!(error instanceof TursoPoolError) || error.code !== "SQL_ERROR") throw error;
    throw new TursoPoolError(
      "SQL_ERROR",
      `--query: ${JSON.stringify(sql)} was refused: ${statementMessage(cause)}`,
      { hint: "Correct the statement, or create the table that it needs.", cause },
    );
  };
}
