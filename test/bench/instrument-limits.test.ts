import { describe, expect, it } from "vitest";
import { instrumentLimits as limitsOf } from "../../src/bench/instrument-limits.js";
import type { InstrumentReading } from "../../src/bench/instrument.js";
import type { Schedule } from "../../src/bench/recorder.js";
import { DurationHistogram } from "../../src/stats/histogram.js";

const idle: InstrumentReading = { eventLoopUtilization: 0.3, cpu: 0.3, hostCpu: 0.5, gc: 0.02, longestGc: 3 };

function schedule(given: Partial<Schedule> = {}, lags: readonly number[] = [0.1, 0.2, 0.1]): Schedule {
  const lag = new DurationHistogram();
  for (const one of lags) lag.record(one);
  return { scheduled: 100, foundNoWorker: 0, neverStarted: 0, lag, ...given };
}

const latency = new DurationHistogram();
for (let i = 0; i < 100; i++) latency.record(1_000);

const instrumentLimits = (
  reading: InstrumentReading | undefined,
  kept: Schedule | null,
  concurrency: number,
  isLocal = false,
): string[] => limitsOf({ reading, measured: { schedule: kept, latency }, concurrency, isLocal });

describe("the load process was the limit", () => {
  it("not when it had time to spare", () => {
    expect(instrumentLimits(idle, null, 1)).toEqual([]);
    expect(instrumentLimits(idle, schedule(), 10)).toEqual([]);
    expect(instrumentLimits(undefined, null, 1)).toEqual([]);
    // A host that somebody else keeps busy is noise and not a limit; the database may well be what is busy.
    expect(instrumentLimits({ ...idle, hostCpu: 1 }, null, 1)).toEqual([]);
  });

  it("not when nothing was due", () => {
    expect(instrumentLimits(idle, schedule({ scheduled: 0 }, []), 10)).toEqual([]);
  });

  it.each([
    [{ ...idle, eventLoopUtilization: 0.95 }, "its event loop was busy 95% of the time"],
    [{ ...idle, gc: 0.25 }, "it spent 25% of the time collecting garbage"],
  ])("%j", (reading, why) => {
    expect(instrumentLimits(reading, null, 1)).toEqual([why]);
  });

  it("when it was late at the median, but not for single operations", () => {
    expect(instrumentLimits(idle, schedule({}, [0.1, 2, 3]), 1)).toEqual([
      "it was late for more than half of the schedule",
    ]);
    expect(instrumentLimits(idle, schedule({}, [0.1, 0.1, 50]), 1)).toEqual([]);
  });

  it("not of a database that runs in it, however busy that keeps it", () => {
    expect(instrumentLimits({ ...idle, eventLoopUtilization: 1 }, null, 1, true)).toEqual([]);
  });

  it("when its own lag is much of the latency", () => {
    const lags = Array.from({ length: 100 }, (_, at) => (at < 90 ? 0.1 : 300));
    expect(instrumentLimits(idle, schedule({}, lags), 1)).toEqual([
      "it was so late to start operations that this is more than 25% of the latency at P95",
    ]);
  });

  it("when it had too few workers to start everything", () => {
    expect(instrumentLimits(idle, schedule({ neverStarted: 25 }), 10)).toEqual([
      "its 10 workers were too few for the rate: 25% of the operations were never started",
    ]);
    expect(instrumentLimits(idle, schedule({ neverStarted: 25 }), 1)[0]).toMatch(/^its 1 worker was too few/);
  });

  it("for all reasons that there are", () => {
    const busy = { ...idle, eventLoopUtilization: 1, gc: 0.5 };
    expect(instrumentLimits(busy, schedule({ neverStarted: 1 }, [5, 5]), 2)).toHaveLength(4);
  });
});
