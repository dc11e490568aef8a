import { noiseFloor, roundsNeeded, smallestDetectable } from "../../stats/detectable.js";
import type { FigureBook } from "../figures.js";
import type { GateResult } from "../result.js";
import type { Claim } from "./claim.js";

/**
 * Refuses a gate on a difference that this plan cannot tell from none, with what it would take.
 * @param extension how many times as many rounds as there were the run may still come to.
 */
export function refuseTooTight(
  gate: GateResult,
  claim: Claim,
  book: FigureBook,
  extension: number,
): GateResult {
  const wanted = differenceOf(claim, claim.limit);
  // Which of two is the smaller, however little, is a question that any plan may answer.
  if (wanted === null || wanted === 0) return gate;
  const noise = claim.noise(book);
  if (noise === null) {
    const short = refusal(gate, `this plan is too short to tell its own noise in ${claim.metric}`);
    // There are more rounds to come.
    return extension > 1 ? { ...short, refused: false } : short;
  }
  const now = smallestDetectable(noise);
  // A limit that is broken by more than noise is broken, however tight it is.
  if (gate.verdict === "fail" && gate.value !== null && (differenceOf(claim, gate.value) ?? 0) > now)
    return gate;
  // Noise in a logarithm shrinks with the square root of the rounds.
  if (Math.expm1(Math.log1p(now) / Math.sqrt(extension)) <= wanted) return gate;
  const [name = ""] = claim.contestants;
  const operations = book.operations(name);
  const { rounds } = book.figure(name, claim.metric);
  const needed = operations * (roundsNeeded(now, wanted, rounds) / rounds);
  return refusal(
    gate,
    `identical code differs by up to ${percent(noiseFloor(noise))} here; to tell ${percent(wanted)} takes about ` +
      `${rounded(needed)} operations of each strategy, and there were ${rounded(operations)}`,
  );
}

/** How far a value is from no difference between contestants, as a fraction; `null` when it is of one figure alone. */
function differenceOf({ asRatio }: Claim, value: number): number | null {
  const ratio = asRatio?.(value) ?? null;
  return ratio === null || ratio <= 0 ? null : Math.max(ratio, 1 / ratio) - 1;
}

const refusal = (gate: GateResult, reason: string): GateResult => ({
  ...gate,
  verdict: "inconclusive",
  refused: true,
  reason,
});

const percent = (share: number): string => `${Number((share * 100).toPrecision(2))}%`;

/** Two significant digits: it is an estimate. */
const rounded = (count: number): string => Number(count.toPrecision(2)).toLocaleString("en-US");
