interface Group {
  readonly callbacks: Set<() => void>;
  readonly onAbort: () => void;
}

/**
 * Listens to an AbortSignal once, for however many share it: Node takes more than ten listeners
 * on one signal for a leak, and says so on stderr.
 */
export class AbortListeners {
  readonly #groups = new Map<AbortSignal, Group>();

  /** Calls back when the signal aborts, unless the function that is returned is called before. */
  add(signal: AbortSignal, callback: () => void): () => void {
    const group = this.#groups.get(signal) ?? this.#listen(signal);
    group.callbacks.add(callback);
    return () => {
      if (group.callbacks.delete(callback) && group.callbacks.size === 0) this.#forget(signal, group);
    };
  }

  #listen(signal: AbortSignal): Group {
    const callbacks = new Set<() => void>();
    const onAbort = (): void => {
      this.#groups.delete(signal);
      for (const callback of [...callbacks]) callback();
    };
    const group = { callbacks, onAbort };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#groups.set(signal, group);
    return group;
  }

  #forget(signal: AbortSignal, group: Group): void {
    signal.removeEventListener("abort", group.onAbort);
    this.#groups.delete(signal);
  }
}
