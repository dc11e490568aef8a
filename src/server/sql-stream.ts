import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import type { EngineHandle, Execution } from "./engine-handle.js";
import { isBusy, isBusyForNow, toRequestError } from "./engine-errors.js";
import type { HandlePool } from "./handle-pool.js";
import { RequestError } from "./hrana-errors.js";
import type { ServerMetrics } from "./metrics.js";
import type { Col, EngineValue } from "./protocol.js";
import type { ScannedStatement } from "../core/sql/scan.js";
import type { StatementWork } from "./statement-work.js";
import type { LockOwner, WriteLock } from "./write-lock.js";

/** What all streams of a server share. */
export interface StreamContext {
  readonly handles: HandlePool;
  readonly lock: WriteLock;
  readonly metrics: ServerMetrics;
  readonly clock: Clock;
  readonly busyTimeout: Milliseconds;
  /** Work that statements wait for, where it is emulated. */
  readonly work?: StatementWork | undefined;
}

/** What the token of a request allows. */
export type Permission = "read-write" | "read-only";

const RETRY_DELAY: Milliseconds = 20;

/**
 * One SQL stream: a connection of its own, on which jobs run one after another.
 *
 * The engine blocks the thread, so only what it does at once is left to it; waiting for the write lock
 * and for a busy database happens here.
 */
export class SqlStream implements LockOwner {
  readonly #context: StreamContext;
  #handle: EngineHandle;
  #tail: Promise<unknown> | undefined;
  #state: "open" | "closing" | "closed" = "open";
  /** Its transaction was taken away; the next request is told so, once. */
  #timedOut = false;
  #changed = false;
  #isAtWork = false;
  /** Statements whose rows have not all been taken. */
  readonly #executions = new Set<Execution>();

  private constructor(context: StreamContext, handle: EngineHandle) {
    this.#context = context;
    this.#handle = handle;
  }

  /** @throws {RequestError} `TOO_MANY_STREAMS`. */
  static async open(context: StreamContext): Promise<SqlStream> {
    const stream = new SqlStream(context, await context.handles.acquire());
    context.metrics.streamsOpened++;
    context.metrics.streamsOpen++;
    return stream;
  }

  get isAutocommit(): boolean {
    return !this.#handle.inTransaction;
  }

  /** A statement of it takes its time: its transaction is not idle. */
  get isAtWork(): boolean {
    return this.#isAtWork;
  }

  /** Runs a job after the ones before it. Jobs that wait when the stream closes are refused. */
  run<T>(job: () => Promise<T>): Promise<T> {
    const before = this.#tail;
    const result = before ? before.then(() => this.#begin(job)) : this.#begin(job);
    const tail: Promise<unknown> = result.then(
      () => this.#finish(tail),
      () => this.#finish(tail),
    );
    this.#tail = tail;
    return result;
  }

  /** True, once, after the stream's transaction was rolled back in favour of another writer. */
  takeTimeout(): boolean {
    const timedOut = this.#timedOut;
    this.#timedOut = false;
    return timedOut;
  }

  /** Columns of a statement that is not run. @throws {RequestError} for what SQLite refuses. */
  describe(statement: ScannedStatement): readonly Col[] {
    // Many pragmas take effect while they are prepared.
    if (statement.marksConnection) this.#handle.marked = true;
    try {
      return this.#handle.describe(statement.sql);
    } catch (error) {
      throw toRequestError(error, statement.sql);
    }
  }

  /**
   * Starts a statement as soon as it may write. The caller takes all rows, or abandons it, then calls
   * {@link settle} or {@link failed}.
   * @throws {RequestError} for what SQLite or a permission refuses.
   */
  async start(
    statement: ScannedStatement,
    args: readonly EngineValue[],
    permission: Permission,
  ): Promise<Execution> {
    const writes = statement.kind === "write" || statement.kind === "begin-write";
    if (writes && permission === "read-only") {
      throw new RequestError("BLOCKED", "Operation was blocked: SQL write operations are forbidden");
    }
    this.#context.metrics.statements++;
    if (statement.readsConnection && this.#handle.recycled && !this.#changed && this.isAutocommit) {
      this.#replaceHandle();
    }
    const { lock, work } = this.#context;
    const takesLock = writes && !lock.isHeldBy(this);
    if (takesLock) {
      const granted = lock.acquire(this);
      if (!(granted === true || (await granted))) {
        throw this.failed(new RequestError("SQLITE_BUSY", "SQLite error: database is locked", "SQLITE_BUSY"));
      }
    }
    // With the lock, and not for it: who waits for the lock must not keep its holder from a place to work.
    if (work !== undefined) await this.#work(work);
    if (statement.marksConnection) this.#handle.marked = true;
    if (statement.isChange) this.#changed = true;
    try {
      const possible = this.#endsInVain(statement) ? { ...statement, sql: "ROLLBACK" } : statement;
      const execution = await this.#startWhenFree(possible, args);
      this.#executions.add(execution);
      return execution;
    } catch (error) {
      // A transaction that came too late to write may go on reading, and must not keep others from writing.
      if (takesLock && error instanceof RequestError && error.code === "SQLITE_BUSY") lock.release(this);
      throw error;
    }
  }

  /** After each statement: gives the lock back when no transaction needs it. */
  settle(execution?: Execution): void {
    const { lock } = this.#context;
    if (execution) this.#executions.delete(execution);
    if (this.#handle.inTransaction) return lock.touch(this);
    lock.release(this);
    if (this.#handle.poisoned) this.#replaceHandle();
  }

  /** Counts a failed statement, and returns what the client is told. */
  failed(error: unknown, sql = "", execution?: Execution): unknown {
    this.#context.metrics.statementErrors++;
    if (isBusy(error)) this.#handle.poisoned = true;
    this.settle(execution);
    return toRequestError(error, sql);
  }

  forceRollback(): void {
    this.#timedOut = true;
    this.#context.metrics.transactionsTimedOut++;
    this.#handle.rollback();
  }

  /** Ends the transaction and gives the handle back after the jobs under way. Idempotent. */
  close(): Promise<void> {
    if (this.#state === "open") {
      this.#state = "closing";
      this.#context.lock.cancel(this);
      if (this.#tail) this.#tail = this.#tail.then(() => this.#dispose());
      else this.#dispose();
    }
    return Promise.resolve(this.#tail).then(() => undefined);
  }

  async #work(work: StatementWork): Promise<void> {
    this.#isAtWork = true;
    await work.take();
    this.#isAtWork = false;
  }

  async #begin<T>(job: () => Promise<T>): Promise<T> {
    if (this.#state !== "open") throw new RequestError("STREAM_CLOSED", "The stream was closed");
    return job();
  }

  #finish(tail: Promise<unknown>): void {
    if (this.#tail === tail) this.#tail = undefined;
  }

  #dispose(): void {
    this.#state = "closed";
    this.#tail = undefined;
    this.#context.metrics.streamsOpen--;
    this.#abandonExecutions();
    this.#context.handles.release(this.#handle);
    this.#context.lock.release(this);
  }

  /** A cursor that nobody will read on must not keep its snapshot of the database. */
  #abandonExecutions(): void {
    for (const execution of this.#executions) {
      try {
        execution.abandon();
      } catch {
        this.#handle.poisoned = true;
      }
    }
    this.#executions.clear();
  }

  /** Only another process can make the database busy: writers of this one hold the lock. */
  async #startWhenFree(statement: ScannedStatement, args: readonly EngineValue[]): Promise<Execution> {
    const { clock, busyTimeout, lock } = this.#context;
    const deadline = clock.now() + busyTimeout;
    for (;;) {
      try {
        return this.#handle.start(statement, args);
      } catch (error) {
        const mayRetry = isBusyForNow(error) && this.isAutocommit && this.#state === "open";
        if (!mayRetry || clock.now() >= deadline) throw this.failed(error, statement.sql);
        this.#replaceHandle();
        lock.touch(this);
        await new Promise<void>((resolve) => clock.schedule(RETRY_DELAY, resolve));
      }
    }
  }

  /**
   * True for a COMMIT that SQLite would refuse because the binding has left open a statement that found the
   * database busy, where there is nothing to commit: who has written, or tried to, holds the write lock.
   */
  #endsInVain(statement: ScannedStatement): boolean {
    const isStuck = this.#handle.poisoned && this.#handle.inTransaction;
    return isStuck && /^(?:COMMIT|END)\b/i.test(statement.sql) && !this.#context.lock.isHeldBy(this);
  }

  #replaceHandle(): void {
    const old = this.#handle;
    this.#handle = this.#context.handles.open();
    this.#handle.marked = old.marked;
    this.#context.handles.discard(old);
  }
}
