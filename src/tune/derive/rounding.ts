import type { Milliseconds } from "../../core/duration.js";

/** Steps in which a person would write a duration of this size. */
function stepOf(duration: Milliseconds): Milliseconds {
  if (duration < 1_000) return 10;
  if (duration < 10_000) return 100;
  if (duration < 20_000) return 500;
  return duration < 600_000 ? 1_000 : 60_000;
}

/** Down to a number that a person would write; never to nothing. */
export function roundedDown(duration: Milliseconds): Milliseconds {
  const step = stepOf(duration);
  return Math.floor(duration / step + 1e-9) * step || duration;
}

export function roundedUp(duration: Milliseconds): Milliseconds {
  const step = stepOf(duration);
  return Math.ceil(duration / step - 1e-9) * step;
}
