/** Longer words are no slip of the fingers, and would take time to compare. */
const LONGEST = 64;

/**
 * The candidate that the word was probably meant to be, case aside: the only one that begins with it, or
 * the nearest where at most a third of the word is mistyped.
 */
export function nearest<T extends string>(word: string, candidates: readonly T[]): T | undefined {
  if (word.length > LONGEST) return undefined;
  const typed = word.toLowerCase();
  const [beginning, ...others] = candidates.filter((candidate) => candidate.startsWith(typed));
  if (beginning !== undefined && others.length === 0) return beginning;
  let best: T | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(typed, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Levenshtein's distance, one row of the table at a time (Wagner and Fischer 1974). */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = at(above, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, at(above, column) + 1, at(current, column - 1) + 1));
    }
    above = current;
  }
  return at(above, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
