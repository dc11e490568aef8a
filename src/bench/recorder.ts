import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";
import { DurationHistogram } from "../stats/histogram.js";
import type { Operation } from "./strategies/strategy.js";

/** What happened to one strategy's operations. Failures are counted apart and never in a latency. */
export class Recorder {
  readonly latency = new DurationHistogram();
  readonly overhead = new DurationHistogram();
  /** Operations that failed, those that missed the deadline aside. */
  errors = 0;
  timeouts = 0;
  firstError: Error | undefined;
  /** The time in which all of these operations ran, blocks added up. */
  elapsed: Milliseconds = 0;

  succeeded(operation: Operation, startedAt: Milliseconds): void {
    this.latency.record(operation.doneAt - startedAt);
    if (operation.overhead !== null) this.overhead.record(operation.overhead);
  }

  failed(error: unknown): void {
    this.firstError ??= error instanceof Error ? error : new Error(String(error));
    if (error instanceof TursoPoolError && error.code === "OPERATION_TIMEOUT") this.timeouts++;
    else this.errors++;
  }
}
