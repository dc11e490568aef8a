import type { Milliseconds } from "../../core/duration.js";
import { connectWithin } from "../../libsql/connect-within.js";
import type { CountingConnector } from "../counting-connector.js";
import type { Operation, Strategy, StrategyContext } from "./strategy.js";

/** A new connection for every operation, really new, closed after the last row. */
export class UnpooledStrategy implements Strategy {
  readonly name = "unpooled";
  readonly #connector: CountingConnector;
  readonly #where: string;
  readonly #connectTimeout: Milliseconds;

  constructor({ target, plan, connector }: StrategyContext) {
    this.#connector = connector();
    this.#where = target.display;
    this.#connectTimeout = plan.connectTimeout;
  }

  async operate(sql: string, startedAt: Milliseconds): Promise<Operation> {
    const connection = await connectWithin(this.#connector.connect, this.#where, this.#connectTimeout);
    const overhead = performance.now() - startedAt;
    try {
      await connection.client.execute(sql);
      return { overhead, doneAt: performance.now() };
    } finally {
      await connection.close();
    }
  }

  get socketsOpened(): number {
    return this.#connector.socketsOpened;
  }

  get connectionsOpened(): number {
    return this.#connector.connectionsOpened;
  }

  statistics(): null {
    return null;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
