import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import type { Connection } from "../libsql/connection.js";
import type { DistributionResult, PoolSnapshot } from "../monitor/result.js";
import type { PoolEventListener, PoolEventName } from "../pool/events.js";
import { median } from "../stats/median.js";

/** A connection that was used a moment ago was not lost for idling. */
const LEAST_IDLE: Milliseconds = 1_000;

interface Teller<C> {
  on<Name extends PoolEventName>(event: Name, listener: PoolEventListener<C, Name>): unknown;
}

/**
 * Connections that the pool took for sound and that gave their holder no answer after having idled. They were lost while
 * idle, too, only the pool did not get to know.
 */
export class Silences<C extends Connection> {
  readonly #clock: Clock;
  readonly #heardAt = new WeakMap<C, Milliseconds>();
  readonly #idle: Milliseconds[] = [];

  constructor(pool: Teller<C>, clock: Clock) {
    this.#clock = clock;
    pool.on("opened", ({ connection }) => this.heard(connection));
    pool.on("pinged", ({ connection, answered }) => {
      if (answered) this.heard(connection);
    });
  }

  heard(connection: C): void {
    this.#heardAt.set(connection, this.#clock.now());
  }

  /** It was asked then, and gave no answer. */
  silent(connection: C, askedAt: Milliseconds): void {
    const idle = askedAt - (this.#heardAt.get(connection) ?? askedAt);
    if (idle >= LEAST_IDLE) this.#idle.push(idle);
  }

  /** A pool's snapshot with these among its losses. */
  amongLosses(snapshot: PoolSnapshot): PoolSnapshot {
    const silent = this.#idle.length;
    if (silent === 0) return snapshot;
    const { statistics } = snapshot;
    const { total_lost_while_idle: lost, median_idle_before_loss_ms: known } = statistics;
    return {
      ...snapshot,
      use_time: withoutLongest(snapshot.use_time, silent),
      statistics: {
        ...statistics,
        total_lost_while_idle: lost + silent,
        total_silent_while_idle: statistics.total_silent_while_idle + silent,
        median_idle_before_loss_ms: known !== null && lost > silent ? known : median(this.#idle),
      },
    };
  }
}

/** How long their holders waited for no answer says nothing of how long answers take. */
function withoutLongest(times: DistributionResult, silent: number): DistributionResult {
  let left = silent;
  const buckets = times.buckets.toReversed().flatMap(({ up_to_ms, count }) => {
    const dropped = Math.min(left, count);
    left -= dropped;
    return count > dropped ? [{ up_to_ms, count: count - dropped }] : [];
  });
  return { ...times, buckets: buckets.toReversed() };
}
