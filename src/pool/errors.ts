import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";
import type { ResourceCounts } from "./tally.js";

/** Nothing came free in time. */
export function acquireTimedOut(timeout: Milliseconds, maximum: number, at: ResourceCounts): TursoPoolError {
  const { leased } = at.inventory;
  const opening = at.opener.pending;
  const state = `${leased} of ${maximum} leased, ${opening} opening, ${at.queue.length} waiting`;
  return new TursoPoolError("ACQUIRE_TIMEOUT", `no connection came free within ${timeout} ms (${state})`, {
    hint:
      leased < opening
        ? "Opening takes too long: check that the host is reachable, or raise connectionTimeout."
        : "Raise maxConnections or connectionTimeout, or release leases sooner.",
  });
}

/** The error of a call whose signal has fired; the signal's reason is its cause. */
export function aborted(signal: AbortSignal): TursoPoolError {
  return new TursoPoolError("ABORTED", "the caller's signal was aborted", { cause: signal.reason });
}

/** An opening that took too long is told to stop with this. */
export function openTimedOut(timeout: Milliseconds): TursoPoolError {
  return new TursoPoolError("CONNECT_TIMEOUT", `the connection was not open within ${timeout} ms`, {
    hint: "Check that the host is reachable, or raise connectionTimeout.",
  });
}

/** What a waiter is told when the connection that it waited for could not be opened. */
export function openFailed(cause: unknown): TursoPoolError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TursoPoolError("OPEN_FAILED", `could not open a connection: ${reason}`, {
    hint: cause instanceof TursoPoolError ? cause.hint : undefined,
    cause,
  });
}

/** The connection was closed before anybody could use it, as a server at its limit does. */
export function closedAtOnce(): TursoPoolError {
  return new TursoPoolError("CONNECTION_CLOSED", "the connection was closed as soon as it was open", {
    hint: "Look into the database's log or limits: it accepts connections and then drops them.",
  });
}

/** A connection that was being pinged was closed meanwhile. */
export function closedWhilePinged(): TursoPoolError {
  return new TursoPoolError("CONNECTION_CLOSED", "the connection was closed while it was pinged");
}

export function pingTimedOut(timeout: Milliseconds): TursoPoolError {
  return new TursoPoolError("OPERATION_TIMEOUT", `no answer to a ping within ${Math.round(timeout)} ms`, {
    hint: "Check the network between here and the database, or raise the ping's timeout.",
  });
}

export function poolClosed(): TursoPoolError {
  return new TursoPoolError("POOL_CLOSED", "the pool is closed", {
    hint: "Acquire before close(), or make a new pool.",
  });
}

export function tooManyWaiters(limit: number): TursoPoolError {
  return new TursoPoolError("TOO_MANY_WAITERS", `${limit} callers are waiting already (maxWaiters)`, {
    hint: "Raise maxConnections or maxWaiters, or shed load.",
  });
}
