import leven from "leven";

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
    const distance = leven(typed, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}
