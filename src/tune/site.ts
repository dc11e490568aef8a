import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import type { Random } from "../core/random.js";
import type { Target } from "../libsql/target.js";
import type { PhaseName } from "./result.js";
import type { Seats } from "./seats.js";

/** One way to reach the database. */
export interface Way {
  readonly target: Target;
  /** Certificate authorities to trust instead of Node's, in PEM. */
  readonly ca: string | undefined;
}

/** How far tuning is, told whenever something begins. */
export interface TuneProgress {
  readonly phase: PhaseName;
  /** What is going on, such as `idle limits: waiting 12 s`. */
  readonly doing: string;
  /** How long that is expected to take. */
  readonly expectedMs: Milliseconds | null;
  /** What is left of the phase, at most, when it begins. */
  readonly leftMs: Milliseconds | null;
}

/** The database that is tuned for, and what every phase needs to measure it. */
export interface Site {
  /** Its URL without secrets. */
  readonly display: string;
  /** As it was named. */
  readonly own: Way;
  /** The same database over the other transport, if there may be one: not tried yet. */
  readonly other: Way | undefined;
  readonly isEmbedded: boolean;
  /** How many connections there may be. */
  readonly seats: Seats;
  /** How long a statement may take. */
  readonly timeout: Milliseconds;
  readonly connectTimeout: Milliseconds;
  readonly clock: Clock;
  readonly random: Random;
  /** Ends it early; what was found by then is told. */
  readonly signal: AbortSignal;
  readonly tell: (progress: TuneProgress) => void;
}
