import type { Milliseconds } from "../core/duration.js";
import type { InstrumentReading } from "./instrument.js";
import type { Recorder } from "./recorder.js";

/** An event loop that is this busy is what limits the load. */
const SATURATED = 0.95;
/** With this much of its time spent on garbage, it is the garbage that is measured. */
const MUCH_GARBAGE = 0.25;
/** A generator that is this late at the median does not keep its schedule. */
const LATE_MS: Milliseconds = 1;
/** The generator's own lag is part of the latency; with more than this share of a P95 it is a figure of its own. */
const MUCH_LAG = 0.25;

/** What there is to know of a contestant for this. */
export interface Watched {
  readonly reading: InstrumentReading | undefined;
  readonly measured: Pick<Recorder, "schedule" | "latency">;
  /** A local database runs in the load process: it is no limit but what is measured. */
  readonly isLocal: boolean;
  readonly concurrency: number;
}

/** Why the load process was the limit rather than the database; nothing when it was not. */
export function instrumentLimits({ reading, measured, isLocal, concurrency }: Watched): string[] {
  const { schedule, latency } = measured;
  const limits: string[] = [];
  if (!isLocal && reading !== undefined && reading.eventLoopUtilization >= SATURATED) {
    limits.push(`its event loop was busy ${percent(reading.eventLoopUtilization)} of the time`);
  }
  if (reading !== undefined && reading.gc >= MUCH_GARBAGE) {
    limits.push(`it spent ${percent(reading.gc)} of the time collecting garbage`);
  }
  if (schedule === null || schedule.scheduled === 0) return limits;
  const { p50, p95 } = schedule.lag.summary();
  const whole = latency.summary().p95;
  if (!isLocal && p95 !== null && whole !== null && p95 > whole * MUCH_LAG) {
    limits.push(
      `it was so late to start operations that this is more than ${percent(MUCH_LAG)} of the latency at P95`,
    );
  }
  if (p50 !== null && p50 > LATE_MS) limits.push("it was late for more than half of the schedule");
  if (schedule.neverStarted > 0) {
    const share = percent(schedule.neverStarted / schedule.scheduled);
    limits.push(
      `its ${concurrency} ${concurrency === 1 ? "worker was" : "workers were"} too few for the rate: ${share} of the operations were never started`,
    );
  }
  return limits;
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;
