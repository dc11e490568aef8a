import { PooledClientError } from "./client-error.js";

/** What is said to whoever goes on with a transaction that has ended. */
export function transactionClosed(message: string, cause?: Error): PooledClientError {
  return new PooledClientError("TRANSACTION_CLOSED", message, {
    outcome: "not executed",
    hint: "Begin another transaction, and run its statements from the first.",
    cause,
  });
}

export function closedInMidStatement(): PooledClientError {
  return new PooledClientError("TRANSACTION_CLOSED", "it was closed while a statement was under way", {
    outcome: "unknown",
  });
}

export function takenBack(openedAt: Error): PooledClientError {
  return new PooledClientError("TRANSACTION_CLOSED", "it was open for too long, and was taken back", {
    outcome: "not executed",
    cause: openedAt,
  });
}

export function connectionLost(): PooledClientError {
  return new PooledClientError("CONNECTION_CLOSED", "the connection was lost", { outcome: "not executed" });
}

/** Whether an engine was told to BEGIN in the middle of a transaction. */
export function isWithinTransaction(error: unknown): boolean {
  return /within a transaction/i.test(String(error));
}
