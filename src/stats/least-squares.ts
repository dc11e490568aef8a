/** A column of a linear model: one value for each observation. */
type Column = readonly number[];

/** What is left of a column, relative to its length, when it is a mixture of those before it but for rounding. */
const DEPENDENT = 1e-9;

/**
 * The coefficients that bring a mixture of columns nearest to a target, in squares; `null` where the columns do not
 * determine them. By modified Gram-Schmidt orthogonalisation, which loses less to rounding than the normal equations
 * (Å. Björck, "Solving linear least squares problems by Gram-Schmidt orthogonalization", BIT 7, 1967).
 */
export function leastSquares(columns: readonly Column[], target: Column): number[] | null {
  const basis: number[][] = [];
  const upper: number[][] = [];
  const rest = [...target];
  const projections: number[] = [];
  for (const column of columns) {
    const vector = [...column];
    const length = Math.sqrt(dot(vector, vector));
    const row: number[] = [];
    for (const unit of basis) row.push(takeOut(vector, unit));
    const left = Math.sqrt(dot(vector, vector));
    if (!(left > DEPENDENT * length)) return null;
    const unit = vector.map((value) => value / left);
    basis.push(unit);
    upper.push([...row, left]);
    projections.push(takeOut(rest, unit));
  }
  const found = columns.map(() => 0);
  for (let at = columns.length - 1; at >= 0; at--) {
    let value = projections[at] ?? 0;
    for (let later = at + 1; later < columns.length; later++)
      value -= (upper[later]?.[at] ?? 0) * (found[later] ?? 0);
    found[at] = value / (upper[at]?.[at] ?? 1);
  }
  return found;
}

/**
 * As {@link leastSquares}, with no coefficient below 0. The best solution uses some of the columns and is the unbounded one
 * for those, so with few columns all choices are tried (C. Lawson & R. Hanson, Solving Least Squares Problems, 1974,
 * chapter 23, find that choice faster where there are many).
 */
export function nonNegativeLeastSquares(columns: readonly Column[], target: Column): number[] {
  let best = columns.map(() => 0);
  let least = distance(columns, best, target);
  for (let choice = 1; choice < 2 ** columns.length; choice++) {
    const chosen = columns.filter((_, at) => (choice >> at) & 1);
    const found = leastSquares(chosen, target);
    if (found === null || found.some((value) => !(value >= 0))) continue;
    const coefficients = columns.map((_, at) => ((choice >> at) & 1 ? (found.shift() ?? 0) : 0));
    const far = distance(columns, coefficients, target);
    if (far < least) [best, least] = [coefficients, far];
  }
  return best;
}

/** Takes a unit vector's part out of a vector, and tells how much that was. */
function takeOut(vector: number[], unit: Column): number {
  const part = dot(vector, unit);
  for (const [at, value] of unit.entries()) vector[at] = (vector[at] ?? 0) - part * value;
  return part;
}

function dot(one: Column, other: Column): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}

function distance(columns: readonly Column[], coefficients: Column, target: Column): number {
  return target.reduce((sum, value, at) => {
    const mixed = columns.reduce(
      (total, column, which) => total + (column[at] ?? 0) * (coefficients[which] ?? 0),
      0,
    );
    return sum + (value - mixed) ** 2;
  }, 0);
}
