import type { BenchResult, GateResult, Verdict } from "../../bench/result.js";
import { count, interval, quantity } from "../format.js";
import { instrumentNotes } from "../instrument-notes.js";
import { stationarityNotes } from "../stationarity-notes.js";

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
    ...instrumentNotes(result),
    ...stationarityNotes(result),
  ];
}
