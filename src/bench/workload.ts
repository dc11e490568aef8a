import { invalidOption, TursoPoolError } from "../core/errors.js";
import { isReadOnly } from "../core/sql/read-only.js";
import type { Random } from "../core/random.js";

/** A statement, and how often it runs compared with the others. */
export interface WeightedQuery {
  readonly sql: string;
  readonly weight: number;
}

/** Reads `sql@weight`; without a weight it is 1. @throws {TursoPoolError} `INVALID_OPTION` */
export function parseQuery(text: string): WeightedQuery {
  const match = /^(?<sql>.*\S)\s*@(?<weight>\d+(?:\.\d+)?)$/s.exec(text);
  const sql = (match?.groups?.sql ?? text).trim();
  const weight = Number(match?.groups?.weight ?? 1);
  if (sql === "") throw invalidOption("--query", text, "a statement");
  if (!(weight > 0)) throw invalidOption("--query", text, "a statement with a weight above 0");
  return { sql, weight };
}

/** Draws statements by weight; the same random numbers give the same sequence. */
export function statementSource(queries: readonly WeightedQuery[], random: Random): () => string {
  const [first] = queries;
  if (first === undefined) throw new Error("bug: a workload without statements");
  if (queries.length === 1) return () => first.sql;
  const total = queries.reduce((sum, query) => sum + query.weight, 0);
  return () => {
    let at = random() * total;
    for (const query of queries) {
      at -= query.weight;
      if (at < 0) return query.sql;
    }
    return first.sql;
  };
}

/** @throws {TursoPoolError} `WRITE_REFUSED` for the first statement that is not known to leave the database as it is. */
export function refuseWrites(queries: readonly WeightedQuery[], where: string): void {
  for (const { sql } of queries) {
    if (isReadOnly(sql)) continue;
    throw new TursoPoolError("WRITE_REFUSED", `--query: ${JSON.stringify(sql)} may write to ${where}`, {
      hint: "Add --allow-writes if that is what you want, on a database that you can lose.",
    });
  }
}
