/** Below this a denominator of the continued fraction counts as zero (modified Lentz). */
const TINY = 1e-300;
const PRECISION = 1e-15;
/** The fraction needs some sqrt(max(a, b)) steps: enough for parameters of some 1e7. */
const MOST_STEPS = 20_000;

/**
 * The regularised incomplete beta function I_x(a, b) for 0 <= x <= 1, to about 1e-12.
 * By its continued fraction (NIST DLMF 8.17.22), evaluated as in Press et al., Numerical Recipes, 3rd ed.,
 * section 6.4: I_x(a, b) = 1 - I_(1-x)(b, a) where that converges faster.
 *
 * @param y 1 - x, given apart because it may be far smaller than x's precision.
 */
export function regularizedBeta(x: number, a: number, b: number, y = 1 - x): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y));
  return x < (a + 1) / (a + b + 2)
    ? (front / a) * continuedFraction(x, a, b)
    : 1 - (front / b) * continuedFraction(y, b, a);
}

function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return fraction;
}

const awayFromZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value);

/** Coefficients of Lanczos' approximation for g = 7 and nine terms (P. Godfrey, 2001). */
const LANCZOS_FIRST = 0.99999999999980993;
const LANCZOS_REST = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x >= 0.5, to 1e-14 (C. Lanczos, SIAM Journal on Numerical Analysis B 1, 1964). */
function logGamma(x: number): number {
  const t = x + 6.5;
  const series = LANCZOS_REST.reduce((sum, term, at) => sum + term / (x + at), LANCZOS_FIRST);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}
