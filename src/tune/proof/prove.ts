import type { WeightedQuery } from "../../bench/workload.js";
import type { Milliseconds } from "../../core/duration.js";
import { TursoPoolError } from "../../core/errors.js";
import { statsError } from "../../watch/observe.js";
import type { Phased } from "../phase.js";
import type { Profile } from "../profile.js";
import type { Site } from "../site.js";
import { about, counted } from "../words.js";
import { afterGaps, type GapPair, type GapPlan } from "./after-gap.js";
import type { Candidate } from "./contender.js";
import { blockDuration, rateInBlocks } from "./arrivals.js";
import { proofFigures } from "./figures.js";
import { GUIDE, hold } from "./hold.js";
import type { HoldResult, ProofResult } from "./result.js";
import { causeOfDeath, steady, steadyDuration, type Steady, type SteadyRecord } from "./steady.js";

export interface ProofPlan {
  readonly profile: Profile;
  readonly queries: readonly WeightedQuery[];
  readonly seed: number;
  readonly current: Candidate;
  readonly recommended: Candidate;
  /** After so long a connection of either is lost when nobody uses it; `null` when no limit was found. */
  readonly limit: Milliseconds | null;
  readonly deadline: Milliseconds;
}

/** Below this no difference between two in turns is sure: see `SURE` in figures.ts. */
const LEAST_ROUNDS = 7;
/** Beyond the limit, so that whoever does not ping has surely passed it. */
const BEYOND_LIMIT = 1.3;
const BEYOND_LIMIT_MS: Milliseconds = 2_000;
const LONGEST_HOLD: Milliseconds = 30_000;
const GAP_WITHOUT_LIMIT: Milliseconds = 12_000;
const MOST_GAP_POOLS = 8;
const HOLDERS = 3;
/** A rate that is off by a larger share is told. */
const MOST_OFF = 0.1;

/** Current against recommended, under the profile's arrivals and after its gaps, and idle for longer than the limit. */
export async function prove(plan: ProofPlan, site: Site): Promise<Phased<ProofResult>> {
  const { signal } = site;
  const half = Math.floor(site.seats.limit / 2);
  const notes: string[] = [];
  const candidates = [plan.current, plan.recommended].map((one) => fitted(one, half, notes)) as [
    Candidate,
    Candidate,
  ];
  let traffic: Steady = NO_TRAFFIC;
  let idle: IdleFindings = NOTHING_IDLE;
  try {
    if (plan.profile.perSecond * steadyDuration(plan.profile) >= 2_000 * LEAST_ROUNDS) {
      notes.push(...noteOnRate(plan.profile));
      traffic = await steady(candidates, plan, site);
    } else {
      notes.push(
        "so few operations arrive that there was no traffic to compare under; what counts is the gap",
      );
    }
    const isOver = signal.aborted || traffic.died !== undefined || isCut(traffic);
    if (!isOver) idle = await idleAndGaps(candidates, plan, site, notes);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  const { records } = traffic;
  const { pairs, holds } = idle;
  const death = traffic.died ?? idle.died;
  const died = death && !signal.aborted ? statsError(death) : null;
  const value: ProofResult = {
    rounds: records[0]?.arrivals.rounds.length ?? 0,
    figures: proofFigures(plan.profile, records, pairs, plan.seed),
    holds,
    failed: {
      current: failures("current", records, pairs),
      recommended: failures("recommended", records, pairs),
    },
    notes,
  };
  const queries = traffic.queries + queriesOf(pairs, holds);
  if (died) return { value, outcome: "failed", reason: died.message, queries, error: died };
  if (signal.aborted) return { value, outcome: "cut short", reason: "interrupted", queries, error: null };
  const reason = isCut(traffic) ? "--budget was used up" : idle.cutShort;
  return { value, outcome: reason === null ? "done" : "cut short", reason, queries, error: null };
}

interface IdleFindings {
  readonly pairs: readonly GapPair[];
  readonly holds: readonly HoldResult[];
  readonly cutShort: string | null;
  readonly died?: TursoPoolError | undefined;
}

const NOTHING_IDLE: IdleFindings = { pairs: [], holds: [], cutShort: null };
const NO_TRAFFIC: Steady = { records: [], queries: 0, died: undefined };

/** Too few rounds to tell anything by. */
function isCut({ records: [record] }: Steady): boolean {
  return record !== undefined && record.arrivals.rounds.length < LEAST_ROUNDS;
}

/** Who idles disturbs nobody, so the holds run beside the gaps. */
async function idleAndGaps(
  candidates: readonly [Candidate, Candidate],
  plan: ProofPlan,
  site: Site,
  notes: string[],
): Promise<IdleFindings> {
  const { limit } = plan;
  const left = plan.deadline - site.clock.now();
  const holdFor = limit === null ? 0 : holdDuration(limit);
  const gap = gapPlan(plan, site, notes);
  const gapsTake = gap === undefined ? 0 : gap.gap * (gap.gaps + 1);
  const longest = Math.max(holdFor, gapsTake);
  if (longest === 0) {
    notes.push("no idle limit is known, so there was nothing to idle against");
    return NOTHING_IDLE;
  }
  if (longest > left) {
    const why = `--budget does not last for ${about(longest)} of idling`;
    return { ...NOTHING_IDLE, cutShort: why };
  }
  site.tell({
    phase: "proof",
    doing: `proof: idle for ${about(longest)}`,
    expectedMs: longest,
    leftMs: longest,
  });
  const [current, recommended] = candidates;
  const hasGuide = site.seats.limit >= HOLDERS;
  if (holdFor > 0 && !hasGuide)
    notes.push(`the guide's preset was not tried, for which there has to be one more connection`);
  const guide = { ...recommended, settings: { ...recommended.settings, ...GUIDE } };
  const held = { idle: holdFor, connections: 1 };
  const [pairs, ...holds] = await Promise.all([
    gap === undefined ? [] : afterGaps(candidates, gap, site),
    ...(holdFor === 0
      ? []
      : [
          ...(hasGuide ? [hold(guide, { ...held, as: "guide" }, site)] : []),
          hold(current, { ...held, as: "current" }, site),
          hold(recommended, { ...held, as: "recommended" }, site),
        ]),
  ]);
  if (gap !== undefined) {
    notes.push(
      `gaps of ${about(gap.gap)}, in ${counted(gap.pools, "pool")} of one connection for each; their medians are compared, as so few operations carry no P95`,
    );
  }
  const nobodyAnswers =
    pairs.every((pair) => pair.current === null && pair.recommended === null) &&
    holds.every(({ kept }) => kept === 0);
  const died = nobodyAnswers && !site.signal.aborted ? await causeOfDeath(site) : undefined;
  return { pairs, holds: site.signal.aborted ? [] : holds, cutShort: null, died };
}

/** Blocks are short, and have whole bursts. */
function noteOnRate(profile: Profile): string[] {
  const { perSecond, burst } = profile;
  const rate = rateInBlocks(profile);
  if (Math.abs(rate - perSecond) <= MOST_OFF * perSecond) return [];
  return [
    `traffic was compared in blocks of ${about(blockDuration(profile))}, which have whole bursts of ${burst}: ${few(rate)}/s where the workload has ${few(perSecond)}/s`,
  ];
}

const few = (value: number): string => String(Number(value.toPrecision(2)));

/** At least beyond the limit; long enough for several pings where that is soon. */
export function holdDuration(limit: Milliseconds): Milliseconds {
  return Math.max(BEYOND_LIMIT * limit + BEYOND_LIMIT_MS, Math.min(2.5 * limit, LONGEST_HOLD));
}

/** `undefined` where gaps don't count, or cannot differ. */
function gapPlan(
  { profile, limit, current, recommended }: ProofPlan,
  site: Site,
  notes: string[],
): GapPlan | undefined {
  const keys = ["keepAliveInterval", "staleThreshold"] as const;
  const isSame =
    current.way === recommended.way &&
    keys.every((key) => current.settings[key] === recommended.settings[key]);
  const beyond = limit === null ? GAP_WITHOUT_LIMIT : BEYOND_LIMIT * limit + BEYOND_LIMIT_MS;
  const gap = Math.min(profile.gap, beyond);
  if (!profile.aims.includes("p95_after_a_gap") || isSame || gap <= 0) return undefined;
  const pools = Math.min(MOST_GAP_POOLS, Math.floor((site.seats.limit - HOLDERS) / 2));
  if (pools < 1) notes.push(`gaps were not compared, which takes ${HOLDERS + 2} connections`);
  return pools < 1 ? undefined : { gap, pools, gaps: Math.max(2, Math.ceil(LEAST_ROUNDS / pools)) };
}

/** With no more connections than both may have at one time. */
function fitted(candidate: Candidate, most: number, notes: string[]): Candidate {
  const { settings, name } = candidate;
  if (settings.maxConnections <= most) return candidate;
  notes.push(`the ${name} settings were tried with ${most} connections, the most there may be of each`);
  const minConnections = Math.min(settings.minConnections, most);
  return { ...candidate, settings: { ...settings, maxConnections: most, minConnections } };
}

function failures(
  name: Candidate["name"],
  records: readonly SteadyRecord[],
  pairs: readonly GapPair[],
): number {
  const record = records.find(({ candidate }) => candidate.name === name);
  const inTraffic = [record?.arrivals, record?.saturated].reduce(
    (sum, one) => sum + (one?.errors ?? 0) + (one?.timeouts ?? 0),
    0,
  );
  return inTraffic + pairs.filter((pair) => pair[name] === null).length;
}

/** Pings aside, which the pools that idle count for themselves. */
function queriesOf(pairs: readonly GapPair[], holds: readonly HoldResult[]): number {
  return 2 * pairs.length + holds.reduce((sum, { connections }) => sum + connections, 0);
}
