import type { Milliseconds } from "../core/duration.js";
import { newEntry, type Entry, type EvictionReason } from "./entry.js";
import { IdleStack } from "./idle-stack.js";
import { openFailed, Opener, poolClosed, tooManyWaiters } from "./opening.js";
import type { ResourcePoolOptions } from "./resource-pool-options.js";
import { Tally, type ResourceCounts } from "./tally.js";
import { WaitQueue } from "./wait-queue.js";

/**
 * The part of a pool that is the same for every kind of resource: places, waiters, and who holds what.
 *
 * - Opening, open and closing resources together never outnumber `maxResources`.
 * - Idle resources are kept in the order of their last use, and the latest is taken first.
 * - An opening belongs to nobody: whoever waits first when it is done gets it, and a caller who gives up
 *   does not cancel it. When it fails, whoever waits first is told.
 * - A resource that is being probed is expected back, so nobody opens another for its sake,
 *   until it is late.
 */
export class ResourcePool<R, L> {
  readonly #options: ResourcePoolOptions<R, L>;
  readonly #queue: WaitQueue<L>;
  readonly #opener: Opener<R>;
  readonly #entries = new Set<Entry<R>>();
  readonly #idle = new IdleStack<R>();
  readonly #closing = new AbortController();
  readonly #tally = new Tally();
  #onVacated: (() => void) | undefined;
  #expected = 0;
  #leased = 0;

  constructor(options: ResourcePoolOptions<R, L>) {
    this.#options = options;
    const { clock, timeout, open } = options;
    this.#opener = new Opener({ clock, timeout, open, closing: this.#closing.signal });
    this.#queue = new WaitQueue({
      clock,
      timeout,
      describe: () =>
        `${this.#leased} of ${options.maxResources} leased, ${this.#opener.pending} opening, ${this.#queue.length} waiting`,
    });
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Occupied places: opening, open, and closing. */
  get size(): number {
    return this.#entries.size + this.#opener.pending;
  }

  /** Places that are not about to come free. */
  get lasting(): number {
    return this.#opener.pending + [...this.#entries].filter((entry) => entry.state !== "closing").length;
  }

  /** Idle entries, the longest unused first. */
  idle(): readonly Entry<R>[] {
    return this.#idle.list();
  }

  counts(): ResourceCounts {
    return {
      size: this.size,
      leased: this.#leased,
      idle: this.#idle.length,
      tally: this.#tally,
      opener: this.#opener,
      queue: this.#queue,
    };
  }

  /** The idle entry that was used last, left where it is. */
  latest(): Entry<R> | undefined {
    return this.#idle.peek();
  }

  /** Leases the idle entry that was used last; `undefined` when none is idle. */
  take(): L | undefined {
    const entry = this.#idle.pop();
    if (entry === undefined) return undefined;
    this.#tally.leased(entry, 0);
    return this.#lease(entry);
  }

  /** Waits for a lease, opening a resource when there is room. */
  wait(signal: AbortSignal | undefined): Promise<L> {
    if (this.closed) return Promise.reject(poolClosed());
    const full = this.size >= this.#options.maxResources;
    if (full && this.#queue.length - this.#opener.pending - this.#expected >= this.#options.maxWaiters) {
      return Promise.reject(tooManyWaiters(this.#options.maxWaiters));
    }
    const lease = this.#queue.wait(signal);
    this.#openForWaiters();
    return lease;
  }

  /** A holder gives its entry back. */
  release(entry: Entry<R>): void {
    // A holder that outlived the pool's close comes back to a resource that is gone already.
    if (entry.state !== "leased") return;
    this.#leased--;
    entry.idleSince = this.#options.clock.now();
    this.#settle(entry, entry.idleSince);
  }

  /** Takes an idle entry away from callers until `putBack` or `discard`. */
  reserve(entry: Entry<R>): void {
    if (entry.state !== "idle") throw new Error(`bug: reserved an entry that is ${entry.state}`);
    this.#idle.remove(entry);
    entry.state = "reserved";
    entry.expected = true;
    this.#expected++;
  }

  /** A reserved entry takes longer than opening another would: stop counting on it. */
  late(entry: Entry<R>): void {
    this.#unexpect(entry);
    this.#openForWaiters();
  }

  /** Gives back an entry that was reserved and that works. */
  putBack(entry: Entry<R>): void {
    if (entry.state !== "reserved") return;
    this.#unexpect(entry);
    this.#settle(entry, this.#options.clock.now());
  }

  /** Closes an entry for good: now if the pool has it, on release if a caller holds it. */
  discard(entry: Entry<R>, reason: EvictionReason): void {
    if (entry.state === "closing" || entry.state === "closed") return;
    if (entry.state === "leased") {
      entry.doomed ??= reason;
      return;
    }
    if (entry.state === "idle") this.#idle.remove(entry);
    this.#dismiss(entry, reason);
  }

  /** Starts opening a resource for nobody in particular, if there is room. */
  openOne(): void {
    if (!this.closed && this.size < this.#options.maxResources) this.#open();
  }

  /**
   * Rejects all waiters, closes what no caller holds, waits up to `patience` for the rest to come back,
   * then closes that too.
   */
  async close(patience: Milliseconds): Promise<void> {
    this.#closing.abort(poolClosed());
    this.#queue.close(poolClosed);
    for (const entry of this.#entries) if (entry.state !== "leased") this.discard(entry, "pool-closed");
    if (!(await this.#empty(patience))) {
      for (const entry of this.#entries) {
        if (entry.state !== "leased") continue;
        this.#leased--;
        this.#dismiss(entry, "pool-closed");
      }
      await this.#empty(patience);
    }
  }

  /** Resolves with true when no place is occupied any more, with false when `patience` is over. */
  #empty(patience: Milliseconds): Promise<boolean> {
    if (this.size === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = this.#options.clock.schedule(patience, () => resolve(false));
      this.#onVacated = () => {
        if (this.size > 0) return;
        timer.cancel();
        resolve(true);
      };
    });
  }

  /** An entry that works came free: the first waiter gets it, or it goes idle. */
  #settle(entry: Entry<R>, now: Milliseconds): void {
    entry.provenAt = now;
    const unfit =
      entry.doomed ?? (this.closed ? "pool-closed" : now >= entry.expiresAt ? "max-lifetime" : undefined);
    if (unfit !== undefined) return this.#dismiss(entry, unfit);
    if (this.#queue.length > 0) {
      this.#tally.leased(entry, this.#queue.serve(this.#lease(entry), now));
      return;
    }
    entry.state = "idle";
    this.#idle.add(entry);
  }

  #lease(entry: Entry<R>): L {
    entry.state = "leased";
    this.#leased++;
    return this.#options.lease(entry);
  }

  #openForWaiters(): void {
    while (
      this.#queue.length > this.#opener.pending + this.#expected &&
      this.size < this.#options.maxResources &&
      !this.closed
    ) {
      this.#open();
    }
  }

  #open(): void {
    void this.#opener.open(
      (resource, startedAt, readyAt) => {
        const { maxLifetime, random } = this.#options;
        const entry = newEntry(resource, { startedAt, readyAt, maxLifetime }, random());
        this.#entries.add(entry);
        this.#options.onOpened(entry);
        this.putBack(entry);
      },
      (cause) => {
        this.#queue.reject(openFailed(cause));
        this.#vacate("open-failed");
      },
    );
  }

  #unexpect(entry: Entry<R>): void {
    if (!entry.expected) return;
    entry.expected = false;
    this.#expected--;
  }

  /** Closes an entry that no caller holds. Its place stays occupied until the closing is done. */
  #dismiss(entry: Entry<R>, reason: EvictionReason): void {
    this.#unexpect(entry);
    entry.state = "closing";
    this.#tally.evictions[reason]++;
    const gone = (): void => {
      entry.state = "closed";
      this.#entries.delete(entry);
      this.#vacate("closed");
    };
    // A resource that fails to close is gone all the same.
    entry.gone = this.#options.close(entry.resource).then(gone, gone);
  }

  /** A place came free. */
  #vacate(cause: "closed" | "open-failed"): void {
    this.#openForWaiters();
    this.#options.onVacancy(cause);
    this.#onVacated?.();
  }
}
