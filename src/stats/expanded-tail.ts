import { normalCdf, studentTQuantile } from "./student-t.js";

/**
 * The share to leave out at each end of a bootstrap distribution for an interval of confidence 1 - `alpha` from
 * `n` independent units, 2 or more.
 *
 * A percentile interval from few units is too narrow, because resampling shrinks the variance by (n-1)/n and
 * knows nothing of Student's t. Expanded: Φ(-sqrt(n/(n-1)) t), t being Student's quantile of 1 - alpha/2 for n-1
 * degrees of freedom, after T. Hesterberg, "What Teachers Should Know About the Bootstrap", The American
 * Statistician 69 (2015), section 3.3. It is alpha/2 for many units.
 */
export function expandedTail(n: number, alpha = 0.05): number {
  return normalCdf(-Math.sqrt(n / (n - 1)) * studentTQuantile(1 - alpha / 2, n - 1));
}
