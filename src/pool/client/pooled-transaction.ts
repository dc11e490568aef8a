import {
  LibsqlBatchError,
  type InArgs,
  type InStatement,
  type ResultSet,
  type Transaction,
} from "@libsql/core/api";
import { scanSql } from "../../core/sql/scan.js";
import type { Deadline } from "./deadline.js";
import { copiesOf, copyOf, sqlOf, type AnyStatement } from "./operation.js";
import type { TransactionHold } from "./transaction-hold.js";

/**
 * An interactive transaction on a connection of its own, which it holds until commit, rollback or close.
 *
 * When its connection or its stream is lost, a call misses its deadline, or the database has rolled it back, it is dead:
 * every later call rejects with `TRANSACTION_CLOSED`, the reason as its cause, and nothing of it is executed any more.
 */
export class PooledTransaction implements Transaction {
  readonly #hold: TransactionHold;
  readonly #begin: () => Deadline;

  /** @internal */
  constructor(hold: TransactionHold, begin: () => Deadline) {
    this.#hold = hold;
    this.#begin = begin;
  }

  get closed(): boolean {
    return this.#hold.closed;
  }

  async execute(statement: InStatement | string, args?: InArgs): Promise<ResultSet> {
    const whole = copyOf(
      typeof statement === "string" && args !== undefined ? { sql: statement, args } : statement,
    );
    return this.#run((transaction) => transaction.execute(whole), isEnd(whole));
  }

  async batch(given: AnyStatement[]): Promise<ResultSet[]> {
    const statements = copiesOf(given);
    const end = Array.isArray(statements) ? statements.findIndex(isEnd) : -1;
    if (end === -1 || end === statements.length - 1) {
      return this.#run((transaction) => transaction.batch(statements as InStatement[]), end !== -1);
    }
    // What comes after a COMMIT is not part of the transaction.
    await this.#run((transaction) => transaction.batch(statements.slice(0, end + 1) as InStatement[]), true);
    throw new LibsqlBatchError("The transaction is closed", end + 1, "TRANSACTION_CLOSED");
  }

  async executeMultiple(sql: string): Promise<void> {
    return this.#run((transaction) => transaction.executeMultiple(sql), isEnd(sql));
  }

  async commit(): Promise<void> {
    using deadline = this.#begin();
    await this.#hold.run((transaction) => transaction.commit(), deadline, "always");
  }

  /**
   * Does nothing when the transaction is over, was refused from its BEGIN, or was rolled back because its client was
   * closed; rejects when it is dead for another reason, as whether it was committed may not be known.
   */
  async rollback(): Promise<void> {
    if (this.#hold.isRolledBack) {
      this.#hold.close();
      return;
    }
    using deadline = this.#begin();
    await this.#hold.run((transaction) => transaction.rollback(), deadline, "always");
  }

  close(): void {
    this.#hold.close();
  }

  async #run<T>(work: (transaction: Transaction) => Promise<T>, ends: boolean): Promise<T> {
    using deadline = this.#begin();
    return await this.#hold.run(work, deadline, ends ? "on success" : "no");
  }
}

/** Whether a text ends a transaction by itself. */
function isEnd(statement: AnyStatement): boolean {
  // What is not a statement is for the client to refuse.
  const sql = (statement as AnyStatement | undefined | null) ? sqlOf(statement) : undefined;
  if (typeof sql !== "string" || !/commit|end|rollback/i.test(sql)) return false;
  return scanSql(sql).some(({ kind, sql: text }) => kind === "transaction" && ENDS.test(text));
}

/** `ROLLBACK TO` a savepoint ends none. */
const ENDS = /^(?:COMMIT|END|ROLLBACK(?!(?:\s+TRANSACTION)?\s+TO\b))\b/i;
