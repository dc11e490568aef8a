import { describe, expect, it } from "vitest";
import { TursoPoolError } from "../../src/core/errors.js";
import { ManualClock } from "../../src/core/manual-clock.js";
import type { PoolSnapshot } from "../../src/monitor/result.js";
import { observe, type Look } from "../../src/watch/observe.js";
import type { LookResult } from "../../src/watch/result.js";
import { rejection } from "../support/pool-fixture.js";
import { snapshotWith } from "../support/snapshots.js";

const refused = new TursoPoolError("UNREACHABLE", "http://app: connection refused", { hint: "Start it." });
const seen = (uptime_ms: number, total_checkouts = 0): PoolSnapshot =>
  snapshotWith({ statistics: { uptime_ms, total_checkouts } });

/** Watches what these looks find, one after the other; the last of them again and again. */
async function watching(
  finds: readonly (PoolSnapshot | Error)[],
  { duration = 10_000, stopAt = Infinity, takes = 0 } = {},
) {
  const clock = new ManualClock();
  const looks: LookResult[] = [];
  const stop = new AbortController();
  clock.schedule(stopAt, () => stop.abort());
  let next = 0;
  const look: Look = async () => {
    await new Promise<void>((resolve) => clock.schedule(takes, resolve));
    const found = finds[Math.min(next++, finds.length - 1)];
    if (found === undefined || found instanceof Error) throw found ?? new Error("nothing");
    return found;
  };
  const plan = { interval: 2_000, duration, leakThreshold: 30_000 };
  const done = observe(look, plan, { clock, signal: stop.signal, onLook: (one) => looks.push(one) });
  void done.catch(() => undefined);
  await clock.advance(60_000);
  return { looks, observed: await done };
}

describe("watching a pool", () => {
  it("is a look at the start, at every interval, and at the end", async () => {
    const { looks, observed } = await watching([seen(0), seen(2_000, 10)], { duration: 5_000 });
    expect(looks.map(({ elapsed_ms: at }) => at)).toEqual([0, 2_000, 4_000, 5_000]);
    expect(looks.map(({ rates }) => rates.checkouts_per_second)).toEqual([null, 5, null, null]);
    expect(observed).toMatchObject({ took: 5_000, missed: 0, restarts: 0, error: null });
  });

  it("looks less often where a look takes longer than the interval", async () => {
    const { looks } = await watching([seen(0)], { takes: 3_000 });
    expect(looks.map(({ elapsed_ms: at }) => at)).toEqual([0, 5_000, 8_000, 11_000]);
  });

  it("is one look where there is no time for more, and tells nothing before the end", async () => {
    const { looks, observed } = await watching([seen(7)], { duration: 0 });
    expect([looks, observed.last.statistics.uptime_ms, observed.took]).toEqual([[], 7, 0]);
  });

  it("goes on while an application does not answer, and tells that it was restarted", async () => {
    const { looks, observed } = await watching(
      [seen(50_000, 500), refused, refused, seen(1_000, 4), seen(3_000, 10)],
      { duration: 8_000 },
    );
    expect(looks.map(({ error, restarted }) => [error?.code ?? null, restarted])).toEqual([
      [null, false],
      ["UNREACHABLE", false],
      ["UNREACHABLE", false],
      [null, true],
      [null, false],
    ]);
    expect(looks.map(({ rates }) => rates.checkouts_per_second)).toEqual([null, null, null, null, 3]);
    expect(observed).toMatchObject({ missed: 2, restarts: 1, error: null });
  });

  it("ends with the last that was seen, and with why nothing was after that", async () => {
    const { observed } = await watching([seen(5), refused], { duration: 6_000 });
    expect(observed.last.statistics.uptime_ms).toBe(5);
    expect(observed.error).toEqual({ code: "UNREACHABLE", message: refused.message, hint: "Start it." });
  });

  it("fails with the first look", async () => {
    expect(await rejection(watching([refused]))).toBe(refused);
  });

  it("ends when it is stopped", async () => {
    const { looks, observed } = await watching([seen(0)], { duration: Infinity, stopAt: 5_000 });
    expect([looks.length, observed.took, observed.missed]).toEqual([3, 5_000, 0]);
  });
});
