import type { Milliseconds } from "../../core/duration.js";
import type { IdleLimitResult, IdleResult } from "../idle/result.js";

/** What is known of how long a connection may idle. */
export type Idleness =
  /** `safe` is the longest idle time that was survived below it. */
  | { readonly kind: "limit"; readonly limit: IdleLimitResult; readonly safe: Milliseconds }
  /** None was found, up to this. */
  | { readonly kind: "none"; readonly upTo: Milliseconds }
  | { readonly kind: "unknown"; readonly why: string };

/** A limit that no connection was seen to survive has at least this much of it left, or nobody could use it at all. */
const UNPROVEN_SHARE = 0.5;

/**
 * The shortest limit for a connection that a pool keeps. A plain client's own socket pool is none of those, and what a
 * transaction may pause is no matter of idle connections. Limits of the other transport are among them, so that the
 * settings hold whichever is used.
 */
export function smallestLimit(idle: IdleResult | null, why: string): Idleness {
  if (idle === null) return { kind: "unknown", why };
  const [limit] = idle.limits
    .filter(({ whose }) => whose !== "client" && whose !== "stream")
    .toSorted((a, b) => safeBelow(a) - safeBelow(b));
  if (limit !== undefined) return { kind: "limit", limit, safe: safeBelow(limit) };
  const sockets = idle.layers.filter(({ layer }) => layer !== "client" && layer !== "stream");
  const tried = sockets.filter(({ outcome }) => outcome === "none");
  if (tried.length === 0) return { kind: "unknown", why };
  return { kind: "none", upTo: Math.min(...tried.map(({ searched_up_to_ms }) => searched_up_to_ms)) };
}

function safeBelow({ survived_ms: survived, lost_ms: lost, limit_ms: limit }: IdleLimitResult): Milliseconds {
  return Math.min(survived ?? UNPROVEN_SHARE * lost, limit, lost);
}
