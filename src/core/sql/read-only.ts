import { scanSql, type ScannedStatement } from "./scan.js";

/**
 * What a text of SQL may do to the database and to the connection that it runs on: nothing, something,
 * or who knows: no statement that SQLite has begins so, and the engine will refuse it.
 */
export type Effect = "none" | "some" | "unknown";

/** The effect of all statements of a text together. */
export function effectOf(sql: string): Effect {
  const effects = scanSql(sql).map(effectOfStatement);
  if (effects.includes("some")) return "some";
  return effects.length === 0 || effects.includes("unknown") ? "unknown" : "none";
}

function effectOfStatement(statement: ScannedStatement): Effect {
  if (statement.kind === "read") return statement.marksConnection ? "some" : "none";
  return statement.kind === "write" && !WRITING_VERB.test(statement.sql) ? "unknown" : "some";
}

/** How the statements of SQLite's grammar begin that are not reads. @see https://www.sqlite.org/lang.html */
const WRITING_VERB =
  /^(?:ALTER|ANALYZE|ATTACH|BEGIN|COMMIT|CREATE|DELETE|DETACH|DROP|END|EXPLAIN|INSERT|PRAGMA|REINDEX|RELEASE|REPLACE|ROLLBACK|SAVEPOINT|UPDATE|VACUUM|WITH)\b/i;
