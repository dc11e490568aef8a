import { TursoPoolError } from "../../core/errors.js";
import { connectWithin } from "../../libsql/connect-within.js";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import { seated } from "../seated.js";
import type { Site, Way } from "../site.js";

/** So many connections are opened at one time: a server is not to take it for an attack. */
const AT_ONCE = 8;

/** The connections of a sweep, which all levels share: a level uses those that have rested longest. */
export class Crew {
  readonly #site: Site;
  readonly #way: Way;
  readonly #signal: AbortSignal;
  #resting: LibsqlConnection[] = [];
  readonly #all = new Set<LibsqlConnection>();

  constructor(site: Site, way: Way, signal: AbortSignal) {
    this.#site = site;
    this.#way = way;
    this.#signal = signal;
  }

  /**
   * Opens connections until there are `count`, in place of those that were closed, too.
   * @returns why there are fewer; `undefined` when there are not
   */
  async muster(count: number): Promise<TursoPoolError | undefined> {
    await this.keepOnly(this.#resting.filter((connection) => connection.open));
    const { display, connectTimeout, seats } = this.#site;
    const open = seated(this.#way, seats);
    while (this.#all.size < count) {
      const missing = Math.min(AT_ONCE, count - this.#all.size);
      const opened = await Promise.allSettled(
        Array.from({ length: missing }, () => connectWithin(open, display, connectTimeout, this.#signal)),
      );
      for (const one of opened) {
        if (one.status === "rejected") continue;
        this.#all.add(one.value);
        this.#resting.push(one.value);
      }
      const failed = opened.find((one) => one.status === "rejected");
      if (failed === undefined) continue;
      const error: unknown = failed.reason;
      if (error instanceof TursoPoolError) return error;
      if (this.#signal.aborted)
        return new TursoPoolError("ABORTED", "the sweep was stopped", { cause: error });
      throw error;
    }
    return undefined;
  }

  /** Connections for a level; they come back by {@link keepOnly}. */
  send(count: number): LibsqlConnection[] {
    return this.#resting.splice(0, count);
  }

  /** Takes connections back, and closes all that neither rested nor came back: they wait for an answer still. */
  async keepOnly(returned: readonly LibsqlConnection[]): Promise<void> {
    this.#resting = [...new Set([...this.#resting, ...returned])].filter((connection) => connection.open);
    const kept = new Set(this.#resting);
    await this.#close([...this.#all].filter((connection) => !kept.has(connection)));
  }

  /** Closes all of them, those in use too. */
  async close(): Promise<void> {
    this.#resting = [];
    await this.#close([...this.#all]);
  }

  async #close(connections: readonly LibsqlConnection[]): Promise<void> {
    for (const connection of connections) this.#all.delete(connection);
    await Promise.all(connections.map((connection) => connection.close()));
  }
}
