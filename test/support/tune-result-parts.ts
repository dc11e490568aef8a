import type {
  HoldResult,
  LayerName,
  LayerResult,
  LevelResult,
  PhaseName,
  PhaseResult,
  PlannedPhase,
  ProofFigure,
  ProofMetric,
  SettingName,
  SettingResult,
} from "../../src/tune/result.js";

export function phase(
  name: PhaseName,
  took_ms: number,
  peak_connections: number,
  queries: number,
): PhaseResult {
  return { phase: name, outcome: "done", reason: null, took_ms, peak_connections, queries };
}

export function planned(
  name: PhaseName,
  what: string,
  connections: number,
  duration_ms: number,
  queries: number,
): PlannedPhase {
  return { phase: name, what, connections, duration_ms, queries };
}

/** A layer with a limit, with none (`Infinity`), or one that could not be tried (`null`). */
export function layer(name: LayerName, limit: number | null, parts: Partial<LayerResult> = {}): LayerResult {
  const found = limit !== null && limit !== Infinity;
  return {
    ...{ layer: name, outcome: found ? "limit" : limit === null ? "unknown" : "none", kind: null },
    ...{
      survived_ms: limit === null ? null : found ? limit - 200 : 30_000,
      lost_ms: found ? limit + 200 : null,
    },
    ...{ limit_ms: found ? limit : null, survivals: limit === null ? 0 : 3, losses: found ? 3 : 0 },
    ...{ probes: limit === null ? 0 : 8, searched_up_to_ms: limit === null ? 0 : 30_000, note: null },
    ...parts,
  };
}

/** Its intervals reach 5 % to either side. */
export function level(concurrency: number, throughput: number, p95: number): LevelResult {
  const around = (value: number) => ({ low: value * 0.95, high: value * 1.05 });
  return {
    ...{ concurrency, operations: Math.round(throughput * 2), failed: 0 },
    ...{ throughput_per_second: throughput, throughput_interval_95: around(throughput) },
    ...{ p95_ms: p95, p95_interval_95: around(p95) },
  };
}

export function setting(
  name: SettingName,
  now: number,
  recommended: number,
  because: string,
  rule: string,
): SettingResult {
  const unit = name.endsWith("Connections") ? "connections" : "ms";
  return { setting: name, unit, now, recommended, because, rule };
}

export function transport(now: string, recommended: string, because: string, rule: string): SettingResult {
  return { setting: "transport", unit: "name", now, recommended, because, rule };
}

/** With how many times better it is, from and to; without, there was not enough to tell. */
export function figure(
  metric: ProofMetric,
  counts: boolean,
  [current, recommended]: readonly [number | null, number | null],
  better: readonly [ratio: number, low: number, high: number] | null,
  verdict: ProofFigure["verdict"],
): ProofFigure {
  const [ratio, low, high] = better ?? [];
  return {
    ...{ metric, counts, current, recommended, verdict, ratio: ratio ?? null },
    ratio_interval_95: low === undefined || high === undefined ? null : { low, high },
  };
}

export function hold(
  settings: HoldResult["settings"],
  keep_alive_interval_ms: number,
  idle_ms: number,
  [kept, connections]: readonly [number, number],
  held: boolean | null,
): HoldResult {
  return { settings, keep_alive_interval_ms, idle_ms, connections, kept, held };
}
