import type { Operator } from "./threshold.js";

export type GateVerdict = "pass" | "fail" | "inconclusive";

/**
 * Pass: the whole interval is on the good side of the limit; fail: the whole of it is on the bad side.
 * An end that is not a number, because the sample could not support one, is on no side.
 */
export function decide(
  { low, high }: { readonly low: number; readonly high: number },
  operator: Operator,
  limit: number,
): GateVerdict {
  switch (operator) {
    case "<":
      return verdict(high < limit, low >= limit);
    case "<=":
      return verdict(high <= limit, low > limit);
    case ">":
      return verdict(low > limit, high <= limit);
    case ">=":
      return verdict(low >= limit, high < limit);
  }
}

function verdict(pass: boolean, fail: boolean): GateVerdict {
  if (pass === fail) return "inconclusive";
  return pass ? "pass" : "fail";
}
