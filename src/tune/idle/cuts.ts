import type { Milliseconds } from "../../core/duration.js";
import type { LossKind } from "../result.js";

/** What became of one connection that idled. */
export interface Observation {
  /** How long it idled; for one that was closed, until then. */
  readonly idle: Milliseconds;
  /** When that was seen, on the clock. */
  readonly at: Milliseconds;
  /** `null` for one that still answered. */
  readonly lost: LossKind | null;
}

/** A place for the limit: between the idle times of two observations. */
export interface Cut {
  readonly lower: Milliseconds;
  /** `Infinity` above all that was tried. */
  readonly upper: Milliseconds;
  /** Observations that speak against it: losses below it and survivals above. */
  readonly against: number;
}

export interface Cuts {
  /** What the fewest observations speak against; of several, the lowest. */
  readonly best: Cut;
  /** Between these the limit is: outside, two observations more speak against every cut than against the best. */
  readonly range: { readonly lower: Milliseconds; readonly upper: Milliseconds };
}

/**
 * Losses seen at the same moment have one cause: a server that restarts closes all its connections, however long they have
 * idled. A limit, which runs for each connection by itself, ends those that began apart apart.
 */
export const SAME_MOMENT: Milliseconds = 60;

/** The losses that do not have their cause in common with an earlier one. */
export function independentLosses(observations: readonly Observation[]): readonly Observation[] {
  const losses = observations.filter(({ lost }) => lost !== null).toSorted((a, b) => a.at - b.at);
  const kept: Observation[] = [];
  let seenAt = -Infinity;
  for (const loss of losses) {
    if (loss.at - seenAt > SAME_MOMENT) kept.push(loss);
    // The shortest stands for all of them: if it was the limit's, so were the others.
    else if (loss.idle < (kept.at(-1)?.idle ?? 0)) kept[kept.length - 1] = loss;
    seenAt = loss.at;
  }
  return kept;
}

/**
 * Where the limit may be. One observation may be an accident: a connection that was lost for another reason, or that
 * survived a limit that varies. So a cut is out of the question only when two more speak against it than against the best.
 * That is why what is found was confirmed: two survivals below it and two losses above.
 */
export function cutsOf(observations: readonly Observation[]): Cuts {
  const survivals = observations.filter(({ lost }) => lost === null);
  const points = [...survivals, ...independentLosses(observations)].toSorted(
    (a, b) => a.idle - b.idle || Number(a.lost !== null) - Number(b.lost !== null),
  );
  let against = survivals.length;
  let lower = 0;
  let best: Cut | undefined;
  const cuts: Cut[] = [];
  for (const point of [...points, undefined]) {
    const cut = { lower, upper: point?.idle ?? Infinity, against };
    cuts.push(cut);
    if (best === undefined || cut.against < best.against) best = cut;
    if (point === undefined) break;
    against += point.lost === null ? -1 : 1;
    lower = point.idle;
  }
  const least = best?.against ?? 0;
  const plausible = cuts.filter((cut) => cut.against <= least + 1);
  return {
    best: best ?? { lower: 0, upper: Infinity, against: 0 },
    range: { lower: plausible[0]?.lower ?? 0, upper: plausible.at(-1)?.upper ?? Infinity },
  };
}
