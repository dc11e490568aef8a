import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { pause } from "../core/pause.js";
import { redact } from "../libsql/redaction.js";
import type { Contestant } from "./contestant.js";
import type { ObservedResult, RehearsedError } from "./result.js";

/** It writes nothing, and no page of the database is read for it. */
export const STATEMENT = "SELECT 1";

export interface CallersOptions {
  readonly contestant: Contestant;
  readonly clock: Clock;
  readonly callers: number;
  /** Of all callers; one that waits for an answer asks later. */
  readonly perSecond: number;
  /** A call that has not ended by then counts as hung, and its caller goes on with the next. */
  readonly patience: Milliseconds;
}

type Ending =
  | { readonly kind: "answered"; readonly isRight: boolean }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "hung" };

/** A few callers that ask one contestant again and again, and what they see. */
export class Callers {
  readonly #options: CallersOptions;
  readonly #stopping = new AbortController();
  readonly #leaving = new AbortController();
  readonly #callers: readonly Promise<void>[];
  readonly #errors = new Map<string, { count: number; message: string }>();
  #healedAt: Milliseconds | undefined;
  #recoveredAt: Milliseconds | undefined;
  #recover: () => void = () => undefined;
  /** Resolves at the first answer after {@link healed}. */
  readonly recovered = new Promise<void>((resolve) => (this.#recover = resolve));
  #counts = { calls: 0, answered: 0, wrong_answers: 0, failed: 0, hangs: 0 };
  #longest: Milliseconds | null = null;

  constructor(options: CallersOptions) {
    this.#options = options;
    this.#callers = Array.from({ length: options.callers }, (_, index) => this.#ask(index));
  }

  get answered(): number {
    return this.#counts.answered;
  }

  /** The fault is over. */
  healed(): void {
    this.#healedAt = this.#options.clock.now();
  }

  /** Asks nothing more; waits for what was asked as long as for anything. */
  async stop(): Promise<Omit<ObservedResult, "struck" | "connections">> {
    this.#stopping.abort();
    await Promise.all(this.#callers);
    const errors: RehearsedError[] = [...this.#errors].map(([code, error]) => ({ code, ...error }));
    return {
      ...this.#counts,
      errors: errors.sort((one, other) => other.count - one.count),
      longest_stall_ms: this.#longest,
      recovered_after_ms:
        this.#recoveredAt === undefined || this.#healedAt === undefined
          ? null
          : this.#recoveredAt - this.#healedAt,
    };
  }

  /** Asks nothing more, and waits for nothing. Idempotent. */
  async leave(): Promise<void> {
    this.#stopping.abort();
    this.#leaving.abort();
    await Promise.all(this.#callers);
  }

  async #ask(index: number): Promise<void> {
    const { clock, callers, perSecond } = this.#options;
    const { signal } = this.#stopping;
    const interval = (callers * 1_000) / perSecond;
    await pause(clock, (index / callers) * interval, signal);
    while (!signal.aborted) {
      const askedAt = clock.now();
      const ending = await this.#call();
      this.#count(ending, clock.now() - askedAt);
      await pause(clock, askedAt + interval - clock.now(), signal);
    }
  }

  #call(): Promise<Ending> {
    const { contestant, clock, patience } = this.#options;
    return new Promise((resolve) => {
      const { signal } = this.#leaving;
      const end = (ending: Ending): void => {
        timer.cancel();
        signal.removeEventListener("abort", giveUp);
        resolve(ending);
      };
      const giveUp = (): void => end({ kind: "hung" });
      const timer = clock.schedule(patience, giveUp);
      signal.addEventListener("abort", giveUp, { once: true });
      // What throws instead of rejecting is an error like any other.
      void Promise.resolve()
        .then(() => contestant.client.execute(STATEMENT))
        .then(
          ({ rows }) => end({ kind: "answered", isRight: rows.length === 1 && rows[0]?.[0] === 1 }),
          (error: unknown) => end({ kind: "failed", error }),
        );
    });
  }

  #count(ending: Ending, took: Milliseconds): void {
    this.#counts.calls++;
    this.#longest = Math.max(this.#longest ?? 0, took);
    switch (ending.kind) {
      case "hung":
        this.#counts.hangs++;
        return;
      case "failed":
        this.#counts.failed++;
        this.#note(ending.error);
        return;
      case "answered":
        if (!ending.isRight) {
          this.#counts.wrong_answers++;
          return;
        }
        this.#counts.answered++;
        if (this.#healedAt === undefined || this.#recoveredAt !== undefined) return;
        this.#recoveredAt = this.#options.clock.now();
        this.#recover();
    }
  }

  #note(error: unknown): void {
    const code = codeOf(error);
    const noted = this.#errors.get(code) ?? { count: 0, message: redact(messageOf(error)) };
    noted.count++;
    this.#errors.set(code, noted);
  }
}

/** What a program could switch on; the name of the class where there is none. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
