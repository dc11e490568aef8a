/** How many connections are open at one time, over all that is tried; counted, and never more than the limit. */
export class Seats {
  readonly limit: number;
  #taken = 0;
  #peak = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get free(): number {
    return this.limit - this.#taken;
  }

  /** The most at one time since this was last asked. */
  takePeak(): number {
    const peak = this.#peak;
    this.#peak = this.#taken;
    return peak;
  }

  /** @throws when there is none left, which is a bug of whoever asked without looking */
  take(): void {
    if (this.free <= 0) throw new Error(`bug: more than ${this.limit} connections`);
    this.#peak = Math.max(this.#peak, ++this.#taken);
  }

  leave(): void {
    this.#taken--;
  }
}
