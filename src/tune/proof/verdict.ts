import type { BillResult, ProofFigure, ProofMetric, ProofResult } from "./result.js";
import type { SettingResult, VerdictResult } from "../result.js";
import { about, counted } from "../words.js";

/** What there is to judge by. */
export interface Case {
  readonly settings: readonly SettingResult[];
  readonly proof: ProofResult | null;
  /** Why there is no proof, or not a whole one; `null` when there is. */
  readonly unproven: string | null;
  /** Why something that the settings follow from was not measured to the end; `null` when all was. */
  readonly unmeasured: string | null;
  /** It was interrupted, or the database went away. */
  readonly isBroken: boolean;
  readonly bill: BillResult | null;
}

/** More operations than these have to have failed for it to be the settings' doing. */
const MOST_BY_CHANCE = 3;

/**
 * Recommended is only what measured better, or held fewer connections and did as well where that counts; what is worse
 * in anything that counts never is.
 */
export function verdictOf(what: Case): VerdictResult {
  const { settings, proof, unproven, unmeasured, isBroken, bill } = what;
  if (settings.length === 0) return notProven(unproven ?? "nothing was measured");
  if (isBroken) return notProven(unmeasured ?? unproven ?? "it was not measured to the end");
  if (bill?.pooling_pays === false) return { verdict: "do not pool", reasons: [bill.rule] };
  if (settings.every(({ now, recommended }) => now === recommended)) {
    // What was not measured stays as it is, and that proves nothing.
    return unmeasured === null
      ? keep(["what you have is what the measurements lead to"])
      : notProven(unmeasured);
  }
  if (proof === null || unproven !== null) {
    return notProven(unproven ?? "current and recommended were not compared");
  }
  const counted = proof.figures.filter((figure) => figure.counts);
  if (counted.length === 0 && proof.holds.length === 0) {
    return keep(["there was nothing that counts here to compare the two in"]);
  }
  const harm = [...counted.filter(isWorse).map(sentence), ...harms(proof)];
  if (harm.length > 0) return keep(harm);
  const gain = [
    ...counted.filter(({ verdict, metric }) => verdict === "better" && !isHeld(metric)).map(sentence),
    ...gains(proof),
  ];
  if (gain.length > 0) return { verdict: "use the recommended settings", reasons: gain };
  const fewer = counted.find(({ metric, verdict }) => isHeld(metric) && verdict === "better");
  const others = counted.filter(({ metric }) => !isHeld(metric));
  if (fewer && others.length > 0 && others.every(({ verdict }) => verdict === "alike")) {
    return { verdict: "use the recommended settings", reasons: [sentence(fewer), "all else alike"] };
  }
  return keep(["the recommended settings did not measure better in anything that counts here"]);
}

function notProven(reason: string): VerdictResult {
  return { verdict: "not proven", reasons: [reason] };
}

function keep(reasons: readonly string[]): VerdictResult {
  return { verdict: "keep what you have", reasons };
}

const isHeld = (metric: ProofMetric): boolean => metric === "connections_held";

/** Fewer connections are a gain only beside figures that are alike; more of them are no harm by themselves. */
const isWorse = ({ metric, verdict }: ProofFigure): boolean => verdict === "worse" && !isHeld(metric);

/** Whether keep-alive alone was a gain, whatever else there was. */
export function isKeptAlive(proof: ProofResult): boolean {
  return gains(proof).length > 0;
}

function gains({ holds, failed }: ProofResult): string[] {
  const current = holds.find(({ settings }) => settings === "current");
  const recommended = holds.find(({ settings }) => settings === "recommended");
  const reasons: string[] = [];
  if (current?.held === false && recommended?.held === true) {
    const lost = counted(current.connections - current.kept, "connection");
    reasons.push(
      `a connection that nobody used for ${about(recommended.idle_ms)} was kept, where the current settings lost ${lost} of ${current.connections}`,
    );
  }
  if (failed.current - failed.recommended > MOST_BY_CHANCE && failed.recommended === 0) {
    reasons.push(`no operation failed, where ${failed.current} did with the current settings`);
  }
  return reasons;
}

function harms({ holds, failed }: ProofResult): string[] {
  const current = holds.find(({ settings }) => settings === "current");
  const recommended = holds.find(({ settings }) => settings === "recommended");
  const reasons: string[] = [];
  if (recommended?.held === false && current?.held !== false) {
    reasons.push("the recommended settings lost a connection that nobody used");
  }
  if (failed.recommended - failed.current > MOST_BY_CHANCE) {
    reasons.push(
      `${counted(failed.recommended, "operation")} failed with the recommended settings, ${failed.current} with the current ones`,
    );
  }
  return reasons;
}

const NAMES: Readonly<Record<ProofMetric, string>> = {
  "latency_ms.p50": "median latency",
  "latency_ms.p95": "P95 latency",
  "after_a_gap_ms.p50": "median latency after a gap",
  throughput_per_second: "throughput",
  connections_held: "connections held",
};

function sentence({ metric, verdict, ratio, ratio_interval_95: interval }: ProofFigure): string {
  const times = (value: number): string => `${value.toFixed(2)}x`;
  const sure = interval === null ? "" : ` (${times(interval.low)} to ${times(interval.high)})`;
  return `${NAMES[metric]} ${verdict}${ratio === null ? "" : `: ${times(ratio)}${sure}`}`;
}
