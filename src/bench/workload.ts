import { invalidOption } from "../core/errors.js";
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
