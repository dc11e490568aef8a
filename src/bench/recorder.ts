import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";
import type { Buckets } from "../stats/buckets.js";
import { DurationHistogram } from "../stats/histogram.js";
import type { Operation } from "./strategies/strategy.js";

/** One block of a strategy, in few numbers. */
export interface Round {
  readonly latency: Buckets;
  readonly overhead: Buckets;
  readonly operations: number;
  readonly elapsed: Milliseconds;
}

/** What happened to one strategy's operations. Failures are counted apart and never in a latency. */
export class Recorder {
  readonly latency = new DurationHistogram();
  readonly overhead = new DurationHistogram();
  readonly rounds: Round[] = [];
  /** Operations that failed, those that missed the deadline aside. */
  errors = 0;
  timeouts = 0;
  firstError: Error | undefined;
  /** The time in which all of these operations ran, blocks added up. */
  elapsed: Milliseconds = 0;
  #latency = new DurationHistogram();
  #overhead = new DurationHistogram();

  succeeded(operation: Operation, startedAt: Milliseconds): void {
    this.#latency.record(operation.doneAt - startedAt);
    if (operation.overhead !== null) this.#overhead.record(operation.overhead);
  }

  failed(error: unknown): void {
    this.firstError ??= error instanceof Error ? error : new Error(String(error));
    if (error instanceof TursoPoolError && error.code === "OPERATION_TIMEOUT") this.timeouts++;
    else this.errors++;
  }

  /** A block has ended. */
  endRound(elapsed: Milliseconds): void {
    this.elapsed += elapsed;
    this.latency.add(this.#latency);
    this.overhead.add(this.#overhead);
    this.rounds.push({
      latency: this.#latency.buckets(),
      overhead: this.#overhead.buckets(),
      operations: this.#latency.count,
      elapsed,
    });
    this.#latency = new DurationHistogram();
    this.#overhead = new DurationHistogram();
  }
}
