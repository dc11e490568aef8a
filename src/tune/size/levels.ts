import type { Milliseconds } from "../../core/duration.js";
import type { ScalePoint } from "../../stats/scalability.js";

/** More than this share is throughput that grows; less may be luck. */
const GROWTH = 0.1;
/** So many levels in a row that bring nothing, and the next will bring nothing either. */
const IN_VAIN = 2;

/** Levels of concurrency that are tried in this order: 1, 2, 4 and so on, and the ceiling itself. */
export function ladder(ceiling: number): number[] {
  const levels: number[] = [];
  for (let level = 1; level < ceiling; level *= 2) levels.push(level);
  return [...levels, ceiling];
}

/** Whether the way up has come far enough: the last two levels brought no more throughput, and so only latency. */
export function isPastKnee(points: readonly ScalePoint[]): boolean {
  const before = points.slice(0, -IN_VAIN);
  if (before.length === 0) return false;
  const best = Math.max(...before.map(({ throughput }) => throughput));
  return points.slice(-IN_VAIN).every(({ throughput }) => throughput <= best * (1 + GROWTH));
}

/** Power that is as good as the greatest: throughput varies by some per cent, and power is its square. */
const ALIKE = 0.95;

/**
 * The level with the greatest power, X²/N (see `powerPeak` in src/stats/scalability.ts); the lowest of those that are alike.
 * It takes no law to be read off the levels, so it is what is left where none fits. `null` where nothing got through.
 */
export function peakLevel(points: readonly ScalePoint[]): number | null {
  const power = ({ concurrency, throughput }: ScalePoint): number => throughput ** 2 / concurrency;
  const most = Math.max(...points.map(power));
  const alike = points.filter((point) => power(point) > 0 && power(point) >= ALIKE * most);
  return alike.length === 0 ? null : Math.min(...alike.map(({ concurrency }) => concurrency));
}

/** As `boundsCrossing` in src/stats/scalability.ts, of the levels: the most throughput, by the most that one has of it. */
export function levelsCrossing(points: readonly ScalePoint[]): number {
  const most = Math.max(...points.map(({ throughput }) => throughput));
  return most / Math.max(...points.map(({ throughput, concurrency }) => throughput / concurrency));
}

/** What those to whom throughput counts are content with at a knee, as a share of the most, and else go on for. */
const ENOUGH = 0.8;
export const NEARLY_ALL = 0.9;

/** The lowest level with nearly all of the most throughput; the knee, where that has enough of it. */
export function saturation(points: readonly ScalePoint[], knee: number): number {
  const most = Math.max(...points.map(({ throughput }) => throughput));
  const first = (share: number): number =>
    Math.min(...points.flatMap((point) => (point.throughput >= share * most ? point.concurrency : [])));
  return first(ENOUGH) <= knee ? knee : first(NEARLY_ALL);
}

/** Levels around the knee that a ladder of doublings leaves out, among those that were open. */
export function levelsAround(knee: number, points: readonly ScalePoint[]): number[] {
  const known = new Set(points.map(({ concurrency }) => concurrency));
  const top = Math.max(...known);
  const around = [0.625, 0.75, 1.25, 1.5].map((share) => Math.round(knee * share));
  return [...new Set(around)].filter((level) => level >= 1 && level < top && !known.has(level));
}

/**
 * How long a block lasts in which an operation takes `operation`, where nothing else runs. A closed loop counts whole
 * operations over the time that they took, so a few of them each are enough.
 */
export function blockTime(operation: Milliseconds): Milliseconds {
  return Math.max(Math.min(Math.max(5 * operation, SHORTEST_BLOCK), LONGEST_BLOCK), 2.5 * operation);
}

const SHORTEST_BLOCK: Milliseconds = 150;
const LONGEST_BLOCK: Milliseconds = 400;

/** Below it an interval knows little; above it a round adds little. */
export const FEWEST_ROUNDS = 6;
export const MOST_ROUNDS = 10;
const ROUNDS_TAKE: Milliseconds = 10_000;

/** How many rounds of so many levels are made. */
export function roundsOf(levels: number, block: Milliseconds): number {
  const fitting = Math.floor(ROUNDS_TAKE / (levels * block));
  return Math.min(Math.max(fitting, FEWEST_ROUNDS), MOST_ROUNDS);
}
