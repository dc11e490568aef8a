import { DurationHistogram } from "../../stats/histogram.js";
import type { BenchResult, RoundResult, StrategyResult } from "../result.js";
import { pathOf } from "./misfit.js";

/** What no schema can tell: the first thing in which a result contradicts itself, with its path; `null` for none. */
export function contradictionIn({ strategies }: BenchResult): string | null {
  const names = new Set<string>();
  for (const [at, one] of strategies.entries()) {
    const path = ["strategies", at];
    if (names.has(one.name)) return `${pathOf([...path, "name"])}: there are two of ${one.name}`;
    names.add(one.name);
    const found = contradictionOf(one, path);
    if (found !== null) return found;
  }
  return null;
}

type Path = readonly (string | number)[];

function contradictionOf({ name, strategy, operations, rounds }: StrategyResult, path: Path): string | null {
  if (name.split("@")[0] !== strategy) {
    return `${pathOf([...path, "strategy"])}: ${name} is not of strategy ${strategy}`;
  }
  for (const [at, round] of rounds.entries()) {
    const found = histogramOf(round, [...path, "rounds", at]);
    if (found !== null) return found;
  }
  const inRounds = rounds.reduce((sum, round) => sum + round.operations, 0);
  if (inRounds === operations) return null;
  return `${pathOf([...path, "operations"])}: there are ${operations}, but ${inRounds} in its rounds`;
}

/** Whether histograms can be read, and have a duration for each operation. */
function histogramOf(round: RoundResult, path: Path): string | null {
  const { operations } = round;
  for (const key of ["latency_hdr", "service_latency_hdr", "connection_overhead_hdr"] as const) {
    const text = round[key];
    if (text === null) continue;
    const count = countOf(text);
    if (count === null) return `${pathOf([...path, key])} is no HDR histogram`;
    // The client does not show how it gets the connection of every operation.
    const fits = key === "connection_overhead_hdr" ? count <= operations : count === operations;
    if (!fits) return `${pathOf([...path, key])} has ${count} durations for ${operations} operations`;
  }
  return null;
}

function countOf(text: string): number | null {
  try {
    return DurationHistogram.decode(text).count;
  } catch {
    return null;
  }
}
