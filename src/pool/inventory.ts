import type { Milliseconds } from "../core/duration.js";
import type { Random } from "../core/random.js";
import { newEntry, type Entry } from "./entry.js";
import { IdleStack } from "./idle-stack.js";

export interface InventoryOptions {
  readonly maxLifetime: Milliseconds;
  readonly random: Random;
}

/**
 * What a pool has open, and where each of it is. Every change of an entry's state is made here,
 * so that the counts and the states cannot disagree.
 */
export class Inventory<R> {
  readonly #options: InventoryOptions;
  readonly #entries = new Set<Entry<R>>();
  readonly #idle = new IdleStack<R>();
  #leased = 0;
  #expected = 0;
  #leaving = 0;

  constructor(options: InventoryOptions) {
    this.#options = options;
  }

  /** Everything from open to closed. */
  get size(): number {
    return this.#entries.size;
  }

  get leased(): number {
    return this.#leased;
  }

  /** Reserved entries that should be back soon. */
  get expected(): number {
    return this.#expected;
  }

  /** Closing entries that nothing is going to take the place of. */
  get leaving(): number {
    return this.#leaving;
  }

  get idle(): IdleStack<R> {
    return this.#idle;
  }

  /** A copy: entries may come and go while it is walked. */
  list(): readonly Entry<R>[] {
    return [...this.#entries];
  }

  /** What callers hold, the longest held first. */
  held(): readonly Entry<R>[] {
    const held = this.list().filter(({ state }) => state === "leased");
    return held.sort((one, other) => one.leasedAt - other.leasedAt);
  }

  add(resource: R, startedAt: Milliseconds, readyAt: Milliseconds): Entry<R> {
    const { maxLifetime, random } = this.#options;
    const entry = newEntry(resource, { startedAt, readyAt, maxLifetime }, random());
    this.#entries.add(entry);
    return entry;
  }

  lend(entry: Entry<R>, now: Milliseconds): void {
    this.#leave(entry);
    entry.state = "leased";
    entry.leasedAt = now;
    entry.holder = undefined;
    this.#leased++;
  }

  /** Takes an idle entry away from callers. */
  reserve(entry: Entry<R>, now: Milliseconds): void {
    if (entry.state !== "idle") throw new Error(`bug: reserved an entry that is ${entry.state}`);
    this.#leave(entry);
    entry.state = "reserved";
    entry.reservedAt = now;
    entry.expected = true;
    this.#expected++;
  }

  /** Stops counting on a reserved entry to be back soon. */
  unexpect(entry: Entry<R>): void {
    if (!entry.expected) return;
    entry.expected = false;
    this.#expected--;
  }

  /** Makes an entry available: as the latest used, or, if it was only reserved, where it was before. */
  shelve(entry: Entry<R>): void {
    const old = entry.state === "reserved";
    this.#leave(entry);
    entry.state = "idle";
    if (old) this.#idle.restore(entry);
    else this.#idle.push(entry);
  }

  /** Begins the closing of an entry, whose place stays occupied until it is {@link removed}. */
  retire(entry: Entry<R>, toBeReplaced: boolean): void {
    this.#leave(entry);
    entry.state = "closing";
    entry.toBeReplaced = toBeReplaced;
    if (!toBeReplaced) this.#leaving++;
  }

  removed(entry: Entry<R>): void {
    entry.state = "closed";
    this.#entries.delete(entry);
    if (!entry.toBeReplaced) this.#leaving--;
  }

  /** Takes the entry out of the state that it is in. */
  #leave(entry: Entry<R>): void {
    if (entry.state === "leased") this.#leased--;
    else if (entry.state === "idle") this.#idle.remove(entry);
    else if (entry.state === "reserved") this.unexpect(entry);
  }
}
