import type { TargetResult } from "../libsql/target-result.js";

/** Who uses the database: one client of `@libsql/client`, or the keep-alive pool of this package as one. */
export type ContestantName = "plain" | "pool";

/** How often an error reached a caller. */
export interface RehearsedError {
  readonly code: string;
  readonly count: number;
  /** The first one's. */
  readonly message: string;
}

/** What the callers of one contestant saw of one fault: before it, during it and afterwards. */
export interface ObservedResult {
  /** Answered, wrong, failed and hung. */
  readonly calls: number;
  readonly answered: number;
  /** Answers that came as if nothing were wrong with them, and were not what the database said. */
  readonly wrong_answers: number;
  /** Calls that ended with an error. */
  readonly failed: number;
  readonly errors: readonly RehearsedError[];
  /** Calls that had not ended when the observer's patience did. */
  readonly hangs: number;
  /** The longest that a call took to end; of one that hung, the patience. `null` without a call. */
  readonly longest_stall_ms: number | null;
  /** From the end of the fault to the first answer; `null` when none came while it was waited for. */
  readonly recovered_after_ms: number | null;
  /** How many connections, requests or bytes the fault struck; `null` for what no proxy did. */
  readonly struck: number | null;
  /** Connections opened in all. */
  readonly connections: number;
}

export interface RehearsedFault {
  readonly fault: string;
  /** What happened, as a sentence. */
  readonly meaning: string;
  readonly plain: ObservedResult;
  readonly pool: ObservedResult;
}

/** A fault that was not rehearsed, and why. */
export interface SkippedFault {
  readonly fault: string;
  readonly reason: string;
}

/** How it was rehearsed. */
export interface RehearsalPlanResult {
  readonly statement: string;
  readonly callers: number;
  /** Of each contestant; a caller that waits for its answer asks later. */
  readonly rate_per_second: number;
  readonly before_ms: number;
  readonly fault_ms: number;
  /** The longest wait for the first answer after a fault. */
  readonly recovery_limit_ms: number;
  /** The pool's deadline for an operation. The plain client has none. */
  readonly operation_timeout_ms: number;
  /** How long the observer waits for a call of either before it counts as hung. */
  readonly patience_ms: number;
  /** How each reached the database through its proxy. */
  readonly plain_transport: string;
  readonly pool_transport: string;
}

/** What `turso-pool stats --rehearse` finds. */
export interface RehearsalResult {
  readonly schema_version: 1;
  readonly type: "rehearsal";
  readonly command: "stats";
  readonly started_at: string;
  readonly duration_ms: number;
  /** Ctrl-C ended it; the faults that were done by then are in it. */
  readonly interrupted: boolean;
  readonly target: TargetResult;
  readonly plan: RehearsalPlanResult;
  readonly faults: readonly RehearsedFault[];
  readonly skipped: readonly SkippedFault[];
}
