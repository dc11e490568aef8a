import type { Random } from "../../core/random.js";
import type { Strikes } from "./fault.js";

/** Decides each time whether a fault strikes, and counts. */
export class StrikeCounter {
  readonly #strikes: Strikes;
  readonly #random: Random;
  #struck = 0;

  constructor(strikes: Strikes, random: Random) {
    this.#strikes = strikes;
    this.#random = random;
  }

  /** How many times it struck. */
  get struck(): number {
    return this.#struck;
  }

  strikes(): boolean {
    const { times = Infinity, probability = 1 } = this.#strikes;
    if (this.#struck >= times) return false;
    if (probability < 1 && this.#random() >= probability) return false;
    this.#struck++;
    return true;
  }
}
