import { Alarm } from "../core/alarm.js";
import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import type { Random } from "../core/random.js";
import type { Entry } from "./entry.js";
import type { ResourcePool } from "./resource-pool.js";
import type { Vacancy } from "./resource-pool-options.js";

export interface HousekeepingConfig {
  readonly clock: Clock;
  readonly random: Random;
  readonly minConnections: number;
  readonly idleTimeout: Milliseconds;
}

const FIRST_RETRY: Milliseconds = 500;
const LAST_RETRY: Milliseconds = 30_000;

/** Closes idle resources that are too old or too long unused, and keeps the minimum open. */
export class Housekeeper<R, L> {
  readonly #pool: ResourcePool<R, L>;
  readonly #config: HousekeepingConfig;
  readonly #alarm: Alarm;
  #failures = 0;
  #retryAt: Milliseconds = -Infinity;

  constructor(pool: ResourcePool<R, L>, config: HousekeepingConfig) {
    this.#pool = pool;
    this.#config = config;
    this.#alarm = new Alarm(config.clock, () => this.#tidy());
  }

  /** Opens what is missing to the minimum; after failures not before the next retry is due. */
  fill(): void {
    const { clock, minConnections } = this.#config;
    let missing = minConnections - this.#pool.lasting;
    if (missing > 0 && clock.now() < this.#retryAt) return this.#alarm.setNoLaterThan(this.#retryAt);
    for (; missing > 0; missing--) this.#pool.openOne();
  }

  /** A resource was opened, or came back from a probe: its end is in view again. */
  watch(entry: Entry<R>): void {
    this.#alarm.setNoLaterThan(Math.min(entry.expiresAt, entry.idleSince + this.#config.idleTimeout));
  }

  /** A place came free. */
  vacated({ reason, lived }: Vacancy): void {
    // A server that accepts connections only to drop them is no better than one that does not accept them.
    if (reason === "open-failed" || (reason === "connection-closed" && lived < FIRST_RETRY)) this.#backOff();
    else if (reason === "connection-closed") this.#spread();
    this.fill();
  }

  close(): void {
    this.#alarm.close();
  }

  /** Does what is due now, and comes back when something else will be. */
  #tidy(): void {
    const { clock, idleTimeout, minConnections } = this.#config;
    const now = clock.now();
    // Whoever is given back from now on cannot be due before this.
    let next = now + idleTimeout;
    for (const entry of this.#pool.idle()) {
      const unusedAt = entry.idleSince + idleTimeout;
      const spare = this.#pool.lasting > minConnections;
      if (now >= entry.expiresAt) this.#pool.discard(entry, "max-lifetime");
      else if (now >= unusedAt && spare) this.#pool.discard(entry, "idle-timeout");
      else next = Math.min(next, entry.expiresAt, spare ? unusedAt : Infinity);
    }
    this.fill();
    this.#alarm.setNoLaterThan(next);
  }

  /** A server that restarts loses everybody's connections at once: nobody waits for ours, so it need not come at once. */
  #spread(): void {
    const { clock, random } = this.#config;
    const now = clock.now();
    if (now < this.#retryAt) return;
    this.#forgetOldTrouble(now);
    this.#retryAt = now + random() * FIRST_RETRY;
  }

  /** The next opening of ours waits, longer each time, and not as long as other pools' wait. */
  #backOff(): void {
    const now = this.#config.clock.now();
    if (now < this.#retryAt) return;
    this.#forgetOldTrouble(now);
    const backoff = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** this.#failures++);
    this.#retryAt = now + backoff * (0.5 + this.#config.random() / 2);
  }

  /** Trouble is over when nothing failed for as long as the longest wait. */
  #forgetOldTrouble(now: Milliseconds): void {
    if (now - this.#retryAt > LAST_RETRY) this.#failures = 0;
  }
}
