import { FigureBook } from "../../bench/figures.js";
import type { Milliseconds } from "../../core/duration.js";
import type { Random } from "../../core/random.js";
import { drawResamples, figureInterval } from "../../stats/bootstrap.js";
import { median } from "../../stats/median.js";
import type { ScalePoint } from "../../stats/scalability.js";
import type { Profile } from "../profile.js";
import { about } from "../words.js";
import { connectionsFor, demandOf, type Demand } from "./demand.js";
import { findKnee, type Knee } from "./knee.js";
import { NEARLY_ALL, saturation } from "./levels.js";
import type { LevelResult, SizeResult } from "./result.js";
import type { Found, LevelRounds } from "./search.js";

/** What follows for a profile from what was measured; `null` when no level was. */
export function conclude(
  { levels, troubled, endedBy }: Found,
  { profile, roundTrip }: { readonly profile: Profile; readonly roundTrip: Milliseconds },
  random: Random,
): SizeResult | null {
  const tried = levels.at(-1)?.concurrency;
  if (tried === undefined) return null;
  const book = new FigureBook([levels.map(measured), troubled.map(measured)], random);
  const knee = kneeOf(levels, random);
  // Little's law is about means.
  const operation = book.figure(String(levels[0]?.concurrency), "latency_ms.mean").value ?? roundTrip;
  const demand = demandOf(profile, operation);
  const bend = knee.at ?? tried;
  const most = profile.aims.includes("throughput") ? saturation(medians(levels), bend) : bend;
  const size = connectionsFor(demand, most);
  const results = [...levels, ...troubled].map((level) => levelResult(level, book));
  const best = Math.max(...results.map((level) => level.throughput_per_second ?? 0));
  return {
    levels: results.sort((a, b) => a.concurrency - b.concurrency),
    ended_by: endedBy,
    tried,
    fit: knee.fit,
    knee: knee.at,
    busy: demand.busy,
    headroom: demand.headroom,
    size,
    rule: ruleOf({ profile, operation, demand, knee, most, tried, endedBy, best }),
  };
}

function measured({ concurrency, rounds }: LevelRounds) {
  return { name: String(concurrency), rounds };
}

/**
 * From the median of the rounds: a pause of the machine that measures falls into one of them, and would make one level look
 * worse than its neighbours.
 */
function kneeOf(levels: readonly LevelRounds[], random: Random): Knee {
  const rounds = Math.min(...levels.map((level) => level.rounds.length));
  const drawn = drawResamples(rounds, random).map((indices) => medians(levels, [...indices]));
  return findKnee(medians(levels, [...Array(rounds).keys()]), drawn, rounds);
}

/** The median throughput of these rounds of each level, by default of all. */
function medians(levels: readonly LevelRounds[], indices?: readonly number[]): ScalePoint[] {
  return levels.map(({ concurrency, rounds }) => {
    const each = rounds.map(({ operations, elapsed }) => (elapsed > 0 ? operations / (elapsed / 1_000) : 0));
    const chosen = indices?.map((at) => each[at] ?? 0) ?? each;
    return { concurrency, throughput: median(chosen) };
  });
}

function levelResult({ concurrency, rounds }: LevelRounds, book: FigureBook): LevelResult {
  const name = String(concurrency);
  const throughput = book.figure(name, "throughput_per_second");
  const p95 = book.figure(name, "latency_ms.p95");
  return {
    concurrency,
    operations: rounds.reduce((sum, round) => sum + round.operations, 0),
    failed: rounds.reduce((sum, round) => sum + round.failed, 0),
    throughput_per_second: throughput.value,
    throughput_interval_95: figureInterval(throughput.resampled, throughput.rounds),
    p95_ms: p95.value,
    p95_interval_95: figureInterval(p95.resampled, p95.rounds),
  };
}

interface Reasons {
  readonly profile: Profile;
  readonly operation: Milliseconds;
  readonly demand: Demand;
  readonly knee: Knee;
  /** The most that are of use. */
  readonly most: number;
  readonly tried: number;
  readonly endedBy: SizeResult["ended_by"];
  /** The greatest throughput. */
  readonly best: number;
}

/** How the size follows, in one line. */
function ruleOf({ profile, operation, demand, knee, most, tried, endedBy, best }: Reasons): string {
  const { perSecond, burst } = profile;
  // One writer at a time: what more there is waits for it, whatever the pool has.
  const waiting =
    demand.busy < demand.load ? `, of which writes are 1 at most, so ${few(demand.busy)} in all` : "";
  const forWhat = burst > 1 ? `a burst of ${burst}` : "what comes together by chance";
  const parts = [
    `${few(perSecond)}/s × ${about(operation)} = ${few(demand.load)} busy (Little's law)${waiting}, ` +
      `${few(demand.headroom)} more for ${forWhat}`,
  ];
  if (knee.at !== null && most > knee.at) {
    parts.push(
      `no more than the ${most} that reach ${100 * NEARLY_ALL}% of the most throughput, which counts here`,
    );
  } else if (knee.at !== null) parts.push(`no more than the knee at ${knee.at}`);
  else if (endedBy === "refused") {
    parts.push(
      `no more than the ${tried} that the server let in: the next were refused (sqld serves 128 in all)`,
    );
  } else if (endedBy === "failures") parts.push(`no more than the ${tried} at which operations did not fail`);
  else parts.push(`no more than the ${tried} tried; no knee was seen`);
  if (knee.misses !== null) {
    const off = `${Math.round(knee.misses * 100)}%`;
    parts.push(`the scalability law misses a level by ${off}, so the measured levels decide`);
  }
  if (perSecond > best) parts.push(`${few(perSecond)}/s is more than the ${few(best)}/s that were reached`);
  return parts.join("; ");
}

/** In as many digits as one reads. */
function few(value: number): string {
  return String(Number(value >= 100 ? value.toFixed(0) : value.toPrecision(2)));
}
