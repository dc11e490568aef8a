import type { Milliseconds } from "../core/duration.js";
import { pause } from "../core/pause.js";
import type { Connection } from "../libsql/connection.js";
import type { KeepAlivePool } from "../pool/keep-alive-pool.js";
import type { RollCallResult } from "./result.js";
import type { Silences } from "./silences.js";
import { within, type Patience } from "./within.js";

/** The connections that a pool opened first, as many as it keeps open, to be called when they have idled for long. */
export class Roll<C extends Connection> {
  readonly #pool: KeepAlivePool<C>;
  readonly #silences: Silences<C>;
  readonly #size: number;
  /** With what each of them talked over at the start. */
  readonly #first = new Map<C, object | undefined>();
  #enrolled = 0;

  /** @param pool has just been made, and has nothing open yet */
  constructor(pool: KeepAlivePool<C>, silences: Silences<C>) {
    this.#pool = pool;
    this.#silences = silences;
    this.#size = pool.pool.config.minConnections;
    pool.on("opened", ({ connection }) => {
      if (this.#enrolled++ < this.#size) this.#first.set(connection, connection.socket);
    });
    pool.on("closed", ({ connection, reason }) => {
      if (reason === "max-lifetime") this.#first.delete(connection);
    });
  }

  /** Uses every connection once, all at the same time. Never rejects. */
  async call(patience: Patience): Promise<RollCallResult> {
    const kept = new Set<C>();
    let silent = 0;
    const keep = (connection: C): void => {
      const isFirst = this.#first.has(connection);
      if (isFirst && this.#first.get(connection) === connection.socket) kept.add(connection);
    };
    // One that was stale is asked by the pool, and may be back after its caller got another.
    this.#pool.on("refreshed", ({ connection, answered }) => {
      if (answered) keep(connection);
    });
    const calls = Array.from({ length: this.#size }, async () => {
      using lease = await this.#pool.acquire();
      const { connection } = lease;
      const askedAt = patience.clock.now();
      try {
        await within(patience, (signal) => connection.ping(signal));
      } catch (error) {
        if (this.#first.has(connection)) silent++;
        this.#silences.silent(connection, askedAt);
        // It may never answer, and nobody has to wait for it.
        lease.destroy("ping-failed");
        throw error;
      }
      keep(connection);
    });
    const outcomes = await Promise.allSettled(calls);
    await this.#settled(patience);
    return {
      connections: this.#first.size,
      kept: kept.size,
      silent,
      calls: this.#size,
      answered: outcomes.filter(({ status }) => status === "fulfilled").length,
    };
  }

  /** Whoever waits for a connection in doubt may get another first: what becomes of that one is still to be told. */
  async #settled({ clock }: Patience): Promise<void> {
    const { healthCheckTimeout } = this.#pool.pool.config;
    const until = clock.now() + healthCheckTimeout + LOOK_EVERY;
    while (this.#pool.statistics().pendingConnections > 0 && clock.now() < until) {
      await pause(clock, LOOK_EVERY, NEVER);
    }
  }
}

const LOOK_EVERY: Milliseconds = 50;
const NEVER = new AbortController().signal;
