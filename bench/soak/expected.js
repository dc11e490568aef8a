// What must be in the database of an operation that is over.
import { PooledClientError } from "../../dist/index.js";

export const NONE = 0;
export const ALL = 1;
/** All of it or nothing: nobody could tell the caller. */
export const EITHER = 2;

/** What must be there after a call failed that would have written. */
export function expectedAfter(error) {
  // Any other error is the database's own: it did not do it.
  return error instanceof PooledClientError && error.outcome === "unknown" ? EITHER : NONE;
}
