import { regularizedBeta } from "./incomplete-beta.js";

/** Up to here the series is exact; beyond it, the fraction keeps the small tail's relative precision. */
const SERIES_UP_TO = 3;
/** Terms of the fraction: 1e-14 at 3, and better further out. */
const FRACTION_TERMS = 60;
/** From here on Student's t is the normal distribution to more digits than anyone asks for. */
const NORMAL_FROM = 1e7;

/**
 * Φ(z), the standard normal distribution function, to 1e-14: for |z| < 3 the series
 * 1/2 + φ(z)(z + z³/3 + z⁵/(3·5) + …) (G. Marsaglia, "Evaluating the Normal Distribution", Journal of Statistical
 * Software 11, 2004), beyond it the continued fraction of Mills' ratio (Abramowitz & Stegun, 26.2.14).
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return NaN;
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(z) < SERIES_UP_TO) {
    let term = z;
    let sum = 0;
    for (let odd = 3; sum + term !== sum; odd += 2) {
      sum += term;
      term *= (z * z) / odd;
    }
    return 0.5 + density * sum;
  }
  let fraction = Math.abs(z);
  for (let k = FRACTION_TERMS; k > 0; k--) fraction = Math.abs(z) + k / fraction;
  const tail = density / fraction;
  return z < 0 ? tail : 1 - tail;
}

/** The value that a standard normal number stays below with probability `p`; ±Infinity for 1 and 0. */
export function normalQuantile(p: number): number {
  return quantile(p, (z) => normalCdf(-z));
}

/**
 * The value that Student's t stays below with probability `p`, to 7 digits or more; ±Infinity for 1 and 0.
 * Inverts P(T > t) = I_x(ν/2, 1/2) / 2 with x = ν/(ν + t²) for t >= 0 (Abramowitz & Stegun, 26.7.1).
 *
 * @param degreesOfFreedom 1 or more; need not be whole. `Infinity` is the normal distribution.
 */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  if (degreesOfFreedom > NORMAL_FROM) return normalQuantile(p);
  if (!(degreesOfFreedom >= 1)) return NaN;
  const upperTail = (t: number): number => {
    const whole = degreesOfFreedom + t * t;
    return regularizedBeta(degreesOfFreedom / whole, degreesOfFreedom / 2, 0.5, (t * t) / whole) / 2;
  };
  return quantile(p, upperTail);
}

/** The quantile of a distribution symmetric about 0, by bisection: slow (microseconds), and cannot fail. */
function quantile(p: number, upperTail: (x: number) => number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  const sign = p < 0.5 ? -1 : 1;
  if (tail === 0) return sign * Infinity;
  let low = 0;
  let high = 1;
  while (upperTail(high) > tail) high *= 2;
  while (high - low > 1e-13 * Math.max(1, high)) {
    const middle = (low + high) / 2;
    if (upperTail(middle) > tail) low = middle;
    else high = middle;
  }
  return (sign * (low + high)) / 2;
}
