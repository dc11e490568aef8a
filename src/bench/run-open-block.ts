import type { Milliseconds } from "../core/duration.js";
import type { Random } from "../core/random.js";
import { nextArrival } from "./arrivals.js";
import type { Load } from "./load.js";
import { operate, type Block } from "./operate.js";
import type { Schedule } from "./recorder.js";

export interface OpenBlock extends Block {
  readonly load: Extract<Load, { kind: "open" }>;
  /** Draws the arrivals. */
  readonly random: Random;
}

/** Timers are late by up to a millisecond, so the last stretch before an arrival is polled. */
const POLLED_MS = 1.5;
/** A timer that is set for longer rings at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs one block of operations that arrive by a schedule, at most `concurrency` at a time. Latency counts from the
 * schedule: an operation that finds no worker waits for one, and that wait is the database's doing
 * (coordinated omission: G. Tene, "How NOT to Measure Latency", 2013).
 *
 * A block measured by time goes on with arrivals until all that came in time are done, and then until all are that came
 * meanwhile, so that a stall across its end is charged to everybody whom it delayed; but each time for no longer than
 * the block is long, and what has not been started by then never is.
 * @returns how long it polled for arrivals: time in which the event loop was not really busy.
 */
export async function runOpenBlock(block: OpenBlock): Promise<{ readonly polled: Milliseconds }> {
  const startedAt = performance.now();
  const run = new OpenRun(block);
  await run.done;
  block.recorder.endRound(performance.now() - startedAt);
  return { polled: run.polled };
}

class OpenRun {
  readonly #block: OpenBlock;
  readonly #startedAt = performance.now();
  readonly #schedule: Schedule;
  /** Arrivals after this many, or after this time, are not the block's. */
  readonly #most: number;
  #until: Milliseconds;
  /** Whether that time is when all that came before its planned end were done. */
  #isExtended = false;
  readonly #grace: Milliseconds;
  #arrived = 0;
  /** When the next operation is due. */
  #due: Milliseconds;
  /** Operations under way, and those of them that came in time. */
  #busy = 0;
  #inTime = 0;
  /** When a worker was last free after none had been. */
  #freedAt = -Infinity;
  #cancelWait: (() => void) | null = null;
  #polledSince: Milliseconds | null = null;
  #finish: () => void = () => undefined;
  polled: Milliseconds = 0;
  readonly done: Promise<void>;

  constructor(block: OpenBlock) {
    const { length, recorder, load, random } = block;
    if (recorder.schedule === null) throw new Error("bug: an open loop without a schedule to record");
    this.#block = block;
    this.#schedule = recorder.schedule;
    this.#most = length.kind === "operations" ? length.operations : Infinity;
    this.#grace = length.kind === "duration" ? length.duration : Infinity;
    this.#until = this.#startedAt + this.#grace;
    this.#due = this.#startedAt + nextArrival(load, null, random());
    this.done = new Promise((resolve) => (this.#finish = resolve));
    block.signal.addEventListener("abort", this.#onAbort);
    this.#pump();
  }

  readonly #onAbort = (): void => this.#pump();

  /** Starts all that is due and finds a worker, and sees to it that the rest will be. */
  #pump(): void {
    const { concurrency } = this.#block;
    for (;;) {
      const now = performance.now();
      if (this.#isOver(now)) {
        if (this.#busy === 0) this.#end();
        return;
      }
      if (this.#busy === concurrency) return;
      // A block without arrivals lasts as long as any other.
      const next = now < this.#until ? Math.min(this.#due, this.#until) : this.#due;
      if (next > now) return this.#wait(next - now);
      this.#start(now);
    }
  }

  #isOver(now: Milliseconds): boolean {
    if (this.#block.signal.aborted || this.#arrived >= this.#most) return true;
    if (now < this.#until) return false;
    if (this.#inTime > 0 || this.#due <= this.#until) return now > this.#until + this.#grace;
    if (this.#isExtended) return true;
    this.#isExtended = true;
    this.#until = now;
    return this.#due > now;
  }

  #start(now: Milliseconds): void {
    const { load, random, recorder } = this.#block;
    const scheduledAt = this.#due;
    const schedule = this.#schedule;
    schedule.scheduled++;
    if (scheduledAt < this.#freedAt) schedule.foundNoWorker++;
    schedule.lag.record(now - Math.max(scheduledAt, this.#freedAt));
    this.#advance(load, random);
    const isInTime = scheduledAt <= this.#until;
    this.#busy++;
    if (isInTime) this.#inTime++;
    void operate(this.#block, recorder, scheduledAt).then(() => {
      if (this.#busy === this.#block.concurrency) this.#freedAt = performance.now();
      this.#busy--;
      if (isInTime) this.#inTime--;
      this.#pump();
    });
  }

  #advance(load: OpenBlock["load"], random: Random): void {
    this.#arrived++;
    this.#due = this.#startedAt + nextArrival(load, this.#due - this.#startedAt, random());
  }

  #wait(left: Milliseconds): void {
    if (this.#cancelWait !== null) return;
    const wake = (): void => {
      this.#cancelWait = null;
      if (this.#due <= performance.now()) this.#endPolling();
      this.#pump();
    };
    if (left > POLLED_MS) {
      this.#endPolling();
      const timer = setTimeout(wake, Math.min(Math.floor(left - 1), LONGEST_TIMER_MS));
      this.#cancelWait = () => clearTimeout(timer);
    } else {
      this.#polledSince ??= performance.now();
      const immediate = setImmediate(wake);
      this.#cancelWait = () => clearImmediate(immediate);
    }
  }

  #endPolling(): void {
    if (this.#polledSince === null) return;
    this.polled += performance.now() - this.#polledSince;
    this.#polledSince = null;
  }

  #end(): void {
    this.#endPolling();
    this.#cancelWait?.();
    this.#block.signal.removeEventListener("abort", this.#onAbort);
    const { load, random, signal } = this.#block;
    // What is due by the end and was not started; after an interrupt nobody meant it to be.
    while (!signal.aborted && this.#arrived < this.#most && this.#due <= this.#until) {
      this.#schedule.scheduled++;
      this.#schedule.neverStarted++;
      this.#advance(load, random);
    }
    this.#finish();
  }
}
