import type { Operation, Strategy } from "../../bench/strategies/strategy.js";
import type { PoolSettings } from "../../bench/plan.js";
import type { Milliseconds } from "../../core/duration.js";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import { KeepAlivePool } from "../../pool/keep-alive-pool.js";
import type { TunedSettings } from "../derive/current.js";
import { seated } from "../seated.js";
import type { Site, Way } from "../site.js";

/** Settings that compete, and what they connect over. */
export interface Candidate {
  readonly name: "current" | "recommended";
  readonly way: Way;
  readonly settings: PoolSettings & TunedSettings;
}

/** A pool with a candidate's settings, in competition. */
export class Contender implements Pick<Strategy, "name" | "operate">, AsyncDisposable {
  readonly candidate: Candidate;
  readonly name = "keepalive";
  readonly #pool: KeepAlivePool<LibsqlConnection>;
  #statements = 0;

  constructor(candidate: Candidate, { clock, random, seats }: Site) {
    this.candidate = candidate;
    const { settings, way } = candidate;
    this.#pool = new KeepAlivePool({ ...settings, clock, random, open: seated(way, seats) });
  }

  async operate(sql: string, startedAt: Milliseconds): Promise<Operation> {
    const lease = await this.#pool.acquire();
    const overhead = performance.now() - startedAt;
    this.#statements++;
    try {
      await lease.client.execute(sql);
      return { overhead, doneAt: performance.now() };
    } finally {
      lease.release();
    }
  }

  /** Statements and pings that it has sent. */
  get queries(): number {
    const { totalProactivePings, totalHealthChecksPassed, totalHealthChecksFailed } = this.#pool.statistics();
    return this.#statements + totalProactivePings + totalHealthChecksPassed + totalHealthChecksFailed;
  }

  /** Connections that it has open now, or is opening. */
  get held(): number {
    const { activeConnections, idleConnections, pendingConnections } = this.#pool.statistics();
    return activeConnections + idleConnections + pendingConnections;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool.close({ timeout: CLOSE_PATIENCE });
  }
}

/** All operations are over by then, but for those that missed their deadline. */
const CLOSE_PATIENCE: Milliseconds = 1_000;
