import type { Milliseconds } from "../../core/duration.js";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import type { Lease } from "../lease.js";
import type { Deadline } from "./deadline.js";
import { acquireFailure, type Failure } from "./failure.js";
import type { Session } from "./session.js";

/** Looks for a connection: all attempts to have one together take no longer than the first alone may. */
export class Search {
  readonly #session: Session;
  /** Since when none can be had, and why. */
  #latest: { readonly since: Milliseconds; readonly failure: Failure } | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** How much time it has left; `undefined` while nothing has failed. */
  get left(): Milliseconds | undefined {
    return this.#latest && this.#leftSince(this.#latest.since);
  }

  /** Rejects with what the pool, or the deadline, says. */
  async acquire(deadline: Deadline): Promise<Lease<LibsqlConnection>> {
    const lease = this.#session.pool.pool.tryAcquire() ?? (await this.#wait(deadline));
    this.#latest = undefined;
    return lease;
  }

  /** What to make of it that there was none. */
  failed(began: Milliseconds, cause: unknown): Failure {
    const { since, failure } = this.#latest ?? { since: began, failure: undefined };
    // Where the search ended for want of time, what it met with before says more.
    const latest = failure !== undefined && this.#leftSince(since) <= 0 ? failure : acquireFailure(cause);
    this.#latest = { since, failure: latest };
    return latest;
  }

  async #wait({ signal }: Deadline): Promise<Lease<LibsqlConnection>> {
    const { pool } = this.#session;
    if (this.left === undefined) return pool.acquire({ signal });
    using end = this.#session.begin({ signal, operationTimeout: this.left });
    return await pool.acquire({ signal: end.signal });
  }

  #leftSince(since: Milliseconds): Milliseconds {
    return since + this.#session.connectionTimeout - this.#session.now();
  }
}
