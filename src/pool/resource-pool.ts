import type { Milliseconds } from "../core/duration.js";
import { Emptiness } from "./emptiness.js";
import type { Entry, EvictionReason } from "./entry.js";
import { aborted, acquireTimedOut, closedAtOnce, openFailed, poolClosed, tooManyWaiters } from "./errors.js";
import { Inventory } from "./inventory.js";
import { Opener } from "./opening.js";
import type { ResourcePoolOptions } from "./resource-pool-options.js";
import type { ResourceCounts } from "./tally.js";
import { WaitQueue } from "./wait-queue.js";

/**
 * The part of a pool that is the same for every kind of resource: places, waiters, and who holds what.
 *
 * - Opening, open and closing resources together never outnumber `maxResources`.
 * - Whoever comes first is served first: while somebody waits, whatever is idle is in doubt.
 * - An opening belongs to nobody: whoever waits first when it is done gets it, and a caller who gives up
 *   does not cancel it. When it fails, whoever waits first is told.
 * - A resource that is being checked is expected back, so none is opened for its sake until it is late.
 */
export class ResourcePool<R, L> {
  readonly counts: ResourceCounts;
  readonly #options: ResourcePoolOptions<R, L>;
  readonly #inventory: Inventory<R>;
  readonly #queue: WaitQueue<L>;
  readonly #opener: Opener<R>;
  readonly #emptiness: Emptiness;
  #closed = false;

  constructor(options: ResourcePoolOptions<R, L>) {
    this.#options = options;
    const { clock, timeout, open, maxResources } = options;
    this.#emptiness = new Emptiness(clock, () => this.size === 0);
    this.#inventory = new Inventory(options);
    this.#opener = new Opener({ clock, timeout, open });
    const timedOut = (waitedMs: Milliseconds): Error => {
      options.tally.timedOut(waitedMs);
      return acquireTimedOut(timeout, maxResources, this.counts);
    };
    this.#queue = new WaitQueue({ clock, timeout, timedOut });
    this.counts = { inventory: this.#inventory, opener: this.#opener, queue: this.#queue };
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Occupied places: opening, open, and closing. */
  get size(): number {
    return this.#inventory.size + this.#opener.pending;
  }

  /** Places that are not about to come free. */
  get lasting(): number {
    return this.size - this.#inventory.leaving;
  }

  /** Idle entries, the longest unused first. */
  idle(): readonly Entry<R>[] {
    return this.#inventory.idle.list();
  }

  /** Leases what is idle and fit, else waits for what comes free, is checked, or is opened. */
  acquire(signal: AbortSignal | undefined): Promise<L> {
    if (signal?.aborted) return Promise.reject(aborted(signal));
    return Promise.resolve(this.tryAcquire() ?? this.#wait(signal));
  }

  /** A holder gives its entry back. */
  release(entry: Entry<R>): void {
    // A holder that outlived the pool's close comes back to a resource that is gone already.
    if (entry.state !== "leased") return;
    const now = this.#options.clock.now();
    this.#options.tally.released(entry, now);
    entry.idleSince = now;
    this.#settle(entry, now);
  }

  /** Takes an idle entry away from callers until it is put back, discarded or replaced. */
  reserve(entry: Entry<R>): void {
    this.#inventory.reserve(entry, this.#options.clock.now());
  }

  /** A reserved entry takes longer than opening another would: stop counting on it. */
  late(entry: Entry<R>): void {
    this.#inventory.unexpect(entry);
    this.#supply();
  }

  /** Gives back an entry that was reserved and that works. */
  putBack(entry: Entry<R>): void {
    if (entry.state === "reserved") this.#settle(entry, this.#options.clock.now());
  }

  /** Closes an entry for good: now if the pool has it, on release if a caller holds it. */
  discard(entry: Entry<R>, reason: EvictionReason): void {
    if (entry.state === "closing" || entry.state === "closed") return;
    if (entry.state === "leased" || entry.state === "opening") entry.doomed ??= reason;
    else this.#dismiss(entry, reason);
  }

  /** Closes a reserved entry, and then opens another in its place, whether somebody waits for it or not. */
  replace(entry: Entry<R>, reason: EvictionReason): void {
    if (entry.state === "reserved") this.#dismiss(entry, reason, true);
  }

  /** All entries, whatever their state. */
  list(): readonly Entry<R>[] {
    return this.#inventory.list();
  }

  /** What callers hold now, the longest held first. */
  leased(): readonly Entry<R>[] {
    return this.#inventory.held();
  }

  /** Starts opening a resource for nobody in particular, if there is room. */
  openOne(): void {
    if (!this.#closed && this.size < this.#options.maxResources) this.#open();
  }

  /**
   * Rejects all waiters, closes what no caller holds, waits up to `patience` for the rest to come back,
   * then closes that too.
   */
  async close(patience: Milliseconds): Promise<void> {
    this.#closed = true;
    this.#opener.stop(poolClosed());
    this.#queue.close(poolClosed);
    for (const entry of this.#inventory.list()) {
      if (entry.state !== "leased") this.discard(entry, "pool-closed");
    }
    await this.#emptiness.within(patience);
    for (const entry of this.#inventory.held()) this.#dismiss(entry, "pool-closed");
    // What was told to stop or close does so soon; whatever does not is not waited for without end.
    await this.#emptiness.within(this.#options.timeout);
  }

  /** Leases what is idle and fit. */
  tryAcquire(): L | undefined {
    const { idle } = this.#inventory;
    if (idle.length === 0) return undefined;
    const now = this.#options.clock.now();
    for (let at = idle.length - 1; at >= 0; at--) {
      const entry = idle.at(at);
      if (entry === undefined) continue;
      const unfit = this.#unfit(entry, now);
      if (unfit !== undefined) this.#dismiss(entry, unfit);
      else if (!this.#options.inDoubt(entry, now)) {
        const lease = this.#lease(entry, now);
        this.#options.tally.leased(entry, 0);
        return lease;
      }
    }
    return undefined;
  }

  #wait(signal: AbortSignal | undefined): Promise<L> {
    if (this.#closed) return Promise.reject(poolClosed());
    this.#checkLatest();
    const { maxResources, maxWaiters } = this.#options;
    const unprovided = this.#queue.length - this.#opener.pending - this.#inventory.expected;
    if (this.size >= maxResources && unprovided >= maxWaiters) {
      this.#options.tally.refused();
      return Promise.reject(tooManyWaiters(maxWaiters));
    }
    const lease = this.#queue.wait(signal);
    this.#supply();
    return lease;
  }

  /** Sees to it that something is on its way for everybody who waits, as far as there is room. */
  #supply(): void {
    while (!this.#closed && this.#queue.length > this.#opener.pending + this.#inventory.expected) {
      if (this.size < this.#options.maxResources) this.#open();
      else if (!this.#checkLatest()) return this.#options.onShort();
    }
  }

  /** Has the latest used idle entry checked for those who wait; false when none is idle. */
  #checkLatest(): boolean {
    const entry = this.#inventory.idle.peek();
    if (entry === undefined) return false;
    this.#options.check(entry);
    return true;
  }

  /** An entry that works came free: the first waiter gets it, or it goes idle. */
  #settle(entry: Entry<R>, now: Milliseconds): void {
    entry.provenAt = now;
    const unfit = this.#unfit(entry, now);
    if (unfit !== undefined) this.#dismiss(entry, unfit);
    else if (this.#queue.length > 0) {
      this.#options.tally.leased(entry, this.#queue.serve(this.#lease(entry, now), now));
    } else this.#inventory.shelve(entry);
  }

  /** Why an entry must not be leased (again). */
  #unfit(entry: Entry<R>, now: Milliseconds): EvictionReason | undefined {
    if (entry.doomed !== undefined) return entry.doomed;
    if (this.#closed) return "pool-closed";
    // Its close is told some turns later, and whoever got it until then would fail.
    if (!this.#options.isOpen(entry.resource)) return "connection-closed";
    if (now >= entry.expiresAt) return "max-lifetime";
    if (this.#options.reuse || (entry.uses === 0 && this.#queue.length > 0)) return undefined;
    return "pooling-disabled";
  }

  #lease(entry: Entry<R>, now: Milliseconds): L {
    this.#inventory.lend(entry, now);
    return this.#options.lease(entry);
  }

  #open(): void {
    void this.#opener.open(
      (resource, startedAt, readyAt) => {
        const entry = this.#inventory.add(resource, startedAt, readyAt);
        this.#options.onOpened(entry);
        if (entry.doomed !== undefined) this.#queue.reject(() => openFailed(closedAtOnce()));
        this.#settle(entry, readyAt);
      },
      (error, tookMs) => {
        if (!this.#closed) this.#options.tally.openFailed(error, tookMs);
        this.#queue.reject(() => openFailed(error));
        this.#vacated("open-failed", 0);
      },
    );
  }

  /** Closes an entry that no caller holds. Its place stays occupied until the closing is done. */
  #dismiss(entry: Entry<R>, reason: EvictionReason, replace = false): void {
    const now = this.#options.clock.now();
    this.#options.tally.evicted(entry, reason, now);
    this.#inventory.retire(entry, replace);
    const gone = (): void => {
      this.#inventory.removed(entry);
      if (replace) this.openOne();
      this.#vacated(reason, this.#options.clock.now() - entry.readyAt);
    };
    // A resource that fails to close is gone all the same.
    this.#options.close(entry.resource).then(gone, gone);
    this.#supply();
  }

  /** A place came free. */
  #vacated(reason: EvictionReason | "open-failed", lived: Milliseconds): void {
    this.#supply();
    this.#options.onVacancy({ reason, lived });
    this.#emptiness.check();
  }
}
