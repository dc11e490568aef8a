import type { ManualClock } from "../../src/core/manual-clock.js";
import type { TursoPoolError } from "../../src/core/errors.js";
import type { ConnectionPool } from "../../src/pool/connection-pool.js";
import type { KeepAlivePool } from "../../src/pool/keep-alive-pool.js";
import type { Lease } from "../../src/pool/lease.js";
import type { FakeConnection } from "./fake-connections.js";

export type AnyPool = ConnectionPool<FakeConnection> | KeepAlivePool<FakeConnection>;

/** What the pool was told, as far as its promises depend on it. */
export interface Limits {
  readonly max: number;
  readonly timeout: number;
  /** A connection handed out was known to work this long ago, or less. */
  readonly checkAge: number;
  /** An idle connection is known to have worked this long ago, or less (interval and ping timeout). */
  readonly idleDoubt: number;
  /** The longest that a ping may take. */
  readonly pingTimeout: number;
}

interface Caller {
  readonly order: number;
  readonly since: number;
  readonly abort: AbortController | undefined;
}

/** The callers of a pool: who waits, who holds what, and whether each was served as promised. */
export class Callers {
  readonly pending = new Set<Caller>();
  readonly held = new Map<FakeConnection, Lease<FakeConnection>>();
  readonly violations: string[] = [];
  readonly #ended: Lease<FakeConnection>[] = [];
  readonly #pool: AnyPool;
  readonly #clock: ManualClock;
  readonly #limits: Limits;
  #orders = 0;
  served = 0;
  timedOut = 0;
  /** Under way: these wait and hold like others, but nobody sees what. */
  healthChecks = 0;
  poolClosed = false;

  constructor(pool: AnyPool, clock: ManualClock, limits: Limits) {
    this.#pool = pool;
    this.#clock = clock;
    this.#limits = limits;
  }

  acquire(withSignal: boolean): void {
    const abort = withSignal ? new AbortController() : undefined;
    const caller = { order: this.#orders++, since: this.#clock.now(), abort };
    this.pending.add(caller);
    this.#pool.acquire({ signal: abort?.signal }).then(
      (lease) => this.#got(caller, lease),
      (error: unknown) => this.#refused(caller, error as TursoPoolError),
    );
  }

  abort(which: number): void {
    pick(
      [...this.pending].filter((pending) => pending.abort),
      which,
    )?.abort?.abort();
  }

  end(which: number, end: (lease: Lease<FakeConnection>) => void): void {
    const held = pick([...this.held], which);
    if (!held) return;
    const [connection, lease] = held;
    this.held.delete(connection);
    this.#ended.push(lease);
    connection.provenAt = this.#clock.now();
    end(lease);
  }

  releaseAgain(which: number): void {
    const lease = pick(this.#ended, which);
    if (!lease) return;
    try {
      lease.release();
      this.violations.push("a double release did not throw");
    } catch (error) {
      this.expect((error as TursoPoolError).code === "LEASE_RELEASED", String(error));
    }
  }

  healthCheck(): void {
    this.healthChecks++;
    this.#pool.healthCheck().then(
      () => {
        this.healthChecks--;
        this.served++;
      },
      (error: unknown) => {
        this.healthChecks--;
        if ((error as TursoPoolError).code === "ACQUIRE_TIMEOUT") this.timedOut++;
      },
    );
  }

  expect(holds: boolean, violation: string): void {
    if (!holds) this.violations.push(`at ${this.#clock.now()} ms: ${violation}`);
  }

  #got(caller: Caller, lease: Lease<FakeConnection>): void {
    const { connection } = lease;
    this.pending.delete(caller);
    this.served++;
    for (const other of this.pending) {
      this.expect(other.order > caller.order, `caller ${caller.order} overtook ${other.order}`);
    }
    this.expect(!this.held.has(connection), `connection ${connection.id} has two holders`);
    this.expect(connection.closeCalls === 0 || this.poolClosed, "handed out what it had closed");
    const age = this.#clock.now() - connection.provenAt;
    this.expect(age < this.#limits.checkAge, `handed out a connection not heard of for ${age} ms`);
    this.held.set(connection, lease);
  }

  #refused(caller: Caller, { code, message }: TursoPoolError): void {
    this.pending.delete(caller);
    const waited = this.#clock.now() - caller.since;
    if (code === "ACQUIRE_TIMEOUT") {
      this.timedOut++;
      this.expect(waited >= this.#limits.timeout, `timed out after ${waited} ms`);
    } else if (code === "ABORTED") {
      this.expect(caller.abort?.signal.aborted === true, "aborted without being asked");
    } else if (code === "POOL_CLOSED") {
      this.expect(this.poolClosed, "closed without being asked");
    } else this.expect(code === "OPEN_FAILED" || code === "TOO_MANY_WAITERS", message);
  }
}

export function pick<T>(items: readonly T[], which: number): T | undefined {
  return items[which % items.length];
}
