import type { Random } from "../../core/random.js";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import type { Lease } from "../lease.js";
import { superseded } from "./client-error.js";
import type { Deadline } from "./deadline.js";
import { noAnswer, statementFailure, type Failure } from "./failure.js";
import { areReadOnly, hasSent, seemReadOnly, type Operation } from "./operation.js";
import { Search } from "./search.js";
import type { Session } from "./session.js";

export interface AttemptsOptions {
  readonly session: Session;
  readonly deadline: Deadline;
  readonly maxRetries: number;
  readonly idempotent: boolean;
  /** Whether the next connection may have another token. */
  readonly rotates: boolean;
}

type Attempt<T> = { readonly ok: true; readonly value: T } | FailedAttempt<T>;

interface FailedAttempt<T> {
  readonly ok: false;
  readonly failure: Failure;
  /** What goes on, though nobody waits for it any more. */
  readonly unfinished?: Promise<T>;
}

const FIRST_DELAY_MS = 25;
const LAST_DELAY_MS = 1_000;

/**
 * Executes one operation, again where that can do no harm:
 *
 * - when no connection could be had, for as long as `connectionTimeout`;
 * - when nothing was sent, or the server says that it executed nothing (429 with `Retry-After`, a stream that it does not
 *   have, a token that it does not take where another can be had);
 * - when the caller says that it is idempotent, or the engine that it only reads.
 *
 * What is sent again counts against `maxRetries` and, unless the server has said when to come again, the client's budget.
 */
export class Attempts<T> {
  readonly #operation: Operation<T>;
  readonly #options: AttemptsOptions;
  readonly #random: Random;
  #tries = 0;
  #resent = 0;
  #renewedToken = false;
  /** Whether a statement is under way. */
  #isSent = false;
  readonly #search: Search;
  /** The latest attempt that may have executed something: whatever comes after, nobody may be told that nothing was. */
  #unsure: Failure | undefined;

  constructor(operation: Operation<T>, options: AttemptsOptions) {
    this.#operation = operation;
    this.#options = options;
    this.#random = options.session.pool.pool.config.random;
    this.#search = new Search(options.session);
  }

  /**
   * Where the attempts get no answer for long, and others do no harm, others are made beside them: who succeeds first
   * counts, and who else is at it is let go. A connection may have died without a word, or the statement be slow.
   */
  run(): Promise<T> {
    const { deadline } = this.#options;
    return new Promise((resolve, reject) => {
      let underWay = 0;
      const make = (): void => {
        underWay++;
        this.#untilDone().then((attempt) => {
          const isLast = --underWay === 0;
          if (attempt.ok) {
            if (!isLast) deadline.end(superseded());
            resolve(attempt.value);
          } else if (isLast) reject(this.#errorFor(attempt.failure));
        }, reject);
      };
      deadline.onSlow = () => {
        if (this.#mayHedge()) make();
      };
      make();
    });
  }

  /** One attempt after the other, until one succeeds or there must be no other. */
  async #untilDone(): Promise<Attempt<T>> {
    const { session, deadline } = this.#options;
    for (;;) {
      const attempt = await this.#once();
      if (attempt.ok || attempt.failure.outcome === "answered") session.heard();
      if (attempt.ok) {
        session.budget.deposit();
        return attempt;
      }
      const delay = this.#delayBefore(attempt.failure);
      if (delay === undefined || delay >= deadline.left) return attempt;
      await deadline.pause(delay);
      this.#throwIfEnded();
    }
  }

  /** Whether to make another attempt beside one that gets no answer. */
  #mayHedge(): boolean {
    const { session, deadline, maxRetries } = this.#options;
    const { budget, hasRoom } = session;
    const silence = noAnswer();
    if (!this.#isSent || this.#resent >= maxRetries || budget.isSpent || !this.#isHarmless(silence))
      return false;
    if (hasRoom) {
      session.suspect();
      this.#unsure ??= silence;
      this.#resent++;
      return budget.withdraw();
    }
    // All places are taken. Where nobody else has had an answer either, those who wait for one make room, and try again.
    // Not by the whole time: somebody may have had one right before the network went silent.
    const isSilent = session.heardAt < session.now() - deadline.taken / 2;
    if (isSilent) deadline.abandon(silence.error as Error);
    return false;
  }

  /** How long to wait before the next attempt; `undefined` when there must be none. */
  #delayBefore(failure: Failure): number | undefined {
    const { session, maxRetries, rotates } = this.#options;
    if (maxRetries === 0) return undefined;
    if (failure.mayBeRenewed === true && rotates && !this.#renewedToken) {
      this.#renewedToken = true;
      session.pool.retire();
      return 0;
    }
    if (!failure.transient) return undefined;
    // Attempts to connect are spread by the gate: whoever is not in line when it opens would wait for nothing.
    const searchLeft = this.#search.left;
    const doublings = searchLeft === undefined ? this.#tries++ : 0;
    const backoff = Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** doublings) * this.#random();
    const asked = failure.retryAfter;
    const delay = asked === undefined ? backoff : asked * (1 + this.#random() / 5);
    if (searchLeft !== undefined) return delay < searchLeft ? delay : undefined;
    if (!this.#isHarmless(failure)) return undefined;
    if (this.#resent++ >= maxRetries) return undefined;
    // Who comes again when the server asks for it makes nothing worse.
    return asked !== undefined || session.budget.withdraw() ? delay : undefined;
  }

  #isHarmless(failure: Failure): boolean {
    if (failure.outcome !== "unknown" || this.#options.idempotent) return true;
    return seemReadOnly(this.#operation.statements?.() ?? []);
  }

  #errorFor(failure: Failure): Error {
    const { error } = failure.outcome === "not executed" ? (this.#unsure ?? failure) : failure;
    return error as Error;
  }

  async #once(): Promise<Attempt<T>> {
    const { session, deadline } = this.#options;
    const began = session.now();
    this.#throwIfEnded();
    let lease: Lease<LibsqlConnection>;
    try {
      lease = await this.#search.acquire(deadline);
    } catch (cause) {
      this.#throwIfEnded();
      return { ok: false, failure: this.#search.failed(began, cause) };
    }
    const { connection } = lease;
    const sentBefore = connection.bytesSent;
    connection.keepsProcessAlive(true);
    this.#isSent = true;
    const attempt = await this.#on(connection, lease);
    this.#isSent = false;
    if (attempt.ok && this.#operation.abandon !== undefined) return attempt;
    connection.keepsProcessAlive(false);
    if (attempt.ok) lease.release();
    else this.#giveBack(lease, attempt);
    if (attempt.ok) return attempt;
    const { failure } = attempt;
    // Nothing goes out any more over a connection that was closed, and not before is it known whether anything did.
    const wasSent = failure.outcome === "unknown" && (!attempt.unfinished || hasSent(connection, sentBefore));
    if (wasSent) this.#unsure = failure;
    this.#throwIfEnded();
    return attempt;
  }

  #giveBack(lease: Lease<LibsqlConnection>, { failure, unfinished }: FailedAttempt<T>): void {
    const { abandon } = this.#operation;
    const isLocal = lease.connection.bytesSent === undefined;
    // Nothing interrupts what a local database is at, and one in memory would be gone with its connection.
    if (unfinished && isLocal) {
      const done = (): void => lease.release();
      unfinished.then(abandon ?? done, done);
      return;
    }
    if (!failure.spoiled) return lease.release();
    lease.destroy();
    // A local one failed by itself.
    if (!isLocal) this.#options.session.suspect();
    unfinished?.then(abandon, () => undefined);
  }

  async #on(connection: LibsqlConnection, lease: Lease<LibsqlConnection>): Promise<Attempt<T>> {
    const { deadline } = this.#options;
    const unsure = this.#options.idempotent ? undefined : this.#unsure;
    let sentBefore = connection.bytesSent;
    let isAsking = unsure !== undefined;
    let unfinished: Promise<T> | undefined;
    try {
      if (deadline.reason) throw deadline.reason;
      if (unsure !== undefined) {
        const statements = this.#operation.statements?.() ?? [];
        if (!(await deadline.race(areReadOnly(connection, statements)))) return given(unsure);
        isAsking = false;
        sentBefore = connection.bytesSent;
      }
      unfinished = this.#operation.run(connection.client, lease);
      return { ok: true, value: await deadline.race(unfinished) };
    } catch (cause) {
      if (deadline.reason) return interrupted(cause, isAsking, unfinished);
      const failure = statementFailure(cause, hasSent(connection, sentBefore), connection);
      return unsure !== undefined && isAsking && failure.outcome === "answered"
        ? given(unsure)
        : { ok: false, failure };
    }
  }

  /** Time is up, or the caller has given up, or the client is closed. */
  #throwIfEnded(): void {
    const { reason } = this.#options.deadline;
    if (reason) throw this.#unsure ? reason : reason.notExecuted();
  }
}

/** The deadline is over. What was not begun is not to be, and left its connection as it was. */
function interrupted<T>(
  error: unknown,
  isAsking: boolean,
  unfinished: Promise<T> | undefined,
): FailedAttempt<T> {
  if (unfinished) {
    return { ok: false, failure: { error, outcome: "unknown", transient: false, spoiled: true }, unfinished };
  }
  return { ok: false, failure: { error, outcome: "not executed", transient: false, spoiled: isAsking } };
}

/** The engine does not call it read-only, or does not say: nothing more is tried. */
function given(unsure: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { ...unsure, transient: false, spoiled: false } };
}
