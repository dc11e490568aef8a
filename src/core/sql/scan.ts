import { classify, type StatementClass } from "./statement-class.js";
import { type SqlToken, tokenizeSql } from "./tokens.js";

/** What the server has to know of a statement before the engine sees it. */
export interface ScannedStatement extends StatementClass {
  readonly sql: string;
  /** Names of the parameters, from the first on, with their prefix; `null` for `?` and for gaps. */
  readonly parameters: readonly (string | null)[];
}

/** SQLite's SQLITE_MAX_VARIABLE_NUMBER; beyond it the engine reports the error. */
const MAX_PARAMETER = 32_766;
/** No keyword is longer; longer names are all the same. */
const MAX_KEYWORD = 20;
/** Of the first tokens, what a pragma is named by. */
const FIRST_TOKENS = 8;
const MAX_NAME = 80;

/**
 * Cuts SQL into its statements.
 *
 * The engine prepares the first statement of a text and drops the rest without a word, so the server
 * has to know how many there are. A trigger's body belongs to its statement, as in SQLite's complete.c.
 */
export function scanSql(sql: string): ScannedStatement[] {
  const statements: ScannedStatement[] = [];
  let current = new StatementScan(sql);
  for (const token of tokenizeSql(sql)) {
    if (token.kind !== "semicolon" || current.isInsideTrigger) current.add(token);
    else if (!current.isEmpty) {
      statements.push(current.finish());
      current = new StatementScan(sql);
    }
  }
  if (!current.isEmpty) statements.push(current.finish());
  return statements;
}

/** One statement while its tokens come in. Keeps little of each, because there may be millions. */
class StatementScan {
  readonly #sql: string;
  /** Of each token: a keyword or bare name in capitals, `(`, `)` or `;`, or nothing. */
  readonly #words: string[] = [];
  readonly #texts: string[] = [];
  readonly #parameters: (string | null)[] = [];
  readonly #named = new Set<string>();
  #start = 0;
  #end = 0;

  constructor(sql: string) {
    this.#sql = sql;
  }

  get isEmpty(): boolean {
    return this.#words.length === 0;
  }

  /** True while a `CREATE TRIGGER` has not come to its `; END`. */
  get isInsideTrigger(): boolean {
    const words = this.#words;
    const at = words[0] === "EXPLAIN" ? (words[1] === "QUERY" ? 3 : 1) : 0;
    const isTemporary = words[at + 1] === "TEMP" || words[at + 1] === "TEMPORARY";
    if (words[at] !== "CREATE" || words[at + (isTemporary ? 2 : 1)] !== "TRIGGER") return false;
    return !(words.at(-1) === "END" && words.at(-2) === ";");
  }

  add(token: SqlToken): void {
    if (this.isEmpty) this.#start = token.start;
    this.#end = token.end;
    if (token.kind === "parameter") this.#addParameter(this.#sql.slice(token.start, token.end));
    // Classes are told by the first tokens; and by a quoted "temp", wherever it is.
    const isFirst = this.#words.length < FIRST_TOKENS;
    const isKept = isFirst || (token.kind === "literal" && token.end - token.start <= MAX_KEYWORD);
    const end = Math.min(token.end, token.start + MAX_NAME);
    this.#texts.push(isKept ? this.#sql.slice(token.start, end) : "");
    this.#words.push(wordOf(this.#sql, token));
  }

  finish(): ScannedStatement {
    return {
      sql: this.#sql.slice(this.#start, this.#end),
      parameters: this.#parameters,
      ...classify(this.#words, (index) => this.#texts[index] ?? ""),
    };
  }

  #addParameter(name: string): void {
    const names = this.#parameters;
    if (names.length >= MAX_PARAMETER) return;
    if (name === "?") names.push(null);
    else if (name.startsWith("?")) {
      const index = Number(name.slice(1));
      if (index < 1 || index > MAX_PARAMETER) return;
      while (names.length < index) names.push(null);
      // A name that has the place already keeps it: `:a, ?1` is one parameter.
      names[index - 1] ??= name;
    } else if (!this.#named.has(name)) names.push(name);
    this.#named.add(name);
  }
}

function wordOf(sql: string, token: SqlToken): string {
  switch (token.kind) {
    case "word":
      return token.end - token.start > MAX_KEYWORD ? "?" : sql.slice(token.start, token.end).toUpperCase();
    case "open":
      return "(";
    case "close":
      return ")";
    case "semicolon":
      return ";";
    case "parameter":
    case "literal":
    case "other":
      return "";
  }
}
