import { regularizedBeta } from "./incomplete-beta.js";

/** Halvings of [0, 1]: far below any share that matters. */
const STEPS = 60;

/**
 * The share that is exceeded with probability `alpha` at most, when `k` of `n` independent trials had it: the exact upper
 * end (C. Clopper & E. Pearson, "The Use of Confidence or Fiducial Limits", Biometrika 26, 1934), where
 * P(X <= k) = I_(1-p)(n-k, k+1) is `alpha`.
 */
export function binomialUpper(k: number, n: number, alpha: number): number {
  if (k >= n) return 1;
  let [low, high] = [k / n, 1];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (regularizedBeta(1 - middle, n - k, k + 1) > alpha) low = middle;
    else high = middle;
  }
  return high;
}
