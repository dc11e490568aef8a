import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";
import { DurationHistogram } from "../stats/histogram.js";
import { joinRounds, makeRound, type Round } from "./round.js";
import type { Operation } from "./strategies/strategy.js";

/** When an operation began. */
export interface Beginning {
  readonly startedAt: Milliseconds;
  /** When it was due: earlier than its start where it waited for a worker, or the load process was late. */
  readonly scheduledAt: Milliseconds;
}

/** How an open loop kept its schedule. */
export interface Schedule {
  scheduled: number;
  foundNoWorker: number;
  neverStarted: number;
  /** How late the load process itself was to start operations. */
  readonly lag: DurationHistogram;
}

/** More rounds than these are joined in pairs, so that a long run takes no more memory than a short one. */
const MOST_ROUNDS = 128;

/** What happened to one contestant's operations. Failures are counted apart and never in a latency. */
export class Recorder {
  readonly latency = new DurationHistogram();
  /** Latency from the actual start; `null` in a closed loop, where it is the same. */
  readonly service: DurationHistogram | null;
  readonly overhead = new DurationHistogram();
  /** `null` in a closed loop. */
  readonly schedule: Schedule | null;
  /** Operations that failed, those that missed the deadline aside. */
  errors = 0;
  timeouts = 0;
  firstError: Error | undefined;
  /** The time in which all of these operations ran, blocks added up. */
  elapsed: Milliseconds = 0;
  readonly #isOpen: boolean;
  #rounds: Round[] = [];
  #failedBefore = 0;
  #latency = new DurationHistogram();
  #service: DurationHistogram | null;
  #overhead = new DurationHistogram();

  constructor(loop: "closed" | "open" = "closed") {
    this.#isOpen = loop === "open";
    this.service = this.#isOpen ? new DurationHistogram() : null;
    this.#service = this.#isOpen ? new DurationHistogram() : null;
    this.schedule = this.#isOpen
      ? { scheduled: 0, foundNoWorker: 0, neverStarted: 0, lag: new DurationHistogram() }
      : null;
  }

  get rounds(): readonly Round[] {
    return this.#rounds;
  }

  succeeded(operation: Operation, { startedAt, scheduledAt }: Beginning): void {
    this.#latency.record(operation.doneAt - scheduledAt);
    this.#service?.record(operation.doneAt - startedAt);
    if (operation.overhead !== null) this.#overhead.record(operation.overhead);
  }

  failed(error: unknown): void {
    this.firstError ??= error instanceof Error ? error : new Error(String(error));
    if (error instanceof TursoPoolError && error.code === "OPERATION_TIMEOUT") this.timeouts++;
    else this.errors++;
  }

  /** A block has ended. */
  endRound(elapsed: Milliseconds): void {
    const histograms = { latency: this.#latency, service: this.#service, overhead: this.#overhead };
    const failed = this.errors + this.timeouts;
    this.elapsed += elapsed;
    this.latency.add(histograms.latency);
    if (histograms.service) this.service?.add(histograms.service);
    this.overhead.add(histograms.overhead);
    this.#rounds.push(makeRound(histograms, failed - this.#failedBefore, elapsed));
    this.#failedBefore = failed;
    this.#latency = new DurationHistogram();
    this.#service = this.#isOpen ? new DurationHistogram() : null;
    this.#overhead = new DurationHistogram();
  }

  /** Whether twice as many rounds would be joined. */
  get isNearlyFull(): boolean {
    return 2 * this.#rounds.length >= MOST_ROUNDS;
  }

  /** Joins neighbouring rounds when there are so many. Everybody's at the same time, so that they stay pairs. */
  joinRounds(most = MOST_ROUNDS): void {
    if (this.#rounds.length < most) return;
    this.#rounds = this.#rounds.flatMap((round, at, all) => {
      const next = all[at + 1];
      if (at % 2 === 1) return [];
      return [next === undefined ? round : joinRounds(round, next)];
    });
  }
}
