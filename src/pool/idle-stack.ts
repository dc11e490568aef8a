import type { Entry } from "./entry.js";

/**
 * Idle entries in the order of their last use; the latest used is taken first, so that the pool
 * shrinks to what its load needs. An entry that comes back from a probe returns to its old place.
 */
export class IdleStack<R> {
  readonly #entries: Entry<R>[] = [];
  #ranks = 0;

  get length(): number {
    return this.#entries.length;
  }

  /** The longest unused first. A copy: entries may come and go while it is walked. */
  list(): readonly Entry<R>[] {
    return [...this.#entries];
  }

  /** The entry that was used last. */
  peek(): Entry<R> | undefined {
    return this.#entries.at(-1);
  }

  /** The entry with `index` others that were used longer ago. */
  at(index: number): Entry<R> | undefined {
    return this.#entries[index];
  }

  /** Adds an entry that was used just now. */
  push(entry: Entry<R>): void {
    entry.rank = ++this.#ranks;
    this.#entries.push(entry);
  }

  /** Adds an entry where it was before it was removed. */
  restore(entry: Entry<R>): void {
    let at = this.#entries.length;
    while ((this.#entries[at - 1]?.rank ?? 0) > entry.rank) at--;
    this.#entries.splice(at, 0, entry);
  }

  remove(entry: Entry<R>): void {
    if (this.peek() === entry) {
      this.#entries.pop();
      return;
    }
    const at = this.#entries.lastIndexOf(entry);
    if (at >= 0) this.#entries.splice(at, 1);
  }
}
