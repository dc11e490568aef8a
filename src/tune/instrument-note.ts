import type { LoopDelay } from "../bench/instrument.js";
import type { Milliseconds } from "../core/duration.js";
import { about } from "./words.js";

/** Beyond this, pings and arrivals were late because of us and not of the database. */
const MOST_DELAY: Milliseconds = 50;

/** What has to be said of the instrument; nothing while it kept up. */
export function noteOnInstrument({ p99, max }: LoopDelay): string | undefined {
  return p99 <= MOST_DELAY
    ? undefined
    : `This process was late itself: its event loop by ${about(p99)} (P99), ${about(max)} at most. Figures may be too high.`;
}
