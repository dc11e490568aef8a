/** Student's t, 97.5th percentile, for 1 to 30 degrees of freedom (any statistical table). */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const Z_975 = 1.959964;

/**
 * The share to leave out at each end of a bootstrap distribution for a 95 % interval from `n` independent units.
 *
 * A percentile interval from few units is too narrow, because resampling shrinks the variance by (n-1)/n and
 * knows nothing of Student's t. Expanded: Φ(-sqrt(n/(n-1)) t), after T. Hesterberg, "What Teachers Should Know
 * About the Bootstrap", The American Statistician 69 (2015), section 3.3. It is 0.025 for many units.
 */
export function expandedTail(n: number): number {
  const t = T_975[n - 2] ?? Z_975 + 2.4 / (n - 1);
  return normalCdf(-Math.sqrt(n / (n - 1)) * t);
}

/** Φ for x <= 0, to 7.5e-8 (Abramowitz & Stegun, Handbook of Mathematical Functions, 26.2.17). */
function normalCdf(x: number): number {
  const k = 1 / (1 - 0.2316419 * x);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  return (
    density * k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))))
  );
}
