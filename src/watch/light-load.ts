import { nextArrival } from "../bench/arrivals.js";
import type { Clock, Timer } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";
import type { Random } from "../core/random.js";
import type { Connection } from "../libsql/connection.js";
import type { Lease } from "../pool/lease.js";
import { statsError } from "./observe.js";
import type { LoadResult, StatsError } from "./result.js";
import type { Silences } from "./silences.js";
import { within, type Patience } from "./within.js";

export interface LightLoadPlan {
  readonly perSecond: number;
  /** The most callers at one time. */
  readonly concurrency: number;
}

export interface LightLoadOptions<C extends Connection> extends LightLoadPlan, Patience {
  readonly pool: { acquire(): Promise<Lease<C>> };
  /** Told what each connection answered. */
  readonly silences: Silences<C>;
  /** Draws the phase of the schedule. */
  readonly random: Random;
}

/**
 * An open loop: operations arrive at their own times, whether the pool keeps up or not. Each takes a connection, sends a
 * statement and gives the connection back. One that finds all callers busy begins as soon as one of them is not.
 */
export class LightLoad<C extends Connection> {
  readonly #options: LightLoadOptions<C>;
  readonly #clock: Clock;
  readonly #startedAt: Milliseconds;
  /** When the next operation is due, from the start. */
  #due: Milliseconds;
  #busy = 0;
  /** Since when all callers have been busy; `undefined` while one is free. */
  #fullSince: Milliseconds | undefined;
  #timer: Timer | undefined;
  #isStopped = false;
  #finish: () => void = () => undefined;
  readonly #finished = new Promise<void>((resolve) => (this.#finish = resolve));
  readonly #counts = {
    scheduled: 0,
    operations: 0,
    errors: 0,
    timeouts: 0,
    no_connection: 0,
    never_started: 0,
    found_no_caller: 0,
  };
  #firstError: StatsError | null = null;
  readonly #bugs: unknown[] = [];

  constructor(options: LightLoadOptions<C>) {
    this.#options = options;
    this.#clock = options.clock;
    this.#startedAt = this.#clock.now();
    this.#due = this.#next(null);
    this.#pump();
  }

  /** Starts nothing more, and waits for what is under way. @throws what is not ours to explain, which is a bug */
  async stop(): Promise<LoadResult> {
    this.#isStopped = true;
    this.#timer?.cancel();
    const { perSecond, concurrency } = this.#options;
    const isFull = this.#busy === concurrency;
    for (; isFull && this.#due < this.#elapsed; this.#due = this.#next(this.#due)) {
      this.#counts.scheduled++;
      this.#counts.never_started++;
    }
    if (this.#busy > 0) await this.#finished;
    if (this.#bugs.length > 0) throw this.#bugs[0];
    return { rate_per_second: perSecond, concurrency, ...this.#counts, first_error: this.#firstError };
  }

  get #elapsed(): Milliseconds {
    return this.#clock.now() - this.#startedAt;
  }

  #next(last: Milliseconds | null): Milliseconds {
    const { perSecond, random } = this.#options;
    return nextArrival({ kind: "open", perSecond, arrivals: "constant" }, last, random());
  }

  /** Starts all that is due and finds a caller, and sees to it that the rest will be. */
  #pump(): void {
    if (this.#isStopped) return;
    for (; this.#busy < this.#options.concurrency; this.#due = this.#next(this.#due)) {
      const left = this.#due - this.#elapsed;
      if (left > 0) {
        this.#timer?.cancel();
        this.#timer = this.#clock.schedule(left, () => this.#pump());
        return;
      }
      this.#start();
    }
  }

  #start(): void {
    this.#counts.scheduled++;
    if (this.#fullSince !== undefined && this.#due >= this.#fullSince) this.#counts.found_no_caller++;
    this.#busy++;
    if (this.#busy === this.#options.concurrency) this.#fullSince ??= this.#elapsed;
    void this.#operate()
      .catch((bug: unknown) => this.#bugs.push(bug))
      .finally(() => {
        this.#busy--;
        if (this.#isStopped && this.#busy === 0) this.#finish();
        this.#pump();
        if (this.#busy < this.#options.concurrency) this.#fullSince = undefined;
      });
  }

  async #operate(): Promise<void> {
    try {
      using lease = await this.#options.pool.acquire();
      await this.#ask(lease);
      this.#counts.operations++;
    } catch (error) {
      this.#count(error);
    }
  }

  async #ask(lease: Lease<C>): Promise<void> {
    const { connection } = lease;
    const { silences } = this.#options;
    const askedAt = this.#clock.now();
    try {
      await within(this.#options, (signal) => connection.ping(signal));
      silences.heard(connection);
    } catch (error) {
      if (isCoded(error, "OPERATION_TIMEOUT")) {
        silences.silent(connection, askedAt);
        // An answer that is still to come must not be taken for that of the next statement.
        lease.destroy();
      }
      throw error;
    }
  }

  #count(error: unknown): void {
    if (isCoded(error, "ACQUIRE_TIMEOUT")) this.#counts.no_connection++;
    else if (isCoded(error, "OPERATION_TIMEOUT")) this.#counts.timeouts++;
    else this.#counts.errors++;
    // Why a connection could not be opened says more than that it could not.
    const told = isCoded(error, "OPEN_FAILED") && error.cause instanceof TursoPoolError ? error.cause : error;
    this.#firstError ??= statsError(told);
  }
}

function isCoded(error: unknown, code: TursoPoolError["code"]): error is TursoPoolError {
  return error instanceof TursoPoolError && error.code === code;
}
