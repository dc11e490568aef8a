import type { BenchPlan } from "../../bench/plan.js";
import type { BenchResult } from "../../bench/result.js";
import type { Progress } from "../../bench/run-bench.js";
import { TursoPoolError, type ErrorCode } from "../../core/errors.js";

/** What the command tells the load process. */
export type ToLoad =
  | {
      readonly type: "run";
      readonly plan: BenchPlan;
      /** Over this channel and not in the arguments, where every user of the machine could read the token. */
      readonly target: {
        readonly url: string;
        readonly authToken: string | undefined;
        readonly embedded: boolean;
      };
    }
  | { readonly type: "stop" };

/** What the load process tells the command. */
export type FromLoad =
  | { readonly type: "ready" }
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
