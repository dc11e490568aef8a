/** The life of a connection's transport: open, then closed once and for good; tells whoever asks. */
export class Transport {
  #listeners: (() => void)[] | undefined = [];

  get open(): boolean {
    return this.#listeners !== undefined;
  }

  /** The transport is gone. Only the first call counts. */
  closed(): void {
    const listeners = this.#listeners;
    this.#listeners = undefined;
    for (const listener of listeners ?? []) listener();
  }

  /** Calls `listener` when the transport closes, at once when it is closed already. */
  onClose(listener: () => void): void {
    if (this.#listeners === undefined) listener();
    else this.#listeners.push(listener);
  }
}
