import { EXIT } from "./exit-codes.js";

/**
 * The two Ctrl-C of a command: the first aborts `signal`, so that the command can finish with what it has;
 * the second ends the process at once, after `lastActs`.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #lastActs = new Set<() => void>();
  #exitCode: number | undefined;

  constructor() {
    process.on("SIGINT", this.#onInterrupt);
    process.on("SIGTERM", this.#onTerminate);
  }

  /** Aborts at the first interrupt. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** 130 or 143 after an interrupt. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** What must happen even when there is no time left, such as ending a child process. Returns how to withdraw it. */
  onLastAct(act: () => void): () => void {
    this.#lastActs.add(act);
    return () => void this.#lastActs.delete(act);
  }

  [Symbol.dispose](): void {
    process.off("SIGINT", this.#onInterrupt);
    process.off("SIGTERM", this.#onTerminate);
  }

  readonly #onInterrupt = (): void => this.#interrupt(EXIT.interrupted);
  readonly #onTerminate = (): void => this.#interrupt(EXIT.terminated);

  #interrupt(exitCode: number): void {
    if (this.#exitCode === undefined) {
      this.#exitCode = exitCode;
      process.exitCode = exitCode;
      this.#controller.abort();
      return;
    }
    for (const act of this.#lastActs) act();
    process.exit(exitCode);
  }
}
