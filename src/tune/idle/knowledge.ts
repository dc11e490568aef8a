import type { Milliseconds } from "../../core/duration.js";
import type { Observation } from "./cuts.js";
import type { Gap } from "./expected.js";

/** A connection that is idle now, or was just asked. */
export interface Waiting {
  /** For how long it shall idle. */
  readonly idle: Milliseconds;
  /** For how long it has; less than nothing for one that has yet to be opened. */
  readonly age: Milliseconds;
}

/** What is known of one layer. */
export interface Search {
  readonly observations: readonly Observation[];
  readonly waiting: readonly Waiting[];
  /** How many connections there may be at once, those waiting among them. */
  readonly seats: number;
  /** The shortest idle time worth trying. */
  readonly floor: Milliseconds;
  /** The longest. */
  readonly reach: Milliseconds;
  /** Where a limit is to be expected: known beforehand, or seen in other layers. */
  readonly hints?: readonly Gap[] | undefined;
  /** Idle times that other layers are waiting for. */
  readonly elsewhere?: readonly Milliseconds[] | undefined;
}

/** Survived for nearly as long as was asked for: what was shortened to end in time counts, too. */
export const NEARLY = 0.97;
