import type { Entry } from "./entry.js";

/**
 * Idle entries in the order of their last use; the latest used is taken first, so that the pool
 * shrinks to what its load needs. An entry that comes back from a probe returns to its old place.
 */
export class IdleStack<R> {
  readonly #entries: Entry<R>[] = [];

  get length(): number {
    return this.#entries.length;
  }

  /** The longest unused first. A copy: entries may come and go while it is walked. */
  list(): readonly Entry<R>[] {
    return [...this.#entries];
  }

  /** The entry that was used last. */
  peek(): Entry<R> | undefined {
    return this.#entries[this.#entries.length - 1];
  }

  /** Takes out the entry that was used last. */
  pop(): Entry<R> | undefined {
    return this.#entries.pop();
  }

  add(entry: Entry<R>): void {
    let at = this.#entries.length;
    while ((this.#entries[at - 1]?.idleSince ?? -Infinity) > entry.idleSince) at--;
    if (at === this.#entries.length) this.#entries.push(entry);
    else this.#entries.splice(at, 0, entry);
  }

  remove(entry: Entry<R>): void {
    const at = this.#entries.lastIndexOf(entry);
    if (at >= 0) this.#entries.splice(at, 1);
  }
}
