import type { StatsError } from "../watch/result.js";
import type { PhaseResult } from "./result.js";

/** What came of one phase. A phase rejects for bugs only: what a database or an interrupt did to it is told here. */
export interface Phased<T> extends Pick<PhaseResult, "outcome" | "reason"> {
  /** What was found, be it cut short; `null` when there was nothing yet. */
  readonly value: T | null;
  /** Statements that were sent. */
  readonly queries: number;
  /** Why the database cannot be used any more; `null` when it can. */
  readonly error: StatsError | null;
}
