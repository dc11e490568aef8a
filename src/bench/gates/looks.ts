const ALPHA = 0.05;

/** One time that gates look at the figures. */
export interface Turn {
  /** From 1. */
  readonly number: number;
  /** Whether they cannot look again, because the time is up. That must not depend on what they see. */
  readonly isLast: boolean;
}

/**
 * How often the interval of one look may be wrong. A run that looks again and again until a gate is conclusive would
 * be wrong more often than one that looks once: so all looks together get 5 %. The kth gets 5 % / (k (k + 1)), and the
 * last one what is left, 5 % / k (alpha spending by the union bound; compare Lan & DeMets, Biometrika 70, 1983).
 */
export function alphaAt({ number, isLast }: Turn): number {
  return isLast ? ALPHA / number : ALPHA / (number * (number + 1));
}

/** After how many rounds the figures are looked at: the planned ones, then each time there are twice as many. */
export function roundsAt(look: number, planned: number): number {
  return planned * 2 ** (look - 1);
}

/**
 * The fewest rounds that can be sure enough: all n are on one side by chance once in 2^n times each way. A rank test has no
 * interval with fewer, and one from resampling is too narrow (of 4 rounds 88 % instead of 95 %, simulated).
 */
export function leastRounds(alpha: number): number {
  return Math.floor(Math.log2(2 / alpha)) + 1;
}
