import type { Clock, Timer } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";

/** Somebody who may hold the lock. */
export interface LockOwner {
  /** The lock is taken away: end the transaction that it was held for. */
  forceRollback(): void;
  /** Whether it does something at this moment, however long that takes: it is not idle then. */
  readonly isAtWork?: boolean;
}

export interface WriteLockOptions {
  readonly clock: Clock;
  /** How long a writer waits before it hears that the database is busy. */
  readonly busyTimeout: Milliseconds;
  /** How long a transaction may do nothing while another writer waits. */
  readonly idleTimeout: Milliseconds;
}

interface Waiter {
  readonly owner: LockOwner;
  readonly settle: (granted: boolean) => void;
  readonly deadline: Timer;
}

/**
 * Who may write. SQLite has one writer at a time and waits for it by blocking the thread, which would
 * stop every other client; here writers queue without a thread, first come, first served.
 */
export class WriteLock {
  readonly #options: WriteLockOptions;
  readonly #waiters: Waiter[] = [];
  #holder: LockOwner | undefined;
  #holderIdleSince: Milliseconds = 0;
  #stealTimer: Timer | undefined;

  constructor(options: WriteLockOptions) {
    this.#options = options;
  }

  isHeldBy(owner: LockOwner): boolean {
    return this.#holder === owner;
  }

  /** True once `owner` holds the lock; false when the wait took too long or was cancelled. */
  acquire(owner: LockOwner): Promise<boolean> | boolean {
    if (this.#holder === owner) return true;
    if (this.#holder === undefined) {
      this.#grant(owner);
      return true;
    }
    return new Promise((resolve) => {
      // The holder's timer is set first: when both are due, the idle transaction loses.
      this.#watchHolder(this.#waiters.length + 1);
      const deadline = this.#options.clock.schedule(this.#options.busyTimeout, () => this.cancel(owner));
      this.#waiters.push({ owner, settle: resolve, deadline });
    });
  }

  /** The holder did something, so its transaction is not idle. */
  touch(owner: LockOwner): void {
    if (this.#holder === owner) this.#holderIdleSince = this.#options.clock.now();
  }

  release(owner: LockOwner): void {
    if (this.#holder !== owner) return;
    this.#holder = undefined;
    const next = this.#waiters.shift();
    if (next) {
      next.deadline.cancel();
      this.#grant(next.owner);
      next.settle(true);
    }
    this.#watchHolder();
  }

  /** Ends the wait of `owner`, which is answered with false. */
  cancel(owner: LockOwner): void {
    const index = this.#waiters.findIndex((waiter) => waiter.owner === owner);
    const [waiter] = index === -1 ? [] : this.#waiters.splice(index, 1);
    waiter?.deadline.cancel();
    waiter?.settle(false);
    this.#watchHolder();
  }

  #grant(owner: LockOwner): void {
    this.#holder = owner;
    this.#holderIdleSince = this.#options.clock.now();
  }

  #watchHolder(waiters = this.#waiters.length): void {
    this.#stealTimer?.cancel();
    this.#stealTimer = undefined;
    if (this.#holder === undefined || waiters === 0) return;
    const { clock, idleTimeout } = this.#options;
    const left = Math.max(0, this.#holderIdleSince + idleTimeout - clock.now());
    this.#stealTimer = clock.schedule(left, () => this.#steal());
    this.#stealTimer.unref();
  }

  #steal(): void {
    this.#stealTimer = undefined;
    const holder = this.#holder;
    if (holder === undefined || this.#waiters.length === 0) return;
    const { clock, idleTimeout } = this.#options;
    if (holder.isAtWork === true) this.touch(holder);
    if (clock.now() - this.#holderIdleSince < idleTimeout) return this.#watchHolder();
    holder.forceRollback();
    this.release(holder);
  }
}
