import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";
import { unlessAborted } from "../core/unless-aborted.js";
import { redact } from "./redaction.js";

/** Gives the token for a new connection; asked for each, so that tokens can be rotated. */
export type TokenProvider = () => string | Promise<string>;

/** A provider that makes another token each time would have all connections replaced with each that is opened. */
const ENOUGH_FOR: Milliseconds = 60_000;

/** Asks a {@link TokenProvider}, once for all who ask at the same time, and tells when the token has changed. */
export class TokenSource {
  readonly #provider: TokenProvider;
  readonly #rotated: () => void;
  #pending: Promise<string> | undefined;
  #last: string | undefined;
  /** How often the last one was given. */
  #given = 0;
  #toldAt: Milliseconds = -Infinity;

  /**
   * @param rotated is called when the provider gives another token than before; once a minute at most, if it does so each
   * time that it is asked
   */
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
    try {
      return await unlessAborted(asked, signal);
    } finally {
      // It may never answer: whoever comes next asks anew.
      if (signal.aborted && this.#pending === asked) this.#pending = undefined;
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
      this.#note(token);
      return token;
    } catch (cause) {
      const why = redact(cause instanceof Error ? cause.message : String(cause));
      throw new TursoPoolError("TOKEN_UNAVAILABLE", `the token provider failed: ${why}`, {
        hint: "Look into the function that was given as authToken.",
        // Without its cause, in which whoever gives out tokens may have left one.
      });
    }
  }

  #note(token: string): void {
    if (token === this.#last) {
      this.#given++;
      return;
    }
    const isFirst = this.#last === undefined;
    const wasKept = this.#given > 1;
    this.#last = token;
    this.#given = 1;
    const now = performance.now();
    if (isFirst || (!wasKept && now - this.#toldAt < ENOUGH_FOR)) return;
    this.#toldAt = now;
    this.#rotated();
  }
}
