import { describe, expect, it } from "vitest";
import { Recorder } from "../../../src/bench/recorder.js";
import { seededRandom, type Random } from "../../../src/core/random.js";
import type { Candidate } from "../../../src/tune/proof/contender.js";
import { proofFigures } from "../../../src/tune/proof/figures.js";
import type { GapPair } from "../../../src/tune/proof/after-gap.js";
import type { ProofMetric } from "../../../src/tune/proof/result.js";
import type { SteadyRecord } from "../../../src/tune/proof/steady.js";
import { normal } from "../../stats/simulation.js";
import { profileOf } from "../../../src/tune/profile.js";

const ROUNDS = 12;

/** Both candidates in the same rounds, whose luck they share; `factor` times as slow the second one. */
function records(random: Random, factor = 1, held = [10, 10]): SteadyRecord[] {
  const luck = Array.from({ length: ROUNDS }, () => Math.exp(0.2 * normal(random)));
  return (["current", "recommended"] as const).map((name, at) => {
    const record: SteadyRecord = {
      candidate: { name } as Candidate,
      arrivals: new Recorder(),
      saturated: new Recorder(),
      held: luck.map(() => held[at] ?? 0),
    };
    for (const share of luck) {
      for (let i = 0; i < 40; i++) {
        const latency = 10 * share * Math.exp(0.3 * normal(random)) * (at === 1 ? factor : 1);
        record.arrivals.succeeded({ overhead: 0, doneAt: latency }, { startedAt: 0, scheduledAt: 0 });
      }
      record.arrivals.endRound(1_000);
      record.saturated.endRound(300);
    }
    return record;
  });
}

const pairs = (random: Random, factor = 1): GapPair[] =>
  Array.from({ length: 16 }, () => ({
    current: 10 * Math.exp(0.5 * normal(random)),
    recommended: 10 * factor * Math.exp(0.5 * normal(random)),
  }));

const verdict = (metric: ProofMetric, of: readonly SteadyRecord[], gaps: readonly GapPair[] = []) =>
  proofFigures(profileOf("default"), of, gaps, 1).find((figure) => figure.metric === metric)?.verdict;

describe("figures of the proof", () => {
  it("call identical settings better in no more than one run of twenty", () => {
    const random = seededRandom(7);
    let better = 0;
    const runs = 60;
    for (let run = 0; run < runs; run++) {
      const all = proofFigures(profileOf("default"), records(random), pairs(random), run);
      if (all.some((figure) => figure.counts && figure.verdict === "better")) better++;
    }
    expect(better / runs).toBeLessThanOrEqual(0.05);
  });

  it("find what is half as slow, in traffic and after gaps", () => {
    const random = seededRandom(8);
    expect(verdict("latency_ms.p95", records(random, 0.5))).toBe("better");
    expect(verdict("latency_ms.p95", records(random, 2))).toBe("worse");
    expect(verdict("after_a_gap_ms.p50", [], pairs(random, 0.3))).toBe("better");
    expect(verdict("after_a_gap_ms.p50", [], pairs(random, 4))).toBe("worse");
  });

  it("take what is hardly to be measured for alike, however sure it is", () => {
    const gaps = Array.from({ length: 16 }, (_, at) => ({ current: 0.2 + at / 1_000, recommended: 0.15 }));
    expect(verdict("after_a_gap_ms.p50", [], gaps)).toBe("alike");
  });

  it("take two figures that happen to be close for nothing where the rounds are far apart", () => {
    const random = seededRandom(11);
    const gaps = Array.from({ length: 16 }, (_, at) => {
      const far = Math.exp((at % 2 === 0 ? 1 : -1) * (0.5 + 0.3 * random()));
      return { current: 10 * far, recommended: 10 };
    });
    const [figure] = proofFigures(profileOf("default"), [], gaps, 1);
    expect(figure?.verdict).toBe("unclear");
  });

  it("call nothing better that few rounds were and most were not, however far those were off", () => {
    const all = (["current", "recommended"] as const).map((name) => {
      const [record] = records(seededRandom(1));
      if (record === undefined) throw new Error("no record");
      const arrivals = new Recorder();
      for (let round = 0; round < ROUNDS; round++) {
        const doneAt = name === "recommended" ? 10.5 : round < 5 ? 100 + round : 10 - round / 100;
        for (let i = 0; i < 40; i++)
          arrivals.succeeded({ overhead: 0, doneAt }, { startedAt: 0, scheduledAt: 0 });
        arrivals.endRound(1_000);
      }
      return { ...record, candidate: { name } as Candidate, arrivals };
    });
    expect(verdict("latency_ms.p95", all)).toBe("unclear");
  });

  it("leave failed operations out of the latencies, and tell nothing where nothing succeeded", () => {
    const gaps = Array.from({ length: 8 }, () => ({ current: null, recommended: 1 }));
    const [figure] = proofFigures(profileOf("default"), [], gaps, 1);
    expect(figure).toMatchObject({ current: null, recommended: 1, ratio: null, verdict: "unclear" });
  });

  it("count connections held, from half of one on", () => {
    const random = seededRandom(9);
    expect(verdict("connections_held", records(random, 1, [10, 4]))).toBe("better");
    expect(verdict("connections_held", records(random, 1, [4, 10]))).toBe("worse");
    expect(verdict("connections_held", records(random, 1, [4, 3.8]))).toBe("alike");
  });

  it("count for a profile what it is judged by", () => {
    const random = seededRandom(10);
    const counts = (workload: Parameters<typeof profileOf>[0]): string[] =>
      proofFigures(profileOf(workload), records(random), pairs(random), 1)
        .filter((figure) => figure.counts)
        .map(({ metric }) => metric);
    expect(counts("high-frequency")).toEqual(["latency_ms.p95", "throughput_per_second"]);
    expect(counts("low-frequency")).toEqual(["connections_held", "after_a_gap_ms.p50"]);
  });
});
