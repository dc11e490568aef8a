import type { GatePlan } from "../../bench/gates/gate-plan.js";
import type { BenchPlan } from "../../bench/plan.js";
import type { Progress } from "../../bench/progress.js";
import type { BenchResult, TargetResult } from "../../bench/result.js";
import { TursoPoolError, type ErrorCode } from "../../core/errors.js";

/** Everything that a run needs to know. */
export interface LoadJob {
  readonly plan: BenchPlan;
  readonly gates: GatePlan;
  readonly head: LoadTarget;
  readonly base: LoadTarget | undefined;
}

/** A database, and how the result shows it. */
export interface LoadTarget {
  /** Over this channel and not in the arguments, where every user of the machine could read the token. */
  readonly url: string;
  readonly authToken: string | undefined;
  readonly shown: TargetResult;
}

/** What the command tells the load process. */
export type ToLoad =
  { readonly type: "run"; readonly job: LoadJob } | { readonly type: "stop" } | { readonly type: "echo" };

/** What the load process tells the command. */
export type FromLoad =
  | { readonly type: "ready" }
  /** To be sent back at once. */
  | { readonly type: "echo" }
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "result"; readonly result: BenchResult }
  | { readonly type: "error"; readonly error: SentError };

/** An error that has crossed a process boundary. */
export interface SentError {
  /** `undefined` for a bug. */
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly hint: string | undefined;
  readonly stack: string | undefined;
}

export function toSent(error: unknown): SentError {
  if (error instanceof TursoPoolError) {
    return { code: error.code, message: error.message, hint: error.hint, stack: undefined };
  }
  const bug = error instanceof Error ? error : new Error(String(error));
  return { code: undefined, message: bug.message, hint: undefined, stack: bug.stack };
}

export function fromSent(sent: SentError): Error {
  if (sent.code !== undefined) return new TursoPoolError(sent.code, sent.message, { hint: sent.hint });
  return Object.assign(new Error(sent.message), { stack: sent.stack });
}
