import type { Clock } from "../../core/clock.js";
import type { Milliseconds } from "../../core/duration.js";
import { pause } from "../../core/pause.js";
import type { Random } from "../../core/random.js";
import { unlessAborted } from "../../core/unless-aborted.js";
import type { Connection } from "../../libsql/connection.js";
import { openTimedOut } from "../errors.js";

const FIRST_WAIT: Milliseconds = 100;
const LAST_WAIT: Milliseconds = 1_000;
/** Within which pools that lost a connection in use at the same moment open others. */
const SPREAD: Milliseconds = 200;
/** In times of trouble, opening may take so many times as long as it usually does, and at least so long. */
const PATIENCE = 10;
const LEAST_PATIENCE: Milliseconds = 250;
/** By which patience grows with each failure, and how often: the network may be slow, and not dead. */
const GROWTH = 1.5;
const MOST_GROWTHS = 10;

export interface ReconnectGateOptions<C> {
  readonly clock: Clock;
  readonly random: Random;
  readonly open: (signal: AbortSignal) => Promise<C>;
  /** How long opening may take in times of trouble at first, where nobody knows how long it usually takes. */
  readonly patience: Milliseconds;
}

/**
 * Opens connections, and keeps those who lost theirs from coming back all at once.
 *
 * While nothing is wrong, it is not there. After a failure only one opening at a time goes out, each after a longer wait
 * than the one before, up to 1 s, half of which is left to chance; whoever else wants one shares its failure, or
 * goes ahead when it has succeeded. After the loss of a connection that was in use the next openings wait up to 200 ms.
 *
 * Until one has succeeded again, a connection has to answer a ping before it counts as open: something that accepts
 * connections and drops them, or says nothing, would otherwise be sent statements of which nobody knows what became.
 */
export class ReconnectGate<C extends Connection> {
  readonly #options: ReconnectGateOptions<C>;
  #failures = 0;
  #notBefore: Milliseconds = -Infinity;
  #isTroubled = false;
  /** How long the last opening took that went well. */
  #usual: Milliseconds = Infinity;
  #scout: Promise<unknown> | undefined;

  constructor(options: ReconnectGateOptions<C>) {
    this.#options = options;
  }

  /** @throws what the opening rejects with, or the signal's reason */
  async open(signal: AbortSignal): Promise<C> {
    const { clock } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const wait = this.#notBefore - clock.now();
      if (this.#scout !== undefined) await unlessAborted(this.#scout, signal);
      else if (wait > 0) await pause(clock, wait, signal);
      else break;
    }
    const opening = this.#attempt(signal);
    if (this.#failures > 0) {
      const scout = opening.finally(() => (this.#scout = undefined));
      scout.catch(() => undefined);
      this.#scout = scout;
    }
    return opening;
  }

  /** A connection was lost while it was in use: others may have been, too, here and elsewhere. */
  lost(): void {
    this.#isTroubled = true;
    const now = this.#options.clock.now();
    if (this.#failures === 0 && this.#notBefore <= now)
      this.#notBefore = now + this.#options.random() * SPREAD;
  }

  async #attempt(signal: AbortSignal): Promise<C> {
    const isTroubled = this.#isTroubled;
    const began = this.#options.clock.now();
    try {
      const connection = await (isTroubled ? this.#openProven(signal) : this.#options.open(signal));
      if (isTroubled) this.#isTroubled = false;
      this.#usual = this.#options.clock.now() - began;
      this.#failures = 0;
      this.#notBefore = -Infinity;
      return connection;
    } catch (error) {
      const { clock, random } = this.#options;
      const now = clock.now();
      this.#isTroubled = true;
      // Several that failed together are one failure.
      if (now >= this.#notBefore) {
        const longest = Math.min(LAST_WAIT, FIRST_WAIT * 2 ** this.#failures++);
        this.#notBefore = now + longest * (0.5 + random() / 2);
      }
      throw error;
    }
  }

  async #openProven(signal: AbortSignal): Promise<C> {
    const { clock, open, patience } = this.#options;
    const first = Math.max(LEAST_PATIENCE, Math.min(patience, PATIENCE * this.#usual));
    const limit = first * GROWTH ** Math.min(this.#failures, MOST_GROWTHS);
    const late = new AbortController();
    const timer = clock.schedule(limit, () => late.abort(openTimedOut(limit)));
    const either = AbortSignal.any([signal, late.signal]);
    try {
      const connection = await open(either);
      try {
        await connection.ping(either);
        return connection;
      } catch (error) {
        await connection.close();
        throw error;
      }
    } finally {
      timer.cancel();
    }
  }
}
