import type { Random } from "../../core/random.js";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import type { Lease } from "../lease.js";
import { PooledClientError } from "./client-error.js";
import type { Deadline } from "./deadline.js";
import { acquireFailure, statementFailure, type Failure } from "./failure.js";
import { areReadOnly, hasSent, seemReadOnly, type Operation } from "./operation.js";
import type { Session } from "./session.js";

export interface AttemptsOptions {
  readonly session: Session;
  readonly deadline: Deadline;
  readonly maxRetries: number;
  readonly idempotent: boolean;
  /** Whether the next connection may have another token. */
  readonly rotates: boolean;
}

type Attempt<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

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
  /** Since when no connection can be had, and why. */
  #search: { readonly since: number; readonly failure: Failure } | undefined;
  /** The latest attempt that may have executed something: whatever comes after, nobody may be told that nothing was. */
  #unsure: Failure | undefined;

  constructor(operation: Operation<T>, options: AttemptsOptions) {
    this.#operation = operation;
    this.#options = options;
    this.#random = options.session.pool.pool.config.random;
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
      if (attempt.ok || attempt.failure.outcome === "answered") session.heardAt = session.now();
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
    const isSilent = session.heardAt < session.now() - deadline.taken;
    if (isSilent) deadline.abandon(silence.error as Error);
    return false;
  }

  /** How long to wait before the next attempt; `undefined` when there must be none. */
  #delayBefore(failure: Failure): number | undefined {
    const { session, maxRetries, rotates } = this.#options;
    if (maxRetries === 0) return undefined;
    if (codeOf(failure.error) === "AUTH_REJECTED" && rotates && !this.#renewedToken) {
      this.#renewedToken = true;
      session.pool.retire();
      return 0;
    }
    if (!failure.transient) return undefined;
    // Attempts to connect are spread by the gate: whoever is not in line when it opens would wait for nothing.
    const doublings = this.#search === undefined ? this.#tries++ : 0;
    const backoff = Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** doublings) * this.#random();
    const asked = failure.retryAfter;
    const delay = asked === undefined ? backoff : asked * (1 + this.#random() / 5);
    if (this.#search !== undefined) return delay < this.#searchLeft(this.#search.since) ? delay : undefined;
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
    const { session } = this.#options;
    const began = session.now();
    let lease: Lease<LibsqlConnection>;
    try {
      lease = await this.#acquire();
    } catch (cause) {
      this.#throwIfEnded();
      const { since, failure } = this.#search ?? { since: began, failure: undefined };
      // Where the search ended for want of time, what it met with before says more.
      const latest = failure !== undefined && this.#searchLeft(since) <= 0 ? failure : acquireFailure(cause);
      this.#search = { since, failure: latest };
      return { ok: false, failure: latest };
    }
    this.#search = undefined;
    const { connection } = lease;
    connection.keepsProcessAlive(true);
    this.#isSent = true;
    const attempt = await this.#on(connection, lease);
    this.#isSent = false;
    if (attempt.ok && this.#operation.keepsLease === true) return attempt;
    connection.keepsProcessAlive(false);
    if (attempt.ok || !attempt.failure.spoiled) lease.release();
    else {
      lease.destroy();
      // A local one failed by itself.
      if (connection.bytesSent !== undefined) session.suspect();
    }
    if (attempt.ok) return attempt;
    if (attempt.failure.outcome === "unknown") this.#unsure = attempt.failure;
    this.#throwIfEnded();
    return attempt;
  }

  /** Waits for a connection; all attempts to have one together take no longer than the first alone may. */
  async #acquire(): Promise<Lease<LibsqlConnection>> {
    const { session, deadline } = this.#options;
    this.#throwIfEnded();
    const idle = session.pool.pool.tryAcquire();
    if (idle) return idle;
    const { signal } = deadline;
    if (this.#search === undefined) return session.pool.acquire({ signal });
    using end = session.begin({ signal, operationTimeout: this.#searchLeft(this.#search.since) });
    return await session.pool.acquire({ signal: end.signal });
  }

  #searchLeft(since: number): number {
    const { session } = this.#options;
    return since + session.connectionTimeout - session.now();
  }

  async #on(connection: LibsqlConnection, lease: Lease<LibsqlConnection>): Promise<Attempt<T>> {
    const { deadline } = this.#options;
    const unsure = this.#options.idempotent ? undefined : this.#unsure;
    let sentBefore = connection.bytesSent;
    let isAsking = unsure !== undefined;
    try {
      if (unsure !== undefined) {
        const statements = this.#operation.statements?.() ?? [];
        if (!(await deadline.race(areReadOnly(connection, statements)))) return given(unsure);
        isAsking = false;
        sentBefore = connection.bytesSent;
      }
      return { ok: true, value: await deadline.race(this.#operation.run(connection.client, lease)) };
    } catch (cause) {
      const sent = hasSent(connection, sentBefore);
      if (deadline.reason) {
        const outcome = sent ? "unknown" : "not executed";
        return { ok: false, failure: { error: cause, outcome, transient: false, spoiled: true } };
      }
      const failure = statementFailure(cause, sent, connection);
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

/** What is known of an attempt that is still without an answer. */
function noAnswer(): Failure {
  const error = new PooledClientError("CONNECTION_CLOSED", "no answer came", { outcome: "unknown" });
  return { error, outcome: "unknown", transient: true, spoiled: true };
}

/** What ends an attempt when another has succeeded; nobody is told. */
function superseded(): PooledClientError {
  return new PooledClientError("ABORTED", "another attempt has succeeded", { outcome: "unknown" });
}

/** The engine does not call it read-only, or does not say: nothing more is tried. */
function given(unsure: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { ...unsure, transient: false, spoiled: false } };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
