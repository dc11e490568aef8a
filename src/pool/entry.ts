import type { Milliseconds } from "../core/duration.js";

/**
 * Where a resource is. One thing at a time, so it can never have two holders:
 * `opening` until the pool has it, `idle` in the pool, `leased` to a caller,
 * `reserved` by the pool itself to be probed, `closing`, or gone.
 */
export type EntryState = "opening" | "idle" | "leased" | "reserved" | "closing" | "closed";

/** Why the pool closed a resource. */
const EVICTION_REASONS = [
  "connection-closed",
  "ping-failed",
  "health-check-failed",
  "max-lifetime",
  "idle-timeout",
  "destroyed-by-holder",
  "retired",
  "pooling-disabled",
  "pool-closed",
] as const;
export type EvictionReason = (typeof EVICTION_REASONS)[number];

/** The reasons that say that a resource which nobody used was no longer there when the pool looked. */
const LOST = new Set<EvictionReason>(["connection-closed", "ping-failed", "health-check-failed"]);

/** Whether a resource that is closed for this reason was lost while the pool kept it for later. */
export function lostWhileIdle(entry: Entry<unknown>, reason: EvictionReason): boolean {
  return (entry.state === "idle" || entry.state === "reserved") && LOST.has(reason);
}

/** How many resources were closed for each reason. */
export type Evictions = Record<EvictionReason, number>;

export function noEvictions(): Evictions {
  return Object.fromEntries(EVICTION_REASONS.map((reason) => [reason, 0])) as Evictions;
}

/** What the pool remembers of one open resource. Times are on the pool's clock. */
export interface Entry<R> {
  readonly resource: R;
  readonly readyAt: Milliseconds;
  /** How long opening it took. */
  readonly openTook: Milliseconds;
  /** In [0, 1): spreads lifetimes and pings, so that a fleet does not reconnect at once. */
  readonly jitter: number;
  /** When it is too old to be leased again. */
  readonly expiresAt: Milliseconds;
  state: EntryState;
  /** When it was last known to work: opened, given back, or probed. */
  provenAt: Milliseconds;
  /** When a caller last gave it back (a probe does not count as use). */
  idleSince: Milliseconds;
  /** Its place among the idle: the higher, the later it was used. */
  rank: number;
  /** It did not answer the last probe in time: dead, or slow. */
  silent: boolean;
  /** How often it was leased. */
  uses: number;
  /** When it was leased last. */
  leasedAt: Milliseconds;
  /** Where the holder came from, if it said so; see {@link Lease.heldBy}. */
  holder: { readonly stack?: string | undefined } | undefined;
  /** When it was last taken away from callers to be probed. */
  reservedAt: Milliseconds;
  /** Set when it must not be leased again; the holder keeps it until release. */
  doomed: EvictionReason | undefined;
  /** While it is closing: another will be opened in its place. */
  toBeReplaced: boolean;
  /** While it is reserved: it should be back soon, so nobody opens another for its sake. */
  expected: boolean;
}

/** By how much a lifetime is shortened at most: as a share of itself. */
const LIFETIME_JITTER = 0.1;

/** A resource that was just opened, as the pool remembers it until somebody gets it. */
export function newEntry<R>(
  resource: R,
  times: {
    readonly startedAt: Milliseconds;
    readonly readyAt: Milliseconds;
    readonly maxLifetime: Milliseconds;
  },
  jitter: number,
): Entry<R> {
  return {
    resource,
    readyAt: times.readyAt,
    openTook: times.readyAt - times.startedAt,
    jitter,
    expiresAt: times.readyAt + times.maxLifetime * (1 - LIFETIME_JITTER * jitter),
    state: "opening",
    provenAt: times.readyAt,
    idleSince: times.readyAt,
    rank: 0,
    silent: false,
    uses: 0,
    leasedAt: -Infinity,
    holder: undefined,
    reservedAt: -Infinity,
    doomed: undefined,
    toBeReplaced: false,
    expected: false,
  };
}
