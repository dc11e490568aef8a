import type { Milliseconds } from "../../core/duration.js";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import { ConnectionPool } from "../../pool/connection-pool.js";
import { KeepAlivePool } from "../../pool/keep-alive-pool.js";
import type { KeepAliveStatistics, PoolStatistics } from "../../pool/statistics.js";
import type { CountingConnector } from "../counting-connector.js";
import type { Operation, Strategy, StrategyContext } from "./strategy.js";

/** A lease from one of our pools for every operation. */
export class PooledStrategy implements Strategy {
  readonly name: "pool" | "keepalive";
  readonly #connector: CountingConnector;
  readonly #pool: ConnectionPool<LibsqlConnection> | KeepAlivePool<LibsqlConnection>;

  constructor(name: "pool" | "keepalive", { plan, connector }: StrategyContext) {
    this.name = name;
    this.#connector = connector();
    const options = { connectionTimeout: plan.connectTimeout, ...plan.pool, open: this.#connector.connect };
    this.#pool = name === "pool" ? new ConnectionPool(options) : new KeepAlivePool(options);
  }

  async operate(sql: string, startedAt: Milliseconds): Promise<Operation> {
    const lease = await this.#pool.acquire();
    const overhead = performance.now() - startedAt;
    try {
      await lease.client.execute(sql);
      return { overhead, doneAt: performance.now() };
    } finally {
      lease.release();
    }
  }

  get socketsOpened(): number {
    return this.#connector.socketsOpened;
  }

  get connectionsOpened(): number {
    return this.#connector.connectionsOpened;
  }

  statistics(): PoolStatistics | KeepAliveStatistics {
    return this.#pool.statistics();
  }

  close(): Promise<void> {
    return this.#pool.close({ timeout: CLOSE_PATIENCE_MS });
  }
}

/** All operations are over by then, but for those that missed their deadline. */
const CLOSE_PATIENCE_MS = 1_000;
