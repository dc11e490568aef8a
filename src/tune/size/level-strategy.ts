import type { Operation, Strategy } from "../../bench/strategies/strategy.js";
import type { Milliseconds } from "../../core/duration.js";
import { TursoPoolError } from "../../core/errors.js";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";

/** What a block is given to work with. */
export interface LevelOptions {
  readonly connections: readonly LibsqlConnection[];
  readonly where: string;
  /** The block ends when there were so many. */
  readonly mostOperations: number;
  /** Ends the block. */
  readonly stop: () => void;
}

/** As many callers as connections, so nobody waits for one: an operation is what the database makes of it. */
export class LevelStrategy implements Strategy {
  readonly name = "pool";
  readonly #options: LevelOptions;
  readonly #free: LibsqlConnection[];
  queries = 0;

  constructor(options: LevelOptions) {
    this.#options = options;
    this.#free = [...options.connections];
  }

  /** Connections that are not waiting for an answer. */
  get returned(): readonly LibsqlConnection[] {
    return this.#free;
  }

  get socketsOpened(): number {
    return this.connectionsOpened;
  }

  get connectionsOpened(): number {
    return this.#options.connections.length;
  }

  async operate(sql: string, startedAt: Milliseconds): Promise<Operation> {
    const { where, mostOperations, stop } = this.#options;
    const connection = this.#free.shift();
    if (connection === undefined) {
      // Another caller's operation missed its deadline, and its connection has not come back.
      stop();
      throw new TursoPoolError("CONNECTION_CLOSED", `${where}: a connection was lost`);
    }
    const overhead = performance.now() - startedAt;
    if (++this.queries >= mostOperations) stop();
    try {
      await connection.client.execute(sql);
      return { overhead, doneAt: performance.now() };
    } catch (error) {
      // Whatever it was, it is looked at before there is more of it: a refusal may come within no time.
      stop();
      throw error;
    } finally {
      this.#free.push(connection);
    }
  }

  statistics(): null {
    return null;
  }

  /** The connections are the crew's. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
