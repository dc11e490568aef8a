import { ProtocolError, RequestError, notSupported } from "./hrana-errors.js";
import type { HranaVersion, SqlSource, SqlStoreRequest, StreamResponse } from "./protocol.js";

export interface SqlStoreLimits {
  readonly maxTexts: number;
  readonly maxTextLength: number;
}

/** SQL texts that a client stored to send them once: per stream over HTTP, per connection over WebSocket. */
export class SqlStore {
  readonly #limits: SqlStoreLimits;
  readonly #texts = new Map<number, string>();

  constructor(limits: SqlStoreLimits) {
    this.#limits = limits;
  }

  /** @throws {ProtocolError} for an id in use; {RequestError} when the store is full. */
  answer(request: SqlStoreRequest): StreamResponse {
    if (request.type === "close_sql") this.#texts.delete(request.sqlId);
    else this.#store(request.sqlId, request.sql);
    return { type: request.type };
  }

  /** The text that a request means. @throws {ProtocolError} when it means none, or one too many. */
  resolve(source: SqlSource, version: HranaVersion): string {
    if (source.by === "text") return source.sql;
    if (source.by === "neither") throw new ProtocolError("policy", "Either `sql` or `sql_id` are required");
    if (version < 2) throw notSupported("`sql_id`", 2);
    if (source.by === "both") {
      throw new ProtocolError("policy", "Either `sql` or `sql_id` are required, but not both");
    }
    const sql = this.#texts.get(source.sqlId);
    if (sql === undefined) throw new ProtocolError("policy", `SQL text ${source.sqlId} not found`);
    return sql;
  }

  #store(id: number, sql: string): void {
    if (this.#texts.has(id)) throw new ProtocolError("policy", `SQL text ${id} already exists`);
    const { maxTexts, maxTextLength } = this.#limits;
    if (this.#texts.size >= maxTexts) {
      const why = `The server already stores ${this.#texts.size} SQL texts, it cannot store more`;
      throw new RequestError("SQL_STORE_TOO_MANY", why);
    }
    // Counted in bytes, as sqld does.
    const length = Buffer.byteLength(sql);
    if (length > maxTextLength) {
      const why = `The statement is too large to be stored: ${length}/${maxTextLength}`;
      throw new RequestError("SQL_STORE_TOO_LARGE", why);
    }
    this.#texts.set(id, sql);
  }
}
