import { ManualClock, settle } from "../../src/core/manual-clock.js";
import { TursoPoolError } from "../../src/core/errors.js";
import type { ConnectionPoolOptions, KeepAlivePoolOptions } from "../../src/pool/config.js";
import { ConnectionPool } from "../../src/pool/connection-pool.js";
import { KeepAlivePool } from "../../src/pool/keep-alive-pool.js";
import { FakeDatabase, type Behaviour, type FakeConnection } from "./fake-connections.js";

export { settle };

export interface Setup {
  readonly opens?: Behaviour;
  readonly random?: () => number;
}

function world(setup: Setup) {
  const clock = new ManualClock();
  const database = new FakeDatabase(clock);
  database.opens = setup.opens ?? {};
  // No jitter unless a test is about it: lifetimes and intervals are as configured.
  const injected = { open: database.connect, clock, random: setup.random ?? (() => 0) };
  return { clock, database, injected };
}

/** A ConnectionPool with nothing open at the start, on a manual clock and fake connections. */
export function connectionPool(
  options: Partial<ConnectionPoolOptions<FakeConnection>> = {},
  setup: Setup = {},
) {
  const { clock, database, injected } = world(setup);
  const pool = new ConnectionPool<FakeConnection>({ minConnections: 0, ...injected, ...options });
  return { clock, database, pool };
}

/** A KeepAlivePool with nothing open at the start, on a manual clock and fake connections. */
export function keepAlivePool(
  options: Partial<KeepAlivePoolOptions<FakeConnection>> = {},
  setup: Setup = {},
) {
  const { clock, database, injected } = world(setup);
  const pool = new KeepAlivePool<FakeConnection>({ minConnections: 0, ...injected, ...options });
  return { clock, database, pool };
}

/** What became of a promise so far. */
export interface Watched<T> {
  state: "pending" | "resolved" | "rejected";
  value?: T;
  error?: TursoPoolError;
}

/** Observes a promise without waiting for it. */
export function watch<T>(promise: Promise<T>): Watched<T> {
  const watched: Watched<T> = { state: "pending" };
  promise.then(
    (value) => Object.assign(watched, { state: "resolved", value }),
    (error: unknown) => Object.assign(watched, { state: "rejected", error }),
  );
  return watched;
}

/** Leases `count` connections one after the other, and gives them back in that order. */
export async function fill(
  pool: ConnectionPool<FakeConnection> | KeepAlivePool<FakeConnection>,
  clock: ManualClock,
  count: number,
): Promise<FakeConnection[]> {
  const promises = Array.from({ length: count }, () => pool.acquire());
  await clock.advance(0);
  const leases = await Promise.all(promises);
  const connections = leases.map((lease) => lease.connection);
  for (const lease of leases) lease.release();
  return connections;
}

/** The error that a promise rejects with; fails when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<TursoPoolError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof TursoPoolError) return error;
    throw error;
  }
  throw new Error("it did not reject");
}
