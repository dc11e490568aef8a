import type { Transaction } from "@libsql/core/api";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import type { Lease } from "../lease.js";

export interface TransactionHoldOptions {
  readonly transaction: Transaction;
  readonly lease: Lease<LibsqlConnection>;
  /** Made where the transaction was opened. */
  readonly openedAt: Error;
  /** Waits a moment for an answer; false when it did not come. Does not reject. */
  readonly lastWords: (answer: Promise<unknown>) => Promise<boolean>;
  /** Called once, when the lease has been given back. */
  readonly ended: (connection: LibsqlConnection) => void;
  /** Called when a statement was answered. */
  readonly answered: () => void;
  /** Called when the connection failed in mid-transaction. */
  readonly failed: () => void;
}
