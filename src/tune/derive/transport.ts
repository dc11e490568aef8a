import { pairedShift } from "../../stats/shift.js";
import type { Cost } from "../cost/measure-cost.js";
import { about } from "../words.js";
import type { Derived } from "./keep-alive.js";

/** Nobody changes a URL for less than this, as a share of the round trip. */
const WORTH_IT = 0.1;

/**
 * The transport with the shorter warm round trip, where that is sure and worth a change: rounds of both are pairs, and
 * are compared in logarithms because they differ by factors.
 */
export function transport(costs: readonly Cost[]): Derived<Cost> {
  const [own, other] = costs;
  if (own === undefined) throw new Error("bug: no transport was measured");
  const mine = own.round_trip_ms?.p50 ?? NaN;
  if (other === undefined) {
    return { value: own, because: `a round trip took ${about(mine)}`, rule: "it has no other" };
  }
  if (other.unavailable !== null || other.round_trip_ms === null) {
    const because = `${other.transport} cannot be used here: ${other.unavailable ?? "it was not measured"}`;
    return { value: own, because, rule: "the only one that works" };
  }
  const theirs = other.round_trip_ms.p50;
  const shift = pairedShift(logRatios(own.rounds, other.rounds));
  const isSure = shift?.interval != null && shift.interval.high < Math.log(1 - WORTH_IT);
  return {
    value: isSure ? other : own,
    because: `a warm round trip took ${about(mine)} over ${own.transport}, ${about(theirs)} over ${other.transport}`,
    rule: isSure
      ? "the one with the shorter round trip"
      : `kept unless the other is surely ${100 * WORTH_IT}% shorter`,
  };
}

function logRatios(before: readonly number[], after: readonly number[]): number[] {
  return before.flatMap((one, at) => {
    const other = after[at];
    return other === undefined || !(one > 0) || !(other > 0) ? [] : [Math.log(other / one)];
  });
}
