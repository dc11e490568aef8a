import { describe, expect, it } from "vitest";
import { Recorder } from "../../src/bench/recorder.js";
import { joinRounds, roundOf, type Round, roundResult } from "../../src/bench/round.js";
import type { RoundResult } from "../../src/bench/result.js";
import type { Buckets } from "../../src/stats/buckets.js";
import { TursoPoolError } from "../../src/core/errors.js";

const total = ({ counts }: Buckets): number => counts.reduce((sum, count) => sum + count, 0);

/** What must be the same of a round however it was stored. */
const account = ({ operations, failed, elapsed, latency, service, overhead }: Round) => ({
  operations,
  failed,
  elapsed,
  latency: [...latency.values, ...latency.counts],
  service: [...service.values, ...service.counts],
  overhead: [...overhead.values, ...overhead.counts],
});

/** Operations of 1, 2, … ms that were due 5 ms before their start. */
function record(recorder: Recorder, count: number, overhead: number | null = 0.5): void {
  for (let at = 1; at <= count; at++) {
    recorder.succeeded({ overhead, doneAt: 100 + at }, { startedAt: 100, scheduledAt: 95 });
  }
}

describe("a recorder", () => {
  it("measures latency from the schedule, and service from the start", () => {
    const recorder = new Recorder("open");
    record(recorder, 10);
    recorder.endRound(50);
    expect(recorder.latency.summary()).toMatchObject({ min: 6, max: 15 });
    expect(recorder.service?.summary()).toMatchObject({ min: 1, max: 10 });
    expect(recorder.overhead.summary().max).toBe(0.5);
  });

  it("has one latency in a closed loop, and no schedule", () => {
    const recorder = new Recorder();
    record(recorder, 3);
    recorder.endRound(10);
    expect([recorder.service, recorder.schedule]).toEqual([null, null]);
    const [round] = recorder.rounds;
    expect(round?.service).toBe(round?.latency);
    expect(round && roundResult(round).service_latency_hdr).toBeNull();
  });

  it("gives each round what happened in it, and the whole what happened in all", () => {
    const recorder = new Recorder("open");
    record(recorder, 10);
    recorder.failed(new Error("first"));
    recorder.endRound(50);
    record(recorder, 4, null);
    recorder.failed(new TursoPoolError("OPERATION_TIMEOUT", "late"));
    recorder.failed("not even an error");
    recorder.endRound(70);
    recorder.endRound(7);
    expect(recorder.rounds.map(({ operations, failed, elapsed }) => [operations, failed, elapsed])).toEqual([
      [10, 1, 50],
      [4, 2, 70],
      [0, 0, 7],
    ]);
    expect(recorder.rounds.map(({ overhead }) => total(overhead))).toEqual([10, 0, 0]);
    expect([recorder.latency.count, recorder.errors, recorder.timeouts, recorder.elapsed]).toEqual([
      14, 2, 1, 127,
    ]);
    expect(recorder.firstError?.message).toBe("first");
  });
});

describe("a round", () => {
  it.each(["closed", "open"] as const)("reads out of a result as it was (%s loop)", (loop) => {
    const recorder = new Recorder(loop);
    record(recorder, 200);
    recorder.failed(new Error("no"));
    recorder.endRound(321.5);
    recorder.endRound(5);
    for (const round of recorder.rounds) {
      const saved = JSON.parse(JSON.stringify(roundResult(round))) as RoundResult;
      expect(account(roundOf(saved))).toEqual(account(round));
    }
  });

  it("joins another one, with all that both have", () => {
    const recorder = new Recorder("open");
    record(recorder, 10);
    recorder.failed(new Error("no"));
    recorder.endRound(50);
    record(recorder, 20);
    recorder.endRound(60);
    const [one, other] = recorder.rounds as [Round, Round];
    const both = joinRounds(one, other);
    expect(both).toMatchObject({ operations: 30, failed: 1, elapsed: 110 });
    expect([total(both.latency), total(both.service), total(both.overhead)]).toEqual([30, 30, 30]);
    expect(account(roundOf(roundResult(both)))).toEqual(account(both));
    expect(both.latency.values.at(-1)).toBeCloseTo(25, 1);
  });

  it("stays as exact as it was, however often it is joined", () => {
    let joined: Round | undefined;
    for (let times = 0; times < 30; times++) {
      const recorder = new Recorder();
      record(recorder, 100);
      recorder.endRound(10);
      const [round] = recorder.rounds as [Round];
      joined = joined === undefined ? round : joinRounds(joined, round);
    }
    const recorder = new Recorder();
    record(recorder, 100);
    recorder.endRound(10);
    expect([...(joined?.latency.values ?? [])]).toEqual([...(recorder.rounds[0]?.latency.values ?? [])]);
    expect(total(joined?.latency ?? { values: new Float64Array(), counts: new Float64Array() })).toBe(3_000);
  });
});

describe("very many rounds", () => {
  it("are joined in pairs, and lose nothing", () => {
    const recorder = new Recorder();
    let most = 0;
    for (let round = 0; round < 210; round++) {
      record(recorder, 3);
      if (round % 7 === 0) recorder.failed(new Error("no"));
      recorder.endRound(2);
      recorder.joinRounds();
      most = Math.max(most, recorder.rounds.length);
    }
    expect(most).toBeLessThan(128);
    expect(recorder.rounds.length).toBeGreaterThanOrEqual(64);
    const sum = (of: (round: Round) => number): number =>
      recorder.rounds.reduce((all, one) => all + of(one), 0);
    expect(sum(({ operations }) => operations)).toBe(630);
    expect(sum(({ failed }) => failed)).toBe(30);
    expect(sum(({ elapsed }) => elapsed)).toBe(420);
    expect(sum(({ latency }) => total(latency))).toBe(630);
  });

  it("stay as they are up to 127", () => {
    const recorder = new Recorder();
    for (let round = 0; round < 127; round++) recorder.endRound(1);
    recorder.joinRounds();
    expect(recorder.rounds).toHaveLength(127);
    recorder.endRound(1);
    recorder.joinRounds();
    expect(recorder.rounds).toHaveLength(64);
  });
});
