import { classify, type StatementClass } from "./sql-class.js";
import { type SqlToken, tokenizeSql } from "./sql-tokens.js";

/** What the server has to know of a statement before the engine sees it. */
export interface ScannedStatement extends StatementClass {
  readonly sql: string;
  /** Names of the parameters, from the first on, with their prefix; `null` for `?` and for gaps. */
  readonly parameters: readonly (string | null)[];
}

/** SQLite's SQLITE_MAX_VARIABLE_NUMBER; beyond it the engine reports the error. */
const MAX_PARAMETER = 32_766;

/**
 * Cuts SQL into its statements.
 *
 * The engine prepares the first statement of a text and drops the rest without a word, so the server
 * has to know how many there are. A trigger's body belongs to its statement, as in SQLite's complete.c.
 */
export function scanSql(sql: string): ScannedStatement[] {
  const statements: ScannedStatement[] = [];
  let current: SqlToken[] = [];
  for (const token of tokenizeSql(sql)) {
    if (token.kind !== "semicolon" || insideTrigger(sql, current)) current.push(token);
    else if (current.length > 0) {
      statements.push(statement(sql, current));
      current = [];
    }
  }
  if (current.length > 0) statements.push(statement(sql, current));
  return statements;
}

/** True while a `CREATE TRIGGER` has not come to its `; END`. */
function insideTrigger(sql: string, tokens: readonly SqlToken[]): boolean {
  const words = tokens.slice(0, 6).map((token) => wordOf(sql, token));
  const at = words[0] === "EXPLAIN" ? (words[1] === "QUERY" ? 3 : 1) : 0;
  const isTemporary = words[at + 1] === "TEMP" || words[at + 1] === "TEMPORARY";
  if (words[at] !== "CREATE" || words[at + (isTemporary ? 2 : 1)] !== "TRIGGER") return false;
  const last = tokens.at(-1);
  return !(last && wordOf(sql, last) === "END" && tokens.at(-2)?.kind === "semicolon");
}

function statement(sql: string, tokens: readonly SqlToken[]): ScannedStatement {
  const first = tokens[0];
  const last = tokens.at(-1);
  if (!first || !last) throw new RangeError("a statement has at least one token");
  const words = tokens.map((token) => wordOf(sql, token));
  return {
    sql: sql.slice(first.start, last.end),
    parameters: parametersOf(sql, tokens),
    ...classify(words, (index) => textOf(sql, tokens[index])),
  };
}

function parametersOf(sql: string, tokens: readonly SqlToken[]): readonly (string | null)[] {
  const names: (string | null)[] = [];
  for (const token of tokens) {
    if (token.kind !== "parameter") continue;
    const name = textOf(sql, token);
    if (name === "?") names.push(null);
    else if (name.startsWith("?")) {
      const index = Number(name.slice(1));
      if (index < 1 || index > MAX_PARAMETER) continue;
      while (names.length < index) names.push(null);
      names[index - 1] ??= name;
    } else if (!names.includes(name)) names.push(name);
  }
  return names;
}

/** A keyword or bare name in capitals, `(` and `)` as they are, and nothing for the rest. */
function wordOf(sql: string, token: SqlToken): string {
  if (token.kind === "word") return sql.slice(token.start, token.end).toUpperCase();
  return token.kind === "open" ? "(" : token.kind === "close" ? ")" : "";
}

function textOf(sql: string, token: SqlToken | undefined): string {
  return token ? sql.slice(token.start, token.end) : "";
}
