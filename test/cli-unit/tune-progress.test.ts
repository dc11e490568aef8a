import { beforeEach, describe, expect, it } from "vitest";
import { ProgressLine } from "../../src/cli/progress-line.js";
import { TuneSteps } from "../../src/cli/tune-progress.js";
import { ManualClock } from "../../src/core/manual-clock.js";
import type { TuneProgress } from "../../src/tune/site.js";
import { Screen } from "../support/screen.js";

const IDLE: TuneProgress = {
  phase: "idle",
  doing: "idle limits: waiting 12 s",
  expectedMs: 12_000,
  leftMs: 40_000,
};

let clock: ManualClock;
let steps: TuneSteps;
beforeEach(() => {
  clock = new ManualClock();
  steps = new TuneSteps(clock);
});

describe("the progress of tuning", () => {
  it("is the share of the phase and what is left of it, with which phase that is", async () => {
    expect(steps.next(IDLE)).toEqual({
      doing: "idle limits: waiting 12 s",
      part: "phase 2 of 4",
      from: 0,
      to: 0.3,
      expectedMs: 12_000,
      leftMs: 40_000,
    });
    await clock.advance(10_000);
    expect(steps.next({ ...IDLE, expectedMs: 5_000, leftMs: 10_000 })).toMatchObject({ from: 0.5, to: 0.75 });
  });

  it("is never said to be done while it goes on", async () => {
    steps.next(IDLE);
    await clock.advance(60_000);
    expect(steps.next({ ...IDLE, expectedMs: 0, leftMs: 0 })).toMatchObject({ from: 0.99, to: 0.99 });
  });

  it("begins anew with every phase", async () => {
    steps.next(IDLE);
    await clock.advance(10_000);
    expect(steps.next({ ...IDLE, phase: "size", doing: "8 connections" })).toMatchObject({
      doing: "8 connections",
      part: "phase 3 of 4",
      from: 0,
    });
  });

  it("never goes back, whatever turns out to be left", async () => {
    steps.next({ ...IDLE, leftMs: 10_000 });
    await clock.advance(5_000);
    expect(steps.next({ ...IDLE, leftMs: 5_000 }).from).toBe(0.5);
    const { from, to } = steps.next({ ...IDLE, leftMs: 95_000, expectedMs: 1 });
    expect([from, to]).toEqual([0.5, 0.5]);
  });

  it("says nothing of a share that nobody knows", () => {
    expect(steps.next({ ...IDLE, leftMs: null, expectedMs: null })).toMatchObject({ from: 0, to: 0 });
    expect(steps.next({ ...IDLE, leftMs: 0 })).toMatchObject({ from: 0, to: 0 });
  });

  it("is a line on a terminal that goes on by the clock", async () => {
    const screen = new Screen();
    const line = new ProgressLine(screen, { clock, movesCursor: true });
    line.show(steps.next(IDLE));
    await clock.advance(6_000);
    expect(await screen.screen()).toEqual([
      expect.stringMatching(/^█+░+ 15% idle limits: waiting 12 s \(phase 2 of 4\), 34 s left$/),
    ]);
    line.end();
    expect(await screen.screen()).toEqual([]);
  });

  it("keeps the time left where there is no room for all", async () => {
    const screen = new Screen(60);
    const line = new ProgressLine(screen, { clock, movesCursor: true });
    line.show(steps.next({ ...IDLE, doing: "idle limits: ws up to 60 s, http up to 60 s, tcp up to 60 s" }));
    expect(await screen.screen()).toEqual(["0% idle limits: ws up to 60 s, h… (phase 2 of 4), 40 s left"]);
    line.end();
  });

  it("is a line every 5 s anywhere else", async () => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) };
    const line = new ProgressLine(stream, { clock, movesCursor: false });
    line.show(steps.next(IDLE));
    await clock.advance(5_000);
    line.end();
    expect(written).toEqual(["12% idle limits: waiting 12 s (phase 2 of 4), 35 s left\n"]);
  });
});
