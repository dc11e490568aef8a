import type { Derived } from "./keep-alive.js";

/** Two runs differ by so much: nobody changes a setting for it. */
const NOISE = 0.15;
/** As does a knee, by one connection. */
const ONE = 1;
/** From 2 to 1 is half, and no noise. */
const LEAST_FOR_ONE = 3;

/** What is used now, where it is as good as what was derived, so that tuning twice does not change settings back and forth. */
export function unlessCloseEnough(
  derived: Derived,
  now: number,
  isAllowed: (now: number) => boolean = () => true,
): Derived {
  const isClose = Math.abs(now - derived.value) <= NOISE * derived.value;
  return isClose && now !== derived.value && isAllowed(now) ? kept(derived, now) : derived;
}

/** As {@link unlessCloseEnough}, for a number of connections. */
export function unlessOneApart(derived: Derived, now: number): Derived {
  const isClose = Math.abs(now - derived.value) <= ONE && Math.min(now, derived.value) >= LEAST_FOR_ONE;
  return isClose && now !== derived.value ? kept(derived, now) : unlessCloseEnough(derived, now);
}

function kept(derived: Derived, now: number): Derived {
  return { ...derived, value: now, rule: `${derived.rule}; that is so close to yours that yours stays` };
}
