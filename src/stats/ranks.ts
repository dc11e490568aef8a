/**
 * Twice the rank of each value among all of them, from 2 up. Equal values share the mean of their ranks (midranks),
 * which may end in a half: doubled, all are whole numbers, as exact distributions need them.
 */
export function doubledMidranks(values: readonly number[]): number[] {
  const order = values.map((_, at) => at).sort((a, b) => (values[a] ?? NaN) - (values[b] ?? NaN));
  const ranks = Array<number>(values.length).fill(0);
  let first = 0;
  while (first < order.length) {
    let last = first;
    while (last + 1 < order.length && values[order[last + 1] ?? 0] === values[order[first] ?? 0]) last++;
    for (const at of order.slice(first, last + 1)) ranks[at] = first + 1 + (last + 1);
    first = last + 1;
  }
  return ranks;
}
