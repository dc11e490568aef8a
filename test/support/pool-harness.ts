import { ManualClock, settle } from "../../src/core/manual-clock.js";
import type { PoolStatistics } from "../../src/pool/statistics.js";
import { FakeDatabase } from "./fake-connections.js";
import type { Action } from "./pool-actions.js";
import { Callers, pick, type AnyPool, type Limits } from "./pool-callers.js";

/** Acts out a history on a pool, and checks after every step that the pool kept its promises. */
export class PoolHarness {
  readonly #clock: ManualClock;
  readonly #database: FakeDatabase;
  readonly #pool: AnyPool;
  readonly #limits: Limits;
  readonly #callers: Callers;
  #wokeAt = 0;
  #closed: Promise<void> | undefined;

  constructor(limits: Limits, makePool: (database: FakeDatabase, clock: ManualClock) => AnyPool) {
    this.#clock = new ManualClock();
    this.#database = new FakeDatabase(this.#clock);
    this.#pool = makePool(this.#database, this.#clock);
    this.#limits = limits;
    this.#callers = new Callers(this.#pool, this.#clock, limits);
  }

  /** Rejects with the first violations that a step brings to light. */
  async run(history: readonly Action[]): Promise<void> {
    const { violations } = this.#callers;
    for (const action of history) {
      const settled = await this.#act(action);
      this.#checkAlways();
      if (settled) this.#checkSettled();
      if (violations.length > 0) break;
    }
    if (violations.length === 0) await this.#finish();
    if (violations.length > 0) throw new Error(violations.join("\n"));
  }

  /** Returns whether everything that needs no time has happened. */
  async #act(action: Action): Promise<boolean> {
    const callers = this.#callers;
    switch (action.do) {
      case "acquire":
        callers.acquire(action.withSignal);
        return false;
      case "release":
        callers.end(action.which, (lease) => lease.release());
        return false;
      case "destroy":
        callers.end(action.which, (lease) => lease.destroy());
        return false;
      case "releaseAgain":
        callers.releaseAgain(action.which);
        return false;
      case "abort":
        callers.abort(action.which);
        return false;
      case "drop":
        pick(this.#database.open, action.which)?.drop();
        return false;
      case "healthCheck":
        callers.healthCheck();
        return false;
      case "sleep":
        // Whatever needs no time is done before the machine sleeps, and what fell due then comes after.
        await settle();
        this.#clock.sleep(action.duration);
        this.#wokeAt = this.#clock.now();
        await this.#clock.advance(0);
        return true;
      case "advance":
        await this.#clock.advance(action.duration);
        return true;
      case "settle":
        await settle();
        return true;
      case "close":
        this.#close(action.timeout);
        return false;
      case "opens":
      case "pings":
      case "closes":
        this.#database[action.do] = action.behaviour;
        return false;
    }
  }

  #close(timeout: number): void {
    this.#callers.poolClosed = true;
    this.#closed ??= this.#pool.close({ timeout });
  }

  /** What holds at every moment. */
  #checkAlways(): void {
    const { held, poolClosed } = this.#callers;
    const { peak, occupied, connections } = this.#database;
    const now = this.#pool.statistics();
    const evictions = Object.values(now.evictions).reduce((sum, count) => sum + count, 0);
    const closeCalls = connections.reduce((sum, connection) => sum + connection.closeCalls, 0);
    this.#expect(peak <= this.#limits.max, `${peak} connections at one time`);
    this.#expect(places(now) <= this.#limits.max, `${places(now)} places occupied`);
    this.#expect(places(now) >= occupied, "a connection that the pool does not know of");
    this.#expect(evictions === closeCalls, `${evictions} evictions, ${closeCalls} closed`);
    this.#expect(now.activeConnections >= held.size || poolClosed, "fewer active than held");
  }

  /** What holds when everything that can happen without time passing has happened. */
  #checkSettled(): void {
    const now = this.#pool.statistics();
    const { max } = this.#limits;
    this.#checkCounts(now);
    this.#checkDeadlines();
    if (!this.#callers.poolClosed) this.#checkIdle(now);
    const stuck = now.waiting > 0 && now.pendingConnections === 0 && now.activeConnections < max;
    this.#expect(!stuck, "somebody waits, there is room, and nothing happens");
  }

  #checkCounts(now: PoolStatistics): void {
    const { pending, held, served, timedOut, healthChecks, poolClosed } = this.#callers;
    const { connections, failedOpens, abortedOpens } = this.#database;
    this.#same("totalCreated", now.totalCreated, connections.length);
    // One that fails in the turn in which the pool closes may be counted as failed or as stopped.
    if (!poolClosed) this.#same("totalOpenFailures", now.totalOpenFailures, failedOpens + abortedOpens);
    if (healthChecks > 0) return;
    this.#same("waiting", now.waiting, pending.size);
    this.#same("totalCheckouts", now.totalCheckouts, served);
    this.#same("totalTimeouts", now.totalTimeouts, timedOut);
    if (!poolClosed) this.#same("activeConnections", now.activeConnections, held.size);
  }

  #checkDeadlines(): void {
    for (const caller of this.#callers.pending) {
      const due = caller.since + this.#limits.timeout;
      this.#expect(this.#clock.now() < due, `caller ${caller.order} waits beyond its deadline`);
    }
  }

  /** Whatever nobody holds was pinged in time, or is being pinged; a half-open connection does not stay. */
  #checkIdle(now: PoolStatistics): void {
    const { held } = this.#callers;
    if (now.activeConnections > held.size) return;
    for (const connection of this.#database.open) {
      if (held.has(connection)) continue;
      const { idleDoubt, pingTimeout } = this.#limits;
      const noticed = Math.max(connection.provenAt + idleDoubt, this.#wokeAt + pingTimeout);
      this.#expect(this.#clock.now() <= noticed, `connection ${connection.id} was not looked after`);
    }
  }

  async #finish(): Promise<void> {
    this.#close(0);
    let timersLeft = NaN;
    void this.#closed?.then(() => (timersLeft = this.#clock.pendingTimers));
    for (const lease of this.#callers.held.values()) lease.release();
    await this.#clock.advance(10_000);
    this.#checkAlways();
    const once = this.#database.connections.every((connection) => connection.closeCalls === 1);
    this.#expect(once, "a connection was not closed exactly once");
    this.#same("callers that never heard", this.#callers.pending.size, 0);
    this.#same("connections left", this.#database.occupied, 0);
    this.#same("timers left when close() ended", timersLeft, 0);
    this.#same("timers left", this.#clock.pendingTimers, 0);
    this.#same("places still occupied", places(this.#pool.statistics()), 0);
  }

  #same(what: string, actual: number, expected: number): void {
    this.#expect(actual === expected, `${what}: ${actual}, not ${expected}`);
  }

  #expect(holds: boolean, violation: string): void {
    this.#callers.expect(holds, violation);
  }
}

const places = (now: PoolStatistics): number =>
  now.activeConnections + now.idleConnections + now.pendingConnections;
