import { RequestError } from "./hrana-errors.js";
import type { Col, EngineValue } from "./protocol.js";
import { wireSize } from "./values.js";

const ROW_OVERHEAD = 2;
const COL_OVERHEAD = 30;
/** What is said of a statement besides its columns and rows, or its error's message. */
const STATEMENT_OVERHEAD = 150;

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
    let size = ROW_OVERHEAD;
    for (const value of row) size += wireSize(value);
    this.#spend(size);
  }

  /** A result without its rows. A text that a client stored can name columns at length, again and again. */
  takeCols(cols: readonly Col[]): void {
    let size = STATEMENT_OVERHEAD;
    for (const { name, decltype } of cols) size += COL_OVERHEAD + name.length + (decltype?.length ?? 0);
    this.#spend(size);
  }

  /** An error, which may quote a statement at length. */
  takeError({ message }: Error): void {
    this.#spend(STATEMENT_OVERHEAD + message.length);
  }

  #spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new ResultTooLarge();
  }
}

/** The result of a request grew beyond the server's limit. */
export class ResultTooLarge extends RequestError {
  constructor() {
    super("RESPONSE_TOO_LARGE", "Response is too large");
  }
}
