import type { Client } from "@libsql/client";
import type { Clock } from "../../src/core/clock.js";
import type { Milliseconds } from "../../src/core/duration.js";
import { TursoPoolError } from "../../src/core/errors.js";
import type { Connection } from "../../src/libsql/connection.js";

/**
 * What a fake does when it is asked to open, ping or close: after `after` milliseconds (0: at once, without
 * a timer) it succeeds or fails. `hang` waits until it is told to stop; `deaf` does not even listen to that.
 */
export interface Behaviour {
  readonly after?: Milliseconds;
  readonly then?: "succeed" | "fail" | "hang" | "deaf";
  readonly error?: Error;
}

/** The far side: makes connections as scripted, and counts what a server would see. */
export class FakeDatabase {
  /** What openings do from now on; `nextOpens` go first. */
  opens: Behaviour = {};
  nextOpens: Behaviour[] = [];
  /** What pings and closings do from now on, unless a connection has its own mind. */
  pings: Behaviour = {};
  closes: Behaviour = {};
  /** Connections that were opened, in that order. */
  readonly connections: FakeConnection[] = [];
  /** Attempts to open. */
  attempts = 0;
  failedOpens = 0;
  /** Openings that were told to stop because they took too long. */
  abortedOpens = 0;
  /** Openings that were told to stop because the pool closed. */
  stoppedOpens = 0;
  opening = 0;
  closing = 0;
  /** The most that were opening, open and closing at one time. */
  peak = 0;
  readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get open(): readonly FakeConnection[] {
    return this.connections.filter((connection) => connection.open);
  }

  /** Opening, open and closing. */
  get occupied(): number {
    return this.opening + this.closing + this.open.length;
  }

  /** Pings that were sent, over all connections. */
  get pingsSent(): number {
    return this.connections.reduce((sum, connection) => sum + connection.pingsSent, 0);
  }

  /** The `open` function for a pool. */
  readonly connect = async (signal: AbortSignal): Promise<FakeConnection> => {
    const behaviour = this.nextOpens.shift() ?? this.opens;
    this.attempts++;
    this.opening++;
    this.watch();
    try {
      await behave(behaviour, this.clock, signal);
    } catch (error) {
      this.opening--;
      const reason: unknown = signal.reason;
      if (reason instanceof TursoPoolError && reason.code === "POOL_CLOSED") this.stoppedOpens++;
      else if (signal.aborted) this.abortedOpens++;
      else this.failedOpens++;
      throw error;
    }
    this.opening--;
    const connection = new FakeConnection(this, this.connections.length);
    this.connections.push(connection);
    this.watch();
    return connection;
  };

  watch(): void {
    this.peak = Math.max(this.peak, this.occupied);
  }
}

export class FakeConnection implements Connection {
  readonly client = {} as Client;
  readonly id: number;
  readonly #database: FakeDatabase;
  readonly #listeners: (() => void)[] = [];
  readonly #broken = new AbortController();
  #state: "open" | "closing" | "closed" = "open";
  pings: Behaviour | undefined;
  pingsSent = 0;
  pingsAnswered = 0;
  closeCalls = 0;
  /** When it was last seen to work: opened, or a ping answered. Tests add when it was given back. */
  provenAt: Milliseconds;

  constructor(database: FakeDatabase, id: number) {
    this.provenAt = database.clock.now();
    this.#database = database;
    this.id = id;
  }

  get open(): boolean {
    return this.#state === "open";
  }

  async ping(signal: AbortSignal): Promise<void> {
    if (!this.open) throw new Error(`pinged connection ${this.id}, which is closed`);
    this.pingsSent++;
    const stop = AbortSignal.any([signal, this.#broken.signal]);
    await behave(this.pings ?? this.#database.pings, this.#database.clock, stop);
    this.pingsAnswered++;
    this.provenAt = this.#database.clock.now();
  }

  onClose(listener: () => void): void {
    if (this.open) this.#listeners.push(listener);
    else listener();
  }

  /** The socket closes by itself, or by the other side. */
  drop(): void {
    if (this.#state === "closed") return;
    if (this.#state === "open") this.#state = "closed";
    this.#broken.abort(new Error(`connection ${this.id} was dropped`));
    for (const listener of this.#listeners.splice(0)) listener();
  }

  async close(): Promise<void> {
    this.closeCalls++;
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#database.closing++;
    this.drop();
    try {
      await behave(this.#database.closes, this.#database.clock, new AbortController().signal);
    } finally {
      this.#state = "closed";
      this.#database.closing--;
    }
  }
}

/** Does as told, and leaves no timer behind when it is stopped. */
export function behave(behaviour: Behaviour, clock: Clock, signal: AbortSignal): Promise<void> {
  const { after = 0, then = "succeed", error = new Error("refused by the fake") } = behaviour;
  if (then === "deaf") return new Promise(() => undefined);
  return new Promise((resolve, reject) => {
    const finish = then === "fail" ? () => reject(error) : resolve;
    if (signal.aborted) return reject(signal.reason as Error);
    if (then !== "hang" && after === 0) return finish();
    const timer = then === "hang" ? undefined : clock.schedule(after, finish);
    signal.addEventListener("abort", () => {
      timer?.cancel();
      reject(signal.reason as Error);
    });
  });
}
