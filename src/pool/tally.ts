import type { Milliseconds } from "../core/duration.js";
import { lostWhileIdle, noEvictions, type Entry, type EvictionReason } from "./entry.js";
import type { EventHooks } from "./events.js";
import { TimeHistogram } from "./time-histogram.js";

/** Who is told of what becomes of a pool's resources, as it happens. */
export interface Accountant<R> {
  /** `entry` was leased, after a wait; 0 when it was there at once. */
  leased(entry: Entry<R>, waited: Milliseconds): void;
  /** `entry` is given back. */
  released(entry: Entry<R>, now: Milliseconds): void;
  /** `entry` is about to be closed. */
  evicted(entry: Entry<R>, reason: EvictionReason, now: Milliseconds): void;
  /** A resource could not be opened. */
  openFailed(error: unknown, took: Milliseconds): void;
  /** A caller's patience was over. */
  timedOut(waited: Milliseconds): void;
  /** A caller was turned away, as too many were waiting. */
  refused(): void;
}

/** Running counts of what becomes of a pool's resources; whoever listens is told of it. */
export class Tally<R> implements Accountant<R> {
  readonly #events: EventHooks<R>;
  /** Leases that were had at once. */
  immediate = 0;
  /** Leases of a resource that had not been leased before: fewer than the others, so these are counted. */
  firstUses = 0;
  /** What callers waited for those together. */
  firstUseWait: Milliseconds = 0;
  readonly evictions = noEvictions();
  /** Waits that did not end at once. */
  readonly waits = new TimeHistogram();
  /** How long callers held what they got. */
  readonly uses = new TimeHistogram();
  /** Resources that were gone when nobody used them. */
  lostWhileIdle = 0;
  /** Those among them that did not answer in time. */
  silentWhileIdle = 0;
  /** For how long each of those had idled. */
  readonly idleBeforeLoss = new TimeHistogram();
  /** Callers that were turned away. */
  refusals = 0;

  constructor(events: EventHooks<R>) {
    this.#events = events;
  }

  leased(entry: Entry<R>, waitedMs: Milliseconds): void {
    if (waitedMs > 0) this.waits.record(waitedMs);
    else this.immediate++;
    if (entry.uses++ === 0) {
      this.firstUses++;
      this.firstUseWait += waitedMs;
    }
    this.#events.acquired?.({ connection: entry.resource, waitedMs });
  }

  released(entry: Entry<R>, now: Milliseconds): void {
    const usedMs = now - entry.leasedAt;
    this.uses.record(usedMs);
    this.#events.released?.({ connection: entry.resource, usedMs });
  }

  evicted(entry: Entry<R>, reason: EvictionReason, now: Milliseconds): void {
    this.evictions[reason]++;
    this.#events.closed?.({ connection: entry.resource, reason, livedMs: now - entry.readyAt });
    if (!lostWhileIdle(entry, reason)) return;
    this.lostWhileIdle++;
    if (entry.silent) this.silentWhileIdle++;
    // What a ping waits for its answer is no idling.
    const until = entry.state === "reserved" ? entry.reservedAt : now;
    this.idleBeforeLoss.record(until - entry.provenAt);
  }

  openFailed(error: unknown, tookMs: Milliseconds): void {
    this.#events.openFailed?.({ error, tookMs });
  }

  refused(): void {
    this.refusals++;
  }

  timedOut(waitedMs: Milliseconds): void {
    this.#events.acquireTimedOut?.({ waitedMs });
  }
}

/** What a pool holds and has done, as it stands whenever it is read. */
export interface ResourceCounts {
  readonly inventory: {
    /** Open and closing ones. */
    readonly size: number;
    readonly leased: number;
    readonly idle: { readonly length: number };
  };
  readonly opener: {
    readonly pending: number;
    readonly failures: number;
    readonly timeouts: number;
    readonly times: TimeHistogram;
  };
  readonly queue: {
    readonly length: number;
    readonly peak: number;
    readonly timeouts: number;
    readonly longestWait: Milliseconds;
  };
}

/** What a {@link Tally} has counted so far. */
export type TallyCounts = Readonly<Omit<Tally<unknown>, keyof Accountant<unknown>>>;
