import { RequestError } from "./hrana-errors.js";
import type { EngineValue } from "./protocol.js";
import { wireSize } from "./values.js";

const ROW_OVERHEAD = 2;

/** How much of a result one answer may still hold: an HTTP response, or a WebSocket message. */
export class ResultBudget {
  readonly total: number;
  #left: number;

  constructor(bytes: number) {
    this.total = bytes;
    this.#left = bytes;
  }

  /** @throws {ResultTooLarge} when the row does not fit any more. */
  take(row: readonly EngineValue[]): void {
    this.#left -= ROW_OVERHEAD;
    for (const value of row) this.#left -= wireSize(value);
    if (this.#left < 0) throw new ResultTooLarge();
  }
}

/** The result of a request grew beyond the server's limit. */
export class ResultTooLarge extends RequestError {
  constructor() {
    super("RESPONSE_TOO_LARGE", "Response is too large");
  }
}
