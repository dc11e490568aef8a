/**
 * How much may be sent again: a share of what went well, saved up to a limit. While most things fail, hardly anything
 * is sent twice, so that a server which has too much to do does not get more of it.
 *
 * The share is that of Finagle's and gRPC's budgets.
 * @see https://finagle.github.io/blog/2016/02/08/retry-budgets/
 */
export class RetryBudget {
  readonly #limit: number;
  #saved: number;

  /** @param limit how many may be sent again one after the other */
  constructor(limit: number) {
    this.#limit = limit;
    this.#saved = limit;
  }

  /** Something went well. */
  deposit(): void {
    this.#saved = Math.min(this.#limit, this.#saved + SHARE);
  }

  /** Takes the price of sending something again; false when there is too little left. */
  withdraw(): boolean {
    if (this.#saved < 1) return false;
    this.#saved--;
    return true;
  }
}

const SHARE = 0.1;
