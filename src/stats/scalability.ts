import { nonNegativeLeastSquares } from "./least-squares.js";

/** The throughput at a concurrency. */
export interface ScalePoint {
  readonly concurrency: number;
  /** Per second; above 0. */
  readonly throughput: number;
}

/**
 * The Universal Scalability Law, X(N) = γN / (1 + α(N - 1) + βN(N - 1))
 * (N. Gunther, Guerrilla Capacity Planning, 2007, chapter 4).
 */
export interface Scalability {
  /** Throughput of one. */
  readonly gamma: number;
  /** Contention, from 0. */
  readonly alpha: number;
  /** Coherency, from 0. */
  readonly beta: number;
}

/** Three parameters go through any three points. */
const LEAST_POINTS = 4;

/**
 * The law that comes nearest to the points, with α, β >= 0; `null` for fewer than four levels.
 *
 * N/X is linear in 1/γ, α/γ and β/γ (Gunther, chapter 5), so it takes no search. Each point weighs by its relative
 * error, (N/X̂ - N/X) / (N/X), since throughput varies by so many per cent and not by so many operations.
 */
export function fitScalability(points: readonly ScalePoint[]): Scalability | null {
  const usable = points.filter(({ throughput }) => throughput > 0);
  if (new Set(usable.map(({ concurrency }) => concurrency)).size < LEAST_POINTS) return null;
  const column = (term: (n: number) => number): number[] =>
    usable.map(({ concurrency, throughput }) => (term(concurrency) * throughput) / concurrency);
  const columns = [column(() => 1), column((n) => n - 1), column((n) => n * (n - 1))];
  const [one = 0, contention = 0, coherency = 0] = nonNegativeLeastSquares(
    columns,
    usable.map(() => 1),
  );
  if (!(one > 0)) return null;
  return { gamma: 1 / one, alpha: contention / one, beta: coherency / one };
}

/** The throughput that the law has for `n`. */
export function throughputAt({ gamma, alpha, beta }: Scalability, n: number): number {
  return (gamma * n) / (1 + alpha * (n - 1) + beta * n * (n - 1));
}

/**
 * Where throughput over response time is greatest: the "power" of L. Kleinrock, "Power and deterministic rules of thumb
 * for probabilistic problems in computer communications", ICC 1979. With more, latency grows by more than throughput does.
 * By Little's law the response time is N/X, so power is X²/N; setting its derivative to 0 under the law gives
 * 1 - α - (α - β)N - 3βN² = 0. Without β it is at (1 - α)/α, beside the crossing of the asymptotic bounds γN and γ/α, and
 * where a resource serves K at a time and nothing else is in the way, at K exactly.
 *
 * @returns at least 1; `Infinity` where nothing limits it.
 */
export function powerPeak({ alpha, beta }: Scalability): number {
  if (alpha >= 1) return 1;
  if (beta === 0) return alpha === 0 ? Infinity : Math.max(1, (1 - alpha) / alpha);
  const slope = alpha - beta;
  // The root in the form that does not cancel: β may be next to nothing.
  const root = (2 * (1 - alpha)) / (slope + Math.sqrt(slope ** 2 + 12 * beta * (1 - alpha)));
  return Math.max(1, root);
}

/**
 * Where the asymptotic bounds of the law cross: throughput of one times N, and the most throughput there is
 * (N* in E. Lazowska et al., Quantitative System Performance, 1984, chapter 5). With fewer, something of what there is
 * lies idle for sure. `Infinity` where nothing limits it.
 */
export function boundsCrossing(law: Scalability): number {
  const { gamma, alpha, beta } = law;
  if (beta === 0) return alpha === 0 ? Infinity : Math.max(1, 1 / alpha);
  // The law's own maximum (Gunther, chapter 4: at sqrt((1 - α)/β)).
  const most = Math.max(1, Math.sqrt(Math.max(0, 1 - alpha) / beta));
  return throughputAt(law, most) / gamma;
}

/** How well the law tells the points. */
export interface Fitness {
  /** The share of the variance in throughput that it explains, 1 at most; below 0 it is worse than their mean. */
  readonly rSquared: number;
  /** The farthest that a point lies from it, as a share of the point; nothing is a share of 0. */
  readonly farthest: number;
}

/** Compares the law with the points it is to tell. */
export function fitness(law: Scalability, points: readonly ScalePoint[]): Fitness {
  const mean = points.reduce((sum, { throughput }) => sum + throughput, 0) / points.length;
  let [left, all, farthest] = [0, 0, 0];
  for (const { concurrency, throughput } of points) {
    const off = throughputAt(law, concurrency) - throughput;
    left += off ** 2;
    all += (throughput - mean) ** 2;
    if (throughput > 0) farthest = Math.max(farthest, Math.abs(off) / throughput);
  }
  // Of throughput that is the same everywhere there is nothing to explain, but for rounding.
  const isFlat = all <= points.length * (1e-9 * mean) ** 2;
  return { rSquared: isFlat ? 1 : 1 - left / all, farthest };
}
