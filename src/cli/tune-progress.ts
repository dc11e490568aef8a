import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { PHASES, type PhaseName } from "../tune/result.js";
import type { TuneProgress } from "../tune/site.js";
import type { Step } from "./progress-text.js";

/** A phase that goes on is not done, however long it takes. */
const ALMOST = 0.99;

/**
 * What tuning tells of its phases, as steps of a line: the share and the time left are those of the phase, because
 * how long the next ones take depends on what this one finds.
 */
export class TuneSteps {
  readonly #clock: Clock;
  #phase: { readonly name: PhaseName; readonly since: Milliseconds; done: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next({ phase, doing, expectedMs, leftMs }: TuneProgress): Step {
    const now = this.#clock.now();
    if (this.#phase?.name !== phase) this.#phase = { name: phase, since: now, done: 0 };
    const elapsed = now - this.#phase.since;
    const whole = leftMs === null ? 0 : elapsed + leftMs;
    const share = (at: Milliseconds): number => (whole > 0 ? Math.min(ALMOST, at / whole) : 0);
    // More was found to do than was thought: a bar that went back would look broken.
    const from = Math.max(this.#phase.done, share(elapsed));
    this.#phase.done = from;
    return {
      doing,
      part: `phase ${PHASES.indexOf(phase) + 1} of ${PHASES.length}`,
      from,
      to: Math.max(from, share(elapsed + (expectedMs ?? 0))),
      expectedMs,
      leftMs,
    };
  }
}
