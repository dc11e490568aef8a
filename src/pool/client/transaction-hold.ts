import type { Transaction } from "@libsql/core/api";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import { codeOf, clientClosed, withoutCode } from "./client-error.js";
import type { Deadline } from "./deadline.js";
import { statementFailure } from "./failure.js";
import { hasSent } from "./operation.js";
import {
  closedInMidStatement,
  connectionLost,
  isWithinTransaction,
  takenBack,
  transactionClosed,
} from "./transaction-errors.js";
import { Turns } from "./turns.js";
import type { TransactionHoldOptions } from "./transaction-hold-options.js";

/** `open`; `over` by commit, rollback or close; or `dead` because of something else, which every later call is told. */
type State =
  | { readonly kind: "open" }
  | { readonly kind: "over" }
  /** `isRolledBack`: surely, so that `rollback()` has nothing left to do and nothing to tell. */
  | { readonly kind: "dead"; readonly cause: Error; readonly isRolledBack?: boolean };

/**
 * A transaction and the lease that it holds until its end.
 *
 * Its statements are sent one after the other, and the next one not before the one before was answered: a server that has
 * rolled the transaction back says so once, and would execute in autocommit what was on its way already. After an error
 * the engine is asked whether the transaction still stands, which a `ROLLBACK` clause or trigger may have ended.
 */
export class TransactionHold {
  readonly #options: TransactionHoldOptions;
  readonly #connection: LibsqlConnection;
  #state: State = { kind: "open" };
  readonly #turns = new Turns();
  /** Resolves when the transaction was rolled back and its connection given back. */
  #goodbye: Promise<void> | undefined;
  /** What is known of the loss of the connection until a statement says more. */
  #loss: Error | undefined;
  /** The connection is of no use for anybody after this. */
  #poisoned = false;
  /** The error after which the transaction may have ended without our knowing. */
  #suspicion: Error | undefined;

  constructor(options: TransactionHoldOptions) {
    this.#options = options;
    this.#connection = options.lease.connection;
    options.lease.heldBy(options.openedAt);
  }

  get closed(): boolean {
    return this.#state.kind !== "open" || this.#options.transaction.closed;
  }

  /** Whether one of its calls is under way, which may be its last. */
  get isAtWork(): boolean {
    return this.#turns.pending > 0;
  }

  /** Runs statements when those before are done. `ends`: a success is the end of the transaction, as is a failure of COMMIT. */
  async run<T>(
    work: (transaction: Transaction) => Promise<T>,
    deadline: Deadline,
    ends: "no" | "on success" | "always" = "no",
  ): Promise<T> {
    // That it is dead says more than that the caller's signal has aborted, which may be why.
    if (this.#state.kind === "dead") this.throwIfClosed();
    return this.#turns.take(() => this.#perform(work, deadline, ends), deadline);
  }

  /** Whether it ended as it should, or was surely rolled back. */
  get isRolledBack(): boolean {
    return this.#state.kind === "dead" ? this.#state.isRolledBack === true : this.closed;
  }

  /** Rolls back and gives the connection back, without waiting. */
  close(): void {
    if (this.#state.kind !== "open") return;
    if (this.#turns.pending > 0) this.#die(closedInMidStatement());
    else this.#finish();
  }

  /** The transaction was forgotten. */
  reclaim(): void {
    if (this.#state.kind !== "open") return;
    const cause = takenBack(this.#options.openedAt);
    if (this.#turns.pending > 0) this.#die(cause);
    else this.#finish({ kind: "dead", cause });
  }

  connectionLost(): void {
    if (this.#state.kind !== "open") return;
    this.#loss = connectionLost();
    this.#die(this.#loss);
  }

  /** The client is closed: resolves when the transaction was rolled back, if that can still be said to the database. */
  async clientClosed(): Promise<void> {
    if (this.#state.kind !== "open") return this.#goodbye;
    if (this.#turns.pending > 0) {
      this.#die(clientClosed("unknown"));
      return;
    }
    this.#state = { kind: "dead", cause: clientClosed("not executed"), isRolledBack: true };
    try {
      await this.#options.transaction.rollback();
    } catch {
      // It is closed in any case, and so is its connection.
    } finally {
      this.#giveBack(false);
    }
  }

  async #perform<T>(
    work: (transaction: Transaction) => Promise<T>,
    deadline: Deadline,
    ends: "no" | "on success" | "always",
  ): Promise<T> {
    const { transaction } = this.#options;
    // Nobody waits for it any more, so it must not be done.
    if (deadline.reason) throw deadline.reason;
    this.throwIfClosed();
    await this.#allaySuspicion(deadline);
    const sent = this.#connection.bytesSent;
    try {
      const value = await deadline.race(work(transaction));
      this.#options.answered();
      if (ends !== "no") this.#finish();
      return value;
    } catch (cause) {
      throw this.#failed(cause, sent, deadline, ends);
    }
  }

  /** @throws `TRANSACTION_CLOSED` */
  throwIfClosed(): void {
    const state = this.#state;
    if (state.kind === "dead")
      throw transactionClosed(`The transaction is lost: ${withoutCode(state.cause)}`, state.cause);
    if (!this.closed) return;
    if (state.kind === "open") this.#finish();
    throw transactionClosed("The transaction is closed");
  }

  /** Takes the consequences of an error, and gives the one to tell. */
  #failed(cause: unknown, sentBefore: number | undefined, deadline: Deadline, ends: string): unknown {
    const { reason } = deadline;
    if (reason) {
      this.#die(reason);
      return reason;
    }
    const sent = hasSent(this.#connection, sentBefore);
    const failure = statementFailure(cause, sent, this.#connection);
    const error = failure.error as Error;
    const isBusy = codeOf(cause) === "SQLITE_BUSY";
    this.#poisoned ||= failure.spoiled && isBusy;
    if (
      (failure.spoiled && !isBusy) ||
      failure.outcome !== "answered" ||
      codeOf(cause) === "TRANSACTION_TIMEOUT"
    ) {
      this.#die(error);
    } else if (ends === "always") {
      this.#finish();
    } else if (this.#options.transaction.closed) {
      // Over a network: whose BEGIN was refused, with all that came with it. sqld refuses a batch that it cannot parse.
      this.#finish({ kind: "dead", cause: error, isRolledBack: this.#isRemote });
    } else if (sent && this.#isRemote) this.#suspicion = error;
    return error;
  }

  /** Asks whether the transaction still stands, after an error: within one, BEGIN is refused. */
  async #allaySuspicion(deadline: Deadline): Promise<void> {
    const suspicion = this.#suspicion;
    if (suspicion === undefined) return;
    const { transaction } = this.#options;
    const sent = this.#connection.bytesSent;
    try {
      await deadline.race(transaction.execute("BEGIN"));
    } catch (cause) {
      if (!deadline.reason && isWithinTransaction(cause)) {
        this.#suspicion = undefined;
        return;
      }
      throw this.#failed(cause, sent, deadline, "no");
    }
    // Which has begun another: closing the stream rolls that back.
    this.#finish({ kind: "dead", cause: suspicion });
    this.throwIfClosed();
  }

  /**
   * Ends the transaction in good order: what is not committed is rolled back with its stream.
   *
   * Over HTTP that is a request of its own, which has to be answered first: if the connection was closed before, the
   * server would keep the stream, and the lock of its transaction, until it expires.
   */
  #finish(state: State = { kind: "over" }): void {
    this.#state = state;
    const { transaction, lastWords } = this.#options;
    if (transaction.closed || this.#connection.client.protocol !== "http") {
      transaction.close();
      this.#giveBack(this.#isReusable);
    } else {
      this.#goodbye = lastWords(transaction.rollback()).then((answered) => {
        transaction.close();
        this.#giveBack(answered && this.#isReusable);
      });
    }
  }

  get #isRemote(): boolean {
    return this.#connection.bytesSent !== undefined;
  }

  get #isReusable(): boolean {
    return this.#connection.open && !this.#poisoned;
  }

  /** Ends the transaction with its connection: who knows what is still on its way. */
  #die(cause: Error): void {
    if (this.#state.kind !== "open") {
      // Whose connection is lost is told of the loss before the statement that was under way says how.
      if (this.#state.kind === "dead" && this.#state.cause === this.#loss)
        this.#state = { kind: "dead", cause };
      return;
    }
    this.#state = { kind: "dead", cause };
    if (!this.#isRemote) {
      // Nothing is ever on its way in a local database, and one in memory is gone with its connection.
      this.#options.transaction.close();
      this.#giveBack(true);
      return;
    }
    this.#giveBack(false);
    this.#options.failed();
  }

  #giveBack(reusable: boolean): void {
    const { lease, ended } = this.#options;
    // Whoever began it may have given up before it was there.
    if (!lease.released) {
      this.#connection.keepsProcessAlive(false);
      if (reusable) lease.release();
      else lease.destroy();
    }
    ended(this.#connection);
  }
}
