import type { Clock, Timer } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { EngineHandle } from "./engine-handle.js";
import { RequestError } from "./hrana-errors.js";
import type { ServerMetrics } from "./metrics.js";

export interface HandlePoolOptions {
  readonly file: string;
  /** Streams that may have a handle at one time. */
  readonly maxInUse: number;
  /** How long a stream waits for its turn before it is refused. */
  readonly waitTimeout: Milliseconds;
  readonly clock: Clock;
  readonly metrics: ServerMetrics;
}

interface Waiter {
  readonly resolve: () => void;
  readonly deadline: Timer;
}

/** Handles kept for the next stream: opening one costs as much as a whole warm operation. */
const MAX_IDLE = 16;

/** Gives each stream an engine handle of its own, fresh or as good as fresh. */
export class HandlePool {
  readonly #options: HandlePoolOptions;
  readonly #idle: EngineHandle[] = [];
  readonly #waiters = new Set<Waiter>();
  #inUse = 0;
  #closed = false;

  constructor(options: HandlePoolOptions) {
    this.#options = options;
  }

  /** @throws {RequestError} `TOO_MANY_STREAMS` when no place became free in time. */
  async acquire(): Promise<EngineHandle> {
    if (this.#inUse >= this.#options.maxInUse) await this.#wait();
    else this.#inUse++;
    try {
      return this.#idle.pop() ?? this.open();
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** Takes a handle back: keeps it when nobody can tell it from a fresh one, closes it otherwise. */
  release(handle: EngineHandle): void {
    if (!this.#keep(handle)) this.discard(handle);
    this.#leave();
  }

  /** A handle in the place of one that is being discarded. */
  open(): EngineHandle {
    const handle = EngineHandle.open(this.#options.file);
    this.#options.metrics.handlesOpened++;
    this.#options.metrics.handlesOpen++;
    return handle;
  }

  /** Closes a handle whose place is kept. */
  discard(handle: EngineHandle): void {
    this.#options.metrics.handlesOpen--;
    handle.close();
  }

  /** Closes the idle handles now, and those in use when they come back. */
  close(): void {
    this.#closed = true;
    for (const handle of this.#idle.splice(0)) this.discard(handle);
    for (const waiter of this.#waiters) {
      waiter.deadline.cancel();
      waiter.resolve();
    }
    this.#waiters.clear();
  }

  #keep(handle: EngineHandle): boolean {
    try {
      handle.rollback();
    } catch {
      return false;
    }
    if (this.#closed || handle.marked || handle.poisoned || this.#idle.length >= MAX_IDLE) return false;
    handle.recycle();
    this.#idle.push(handle);
    return true;
  }

  #wait(): Promise<void> {
    const { clock, waitTimeout, maxInUse } = this.#options;
    return new Promise((resolve, reject) => {
      const refuse = (): void => {
        this.#waiters.delete(waiter);
        const why = `Timed out while opening database connection: ${maxInUse} streams are open`;
        reject(new RequestError("TOO_MANY_STREAMS", why));
      };
      const waiter = { resolve, deadline: clock.schedule(waitTimeout, refuse) };
      this.#waiters.add(waiter);
    });
  }

  /** Gives the place to whoever has waited longest. */
  #leave(): void {
    const [waiter] = this.#waiters;
    if (!waiter) {
      this.#inUse--;
      return;
    }
    this.#waiters.delete(waiter);
    waiter.deadline.cancel();
    waiter.resolve();
  }
}
