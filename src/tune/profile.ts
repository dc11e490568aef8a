import type { Milliseconds } from "../core/duration.js";
import { invalidOption } from "../core/errors.js";

/** What a profile is judged by. */
export const AIMS = ["p95_after_a_gap", "p95", "throughput", "connections_held"] as const;
export type Aim = (typeof AIMS)[number];

/** How a workload's operations arrive, and what counts for it. */
export interface Profile {
  readonly name: WorkloadName | "own";
  /** Operations a second, on average while there are any. */
  readonly perSecond: number;
  /** So many of them arrive at once; 1 is one by one. */
  readonly burst: number;
  /** The longest usual pause in which nothing arrives. */
  readonly gap: Milliseconds;
  /** The share of operations that write, in [0, 1]. SQLite lets one of them at a time. */
  readonly writes: number;
  /** What counts, the first most. */
  readonly aims: readonly Aim[];
  /** Where the search begins, and what it does not go above: the guide's. */
  readonly keepAliveInterval: Milliseconds;
  readonly staleThreshold: Milliseconds;
  /** The share of a limit that was found which is made use of: paths that change deserve more distance. */
  readonly margin: number;
  /** Connections that are open before they are needed. */
  readonly minConnections: number;
  /** For how long an idle limit is looked for, unless `--max-idle` says otherwise. */
  readonly maxIdle: Milliseconds;
  /** Where these values come from, in one line. */
  readonly source: string;
}

export const WORKLOADS = ["default", "high-frequency", "low-frequency", "remote", "bursty"] as const;
export type WorkloadName = (typeof WORKLOADS)[number];

/**
 * The guide's profiles. It gives intervals and thresholds; how operations arrive is what its words stand for, since it
 * gives no figures for that: 200 operations a second is its own headline, one a minute its "low frequency" interval.
 */
const PRESETS: Readonly<Record<WorkloadName, Profile>> = {
  default: {
    name: "default",
    perSecond: 50,
    burst: 10,
    gap: 10_000,
    writes: 0,
    aims: ["p95_after_a_gap", "p95"],
    keepAliveInterval: 30_000,
    staleThreshold: 60_000,
    margin: 0.85,
    minConnections: 1,
    maxIdle: 60_000,
    source: "the guide's defaults: interval 30 s, stale after 60 s",
  },
  "high-frequency": {
    name: "high-frequency",
    perSecond: 200,
    burst: 20,
    gap: 1_000,
    writes: 0,
    aims: ["throughput", "p95"],
    keepAliveInterval: 10_000,
    staleThreshold: 30_000,
    margin: 0.9,
    minConnections: 2,
    maxIdle: 30_000,
    source: "the guide's high-frequency workload: interval 10 s, stale after 30 s",
  },
  "low-frequency": {
    name: "low-frequency",
    perSecond: 1 / 60,
    burst: 1,
    gap: 60_000,
    writes: 0,
    aims: ["p95_after_a_gap", "connections_held"],
    keepAliveInterval: 60_000,
    staleThreshold: 120_000,
    margin: 0.95,
    minConnections: 1,
    maxIdle: 90_000,
    source: "the guide's low-frequency workload: interval 60 s, stale after 120 s",
  },
  remote: {
    name: "remote",
    perSecond: 20,
    burst: 4,
    gap: 20_000,
    writes: 0,
    aims: ["p95_after_a_gap", "p95"],
    keepAliveInterval: 15_000,
    staleThreshold: 30_000,
    margin: 0.6,
    minConnections: 2,
    maxIdle: 60_000,
    source: "the guide's shorter thresholds for remote databases: half of its defaults",
  },
  bursty: {
    name: "bursty",
    perSecond: 20,
    burst: 32,
    gap: 30_000,
    writes: 0,
    aims: ["p95_after_a_gap", "p95", "connections_held"],
    keepAliveInterval: 20_000,
    staleThreshold: 60_000,
    margin: 0.75,
    minConnections: 4,
    maxIdle: 60_000,
    source: "the guide's 10 to 30 s for busy pools, with connections ready for a burst",
  },
};

/** What a user says of their own traffic, over the profile that it begins from. */
export interface OwnTraffic {
  readonly perSecond?: number | undefined;
  readonly burst?: number | undefined;
  readonly gap?: Milliseconds | undefined;
  readonly writes?: number | undefined;
}

/** A preset, or one's own traffic over it. @throws {TursoPoolError} `INVALID_OPTION` */
export function profileOf(workload: WorkloadName, own: OwnTraffic = {}): Profile {
  const preset = PRESETS[workload];
  const { perSecond = preset.perSecond, burst = preset.burst } = own;
  const { gap = preset.gap, writes = preset.writes } = own;
  const isOwn = Object.values(own).some((value) => value !== undefined);
  if (!isOwn) return preset;
  if (!(perSecond > 0)) throw invalidOption("--rate", perSecond, "above 0/s");
  if (!Number.isSafeInteger(burst) || burst < 1) {
    throw invalidOption("--burst", burst, "a whole number from 1");
  }
  if (!(gap >= 0)) throw invalidOption("--gap", gap, "a duration");
  if (!(writes >= 0 && writes <= 1)) throw invalidOption("--read-write", writes, "a share from 0 to 1");
  const source = `your own traffic; thresholds begin from ${preset.source}`;
  // Without gaps there is no operation after one.
  const aims = gap > 0 ? preset.aims : preset.aims.filter((aim) => aim !== "p95_after_a_gap");
  return { ...preset, name: "own", perSecond, burst, gap, writes, aims, source };
}
