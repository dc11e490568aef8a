import type { Client } from "@libsql/client";
import { TursoPoolError } from "../core/errors.js";
import type { Connection } from "../libsql/connection.js";
import type { Entry, EvictionReason } from "./entry.js";

/** What a lease needs of the pool that gave it out. */
export interface Lender<C extends Connection> {
  release(entry: Entry<C>): void;
  discard(entry: Entry<C>, reason: EvictionReason): void;
}

/**
 * One checkout of a connection. Give it back with `release()`, or let `using` do it:
 *
 * ```ts
 * using lease = await pool.acquire();
 * await lease.client.execute("SELECT 1");
 * ```
 *
 * Every checkout is a new lease, so a late or double release can never free somebody else's connection.
 */
export class Lease<C extends Connection = Connection> implements Disposable, AsyncDisposable {
  readonly #pool: Lender<C>;
  #entry: Entry<C> | undefined;

  constructor(pool: Lender<C>, entry: Entry<C>) {
    this.#pool = pool;
    this.#entry = entry;
  }

  /** The connection that is leased. Throws `LEASE_RELEASED` after the lease ended. */
  get connection(): C {
    return this.#held("used").resource;
  }

  /** The `@libsql/client` client of that connection. Throws `LEASE_RELEASED` after the lease ended. */
  get client(): Client {
    return this.#held("used").resource.client;
  }

  get released(): boolean {
    return this.#entry === undefined;
  }

  /**
   * Says who holds the connection, for `leakSuspected` to tell: an error made where it was asked for, whose stack is put
   * into words only when somebody reads it.
   */
  heldBy(holder: { readonly stack?: string | undefined }): void {
    this.#held("used").holder = holder;
  }

  /** Gives the connection back. Throws `LEASE_RELEASED` when called twice; nobody is harmed. */
  release(): void {
    const entry = this.#held("released");
    this.#entry = undefined;
    this.#pool.release(entry);
  }

  /** Gives the connection back to be closed, because the holder knows that it is broken. */
  destroy(reason: EvictionReason = "destroyed-by-holder"): void {
    const entry = this.#held("destroyed");
    this.#entry = undefined;
    this.#pool.discard(entry, reason);
    this.#pool.release(entry);
  }

  /** Releases unless that was done already. */
  [Symbol.dispose](): void {
    if (this.#entry !== undefined) this.release();
  }

  /** Releases unless that was done already. */
  [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    return Promise.resolve();
  }

  #held(verb: string): Entry<C> {
    if (this.#entry !== undefined) return this.#entry;
    throw new TursoPoolError("LEASE_RELEASED", `this lease was ${verb} after it had been released`, {
      hint: "Keep the lease until the last use of its connection, and release it once.",
    });
  }
}
