import { TursoPoolError } from "../core/errors.js";
import { redact } from "./redaction.js";

/** Gives the token for a new connection; asked for each, so that tokens can be rotated. */
export type TokenProvider = () => string | Promise<string>;

/** Asks a {@link TokenProvider}, once for all who ask at the same time, and tells when the token has changed. */
export class TokenSource {
  readonly #provider: TokenProvider;
  readonly #rotated: () => void;
  #pending: Promise<string> | undefined;
  #last: string | undefined;

  /** @param rotated is called when the provider gives another token than before. */
  constructor(provider: TokenProvider, rotated: () => void) {
    this.#provider = provider;
    this.#rotated = rotated;
  }

  /**
   * The token of now. Rejects with the signal's reason when it aborts: a provider may take its time.
   * @throws {TursoPoolError} `TOKEN_UNAVAILABLE`
   */
  async next(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const asked = (this.#pending ??= this.#ask());
    let stop = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      stop = () => {
        // It may never answer: whoever comes next asks anew.
        if (this.#pending === asked) this.#pending = undefined;
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", stop, { once: true });
    });
    try {
      return await Promise.race([asked, aborted]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  #ask(): Promise<string> {
    const asked: Promise<string> = this.#answer(() => this.#pending === asked).finally(() => {
      if (this.#pending === asked) this.#pending = undefined;
    });
    return asked;
  }

  /** @param isWanted whether nobody has asked anew in the meantime: what comes later than that is not news. */
  async #answer(isWanted: () => boolean): Promise<string> {
    try {
      const token: unknown = await this.#provider();
      if (typeof token !== "string") throw new TypeError("what it gave is not a string");
      if (!isWanted()) return token;
      const changed = this.#last !== undefined && this.#last !== token;
      this.#last = token;
      if (changed) this.#rotated();
      return token;
    } catch (cause) {
      const why = redact(cause instanceof Error ? cause.message : String(cause));
      throw new TursoPoolError("TOKEN_UNAVAILABLE", `the token provider failed: ${why}`, {
        hint: "Look into the function that was given as authToken.",
        // Without its cause, in which whoever gives out tokens may have left one.
      });
    }
  }
}
