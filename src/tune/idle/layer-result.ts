import type { Milliseconds } from "../../core/duration.js";
import { median } from "../../stats/median.js";
import { statsError } from "../../watch/observe.js";
import type { LayerName, LayerResult, LossKind } from "../result.js";
import { cutsOf, type Observation } from "./cuts.js";
import type { LayerEnd, LayerSearch } from "./layer-search.js";
import { seconds } from "./words.js";

/** Of one limit are the losses this much above it, at most: a limit may vary, and those asked late are seen late. */
const NEIGHBOURHOOD = 1.3;
const MOMENT: Milliseconds = 500;

/** What a search found in its layer. */
export function layerResult({
  prober,
  observations,
  end,
  tried,
}: Pick<LayerSearch, "prober" | "observations" | "end" | "tried">): LayerResult {
  const { best, range } = cutsOf(observations);
  const survived = observations.filter(({ lost }) => lost === null);
  const survivedLongest = longest(survived);
  const losses = observations.filter(({ lost }) => lost !== null);
  const isNear = ({ idle }: Observation): boolean =>
    idle >= best.upper / NEIGHBOURHOOD - MOMENT && idle <= best.upper * NEIGHBOURHOOD + MOMENT;
  const common = { layer: prober.layer, probes: tried } as const;
  const notes = notesOn(end, observations, best.upper, prober.layer);
  const isFound = end?.kind === "found" || end?.kind === "unsteady";
  if (isFound && best.upper !== Infinity) {
    const ofLimit = losses.filter((loss) => isNear(loss) && loss.idle >= best.lower);
    const kind = usual(ofLimit);
    const closings = ofLimit.filter(({ lost }) => lost === "closed").map(({ idle }) => idle);
    const limit = kind === "closed" ? median(closings) : (best.lower + best.upper) / 2;
    const lost = kind === "closed" ? Math.min(best.upper, limit) : best.upper;
    // Where a limit varies, some were lost sooner than others survived: what is safe is below all that may be it.
    const survivedBelow = best.against > 0 ? Math.min(best.lower, range.lower) : best.lower;
    if (end.kind === "unsteady" && range.upper !== Infinity) {
      notes.push(`somewhere between ${seconds(range.lower)} and ${seconds(range.upper)}`);
    }
    return {
      ...common,
      outcome: "limit",
      kind,
      survived_ms: survivedBelow > 0 ? survivedBelow : null,
      lost_ms: lost,
      limit_ms: limit,
      survivals: survived.filter(isNear).length,
      losses: ofLimit.length,
      searched_up_to_ms: Math.max(lost, survivedLongest ?? 0),
      note: noteOf(notes),
    };
  }
  const isNone = end?.kind === "none" || (end?.kind === "out of time" && best.upper === Infinity);
  if (isNone && survivedLongest !== null) {
    return {
      ...common,
      outcome: "none",
      kind: null,
      survived_ms: survivedLongest,
      lost_ms: null,
      limit_ms: null,
      survivals: survived.filter(({ idle }) => idle >= survivedLongest * 0.9).length,
      losses: 0,
      searched_up_to_ms: survivedLongest,
      note: noteOf(notes),
    };
  }
  // What a database that dies loses has no limit in it.
  const isBracketed = best.upper !== Infinity && end?.kind !== "unreachable";
  if (isBracketed) {
    notes.push(
      `so far: ${best.lower > 0 ? `survived ${seconds(best.lower)}, ` : ""}lost after ${seconds(best.upper)}`,
    );
  }
  return {
    ...common,
    outcome: "unknown",
    kind: isBracketed ? usual(losses.filter(isNear)) : null,
    survived_ms: isBracketed ? (best.lower > 0 ? best.lower : null) : survivedLongest,
    lost_ms: isBracketed ? best.upper : null,
    limit_ms: null,
    survivals: survived.length,
    losses: losses.length,
    searched_up_to_ms: Math.max(survivedLongest ?? 0, isBracketed ? best.upper : 0),
    note: noteOf(notes),
  };
}

function notesOn(
  end: LayerEnd | undefined,
  observations: readonly Observation[],
  limit: Milliseconds,
  layer: LayerName,
): string[] {
  const notes: string[] = [];
  if (end?.kind === "unreachable") {
    const what = layer === "stream" ? "no transaction could be begun" : "no connection could be opened";
    notes.push(`${what}: ${statsError(end.error).message}`);
  }
  if (end?.kind === "out of time") notes.push("there was no time left to look further");
  if (end?.kind === "unsteady")
    notes.push("connections are lost after idle times that differ too much to tell");
  if (end?.kind === "interrupted") notes.push("interrupted");
  if (end?.kind === "found" || end?.kind === "none") {
    // Not within the range that a limit may vary in: those were accidents.
    const below = observations.filter(({ idle, lost }) => lost !== null && idle < limit / NEIGHBOURHOOD - 50);
    const idles = below.map(({ idle }) => seconds(idle)).join(", ");
    if (below.length === 1) notes.push(`one was lost after ${idles}, which did not happen again`);
    if (below.length > 1)
      notes.push(`${below.length} were lost sooner, after ${idles}; others survived that`);
  }
  return notes;
}

function noteOf(notes: readonly string[]): string | null {
  return notes.length === 0 ? null : notes.join("; ");
}

function longest(observations: readonly Observation[]): Milliseconds | null {
  return observations.length === 0 ? null : Math.max(...observations.map(({ idle }) => idle));
}

/** The most frequent; of several, the one that says most. */
function usual(losses: readonly Observation[]): LossKind {
  const count = (kind: LossKind): number => losses.filter(({ lost }) => lost === kind).length;
  const kinds: readonly LossKind[] = ["closed", "refused", "silent"];
  return kinds.toSorted((a, b) => count(b) - count(a))[0] ?? "closed";
}
