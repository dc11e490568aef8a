import { expect } from "vitest";
import type { Transport } from "../case.js";

/** Cases in which the pooled client is to differ from the plain one, in this and no other way. */
export interface FixedDefect {
  /** What is wrong with what the plain client does. */
  readonly why: string;
  readonly on: readonly Transport[];
  readonly cases: readonly string[];
  /** What it does, without what does not matter. */
  readonly plain: unknown;
  readonly ours: unknown;
}

export const anything: unknown = expect.anything();
export const done = { undefined: "undefined" };
export const answered = { rowsAffected: expect.any(Number) as unknown };

export const rejected = (code: string, rest: object = {}) => ({
  rejected: { error: "LibsqlError", code, ...rest },
});
export const inBatch = (code: string, statementIndex: number) => ({
  rejected: { error: "LibsqlBatchError", code, statementIndex },
});
export const five = (outcome: unknown): unknown[] => Array.from({ length: 5 }, () => outcome);

export const over = rejected("TRANSACTION_CLOSED");
export const clientClosed = rejected("UNKNOWN");
