import { bindArgs } from "./bind-args.js";
import { ProtocolError, notSupported } from "./hrana-errors.js";
import type { Batch, BatchCond, EngineValue, HranaVersion, Stmt } from "./protocol.js";
import type { ResultBudget } from "./result-budget.js";
import type { SqlCache } from "./sql-cache.js";
import type { ScannedStatement } from "../core/sql/scan.js";
import type { Permission } from "./sql-stream.js";
import type { SqlStore } from "./sql-store.js";

/** What a request is answered with regard to. */
export interface RequestContext {
  readonly version: HranaVersion;
  readonly permission: Permission;
  readonly sqls: SqlStore;
  readonly cache: SqlCache;
  /** How much the answer may still hold. */
  readonly budget: ResultBudget;
}

/** A statement that is ready to run, but for its arguments, which are checked when it is its turn. */
export interface PlannedStatement {
  readonly statement: ScannedStatement;
  readonly args: () => readonly EngineValue[];
  readonly wantRows: boolean;
}

export interface PlannedStep extends PlannedStatement {
  readonly condition: BatchCond | undefined;
}

/** @throws {RequestError} for SQL that is not one statement; {ProtocolError} for a bad reference. */
export function planStatement(stmt: Stmt, context: RequestContext): PlannedStatement {
  const statement = context.cache.single(context.sqls.resolve(stmt.source, context.version));
  return { statement, args: () => bindArgs(statement, stmt), wantRows: stmt.wantRows };
}

/** Plans all steps before the first one runs. @throws as {@link planStatement} does. */
export function planBatch(batch: Batch, context: RequestContext): readonly PlannedStep[] {
  return batch.steps.map(({ condition, stmt }, index) => {
    if (condition) checkCondition(condition, index, context.version);
    return { condition, ...planStatement(stmt, context) };
  });
}

/** How a step of a batch ended. */
export type StepState = "ok" | "error" | "skipped";

/** Whether a step is to run, from how the steps before it ended. */
export function isMet(cond: BatchCond, states: readonly StepState[], isAutocommit: boolean): boolean {
  switch (cond.type) {
    case "ok":
      return states[cond.step] === "ok";
    case "error":
      return states[cond.step] === "error";
    case "not":
      return !isMet(cond.cond, states, isAutocommit);
    case "and":
      return cond.conds.every((inner) => isMet(inner, states, isAutocommit));
    case "or":
      return cond.conds.some((inner) => isMet(inner, states, isAutocommit));
    case "is_autocommit":
      return isAutocommit;
  }
}

function checkCondition(cond: BatchCond, index: number, version: HranaVersion): void {
  switch (cond.type) {
    case "ok":
    case "error":
      if (cond.step < index) return;
      throw new ProtocolError("policy", "Invalid reference to step in a batch condition");
    case "not":
      return checkCondition(cond.cond, index, version);
    case "and":
    case "or":
      return cond.conds.forEach((inner) => checkCondition(inner, index, version));
    case "is_autocommit":
      if (version < 3) throw notSupported("BatchCond of type `is_autocommit`", 3);
  }
}
