import type { BenchResult, GateResult, StrategyResult, Verdict } from "../../bench/result.js";
import { count, factor, interval, quantity } from "../format.js";

/** What a gate found, against what: `6.00 ms (95% interval 5.80 to 6.20 ms), and the limit is < 5 ms`. */
export function finding({
  value,
  unit,
  interval: ends,
  confidence_percent,
  operator,
  limit,
}: GateResult): string {
  const measured = value === null ? "not measured" : quantity(value, unit);
  const where =
    ends === null ? "" : ` (${quantity(confidence_percent, "percent")} interval ${interval(ends, unit)})`;
  return `${measured}${where}, and the limit is ${operator} ${quantity(limit, unit)}`;
}

/** The same with the reason, when there is one. */
export function findingAndReason(gate: GateResult): string {
  return gate.reason === null ? finding(gate) : `${finding(gate)}: ${gate.reason}`;
}

/** All gates in a few words; `undefined` without gates. */
export function headline({ gates }: BenchResult): string | undefined {
  if (gates.length === 0) return undefined;
  const number = (verdict: Verdict): number => gates.filter((gate) => gate.verdict === verdict).length;
  const [failed, unclear] = [number("fail"), number("inconclusive")];
  const all = gates.length === 1 ? "the gate" : `${count(gates.length)} gates`;
  if (failed > 0) return gates.length === 1 ? "The gate failed" : `${count(failed)} of ${all} failed`;
  if (unclear > 0) {
    return gates.length === 1 ? "The gate is inconclusive" : `${count(unclear)} of ${all} are inconclusive`;
  }
  return gates.length === 1 ? "The gate passed" : `All ${all} passed`;
}

/** What makes a run's figures less than they seem, a sentence each. */
export function caveats(result: BenchResult): string[] {
  return [
    ...(result.interrupted ? ["The run was interrupted: the figures are those measured by then."] : []),
    ...result.strategies.flatMap((strategy) => [...limited(strategy), ...unsteady(strategy)]),
  ];
}

function limited({
  name,
  instrument_limited: isLimited,
  instrument_limits: limits,
}: StrategyResult): string[] {
  if (!isLimited) return [];
  const why = limits.length === 0 ? "" : ` (${limits.join("; ")})`;
  return [`${name}: the load process was the limit${why}, so the figures are those of this machine.`];
}

function unsteady({ name, stationarity }: StrategyResult): string[] {
  if (stationarity === null) return [];
  const ratio = stationarity.first_round_ratio;
  const by = ratio === null ? "" : ` (its median is ${factor(ratio)} the others')`;
  return [
    ...(stationarity.first_round_differs
      ? [`${name}: the first round is unlike the others${by}: the warm-up was too short.`]
      : []),
    ...(stationarity.drifts
      ? [`${name}: latency rose or fell throughout the run, so it has no one value.`]
      : []),
  ];
}
