import { RequestError } from "./hrana-errors.js";
import { type ScannedStatement, scanSql } from "../core/sql/scan.js";

const MAX_ENTRIES = 512;
const MAX_SQL_LENGTH = 8_192;

/** Remembers how SQL was cut into statements, because clients send the same text again and again. */
export class SqlCache {
  readonly #entries = new Map<string, readonly ScannedStatement[]>();

  /** All statements of a text, in order. */
  statements(sql: string): readonly ScannedStatement[] {
    const known = this.#entries.get(sql);
    if (known) return known;
    const statements = scanSql(sql);
    if (sql.length <= MAX_SQL_LENGTH) {
      if (this.#entries.size >= MAX_ENTRIES) {
        const oldest = this.#entries.keys().next();
        if (oldest.done !== true) this.#entries.delete(oldest.value);
      }
      this.#entries.set(sql, statements);
    }
    return statements;
  }

  /**
   * The only statement of a text.
   * @throws {RequestError} `SQL_NO_STATEMENT`, `SQL_MANY_STATEMENTS`, or `SQL_PARSE_ERROR` for one that is refused.
   */
  single(sql: string): ScannedStatement {
    const [statement, second] = this.statements(sql);
    if (!statement) throw new RequestError("SQL_NO_STATEMENT", "SQL string does not contain any statement");
    if (second) throw new RequestError("SQL_MANY_STATEMENTS", "SQL string contains more than one statement");
    return allowed(statement);
  }

  /** Every statement of a text. @throws {RequestError} `SQL_PARSE_ERROR` when one of them is refused. */
  sequence(sql: string): readonly ScannedStatement[] {
    return this.statements(sql).map(allowed);
  }
}

function allowed(statement: ScannedStatement): ScannedStatement {
  if (statement.kind !== "refused") return statement;
  throw new RequestError("SQL_PARSE_ERROR", `SQL string could not be parsed: ${statement.refusal ?? ""}`);
}
