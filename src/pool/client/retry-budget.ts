/**
 * How much may be sent again: a share of what went well, saved up to a limit. While most things fail, hardly anything
 * is sent twice, so that a server which has too much to do does not get more of it.
 *
 * The share is that of Finagle's budgets: what fails at one in ten for a while reaches no caller.
 * @see https://finagle.github.io/blog/2016/02/08/retry-budgets/
 */
export class RetryBudget {
  readonly #limit: number;
  /** In shares, which are whole numbers. */
  #saved: number;

  /** @param limit how many may be sent again one after the other */
  constructor(limit: number) {
    this.#limit = limit * PRICE;
    this.#saved = this.#limit;
  }

  /** Whether there is too little left to send anything again. */
  get isSpent(): boolean {
    return this.#saved < PRICE;
  }

  /** Something went well. */
  deposit(): void {
    if (this.#saved < this.#limit) this.#saved++;
  }

  /** Takes the price of sending something again; false when there is too little left. */
  withdraw(): boolean {
    if (this.isSpent) return false;
    this.#saved -= PRICE;
    return true;
  }
}

/** So many that went well pay for one that is sent again. */
const PRICE = 5;
