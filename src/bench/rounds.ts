import { setTimeout as sleep } from "node:timers/promises";
import type { Milliseconds } from "../core/duration.js";
import { seededRandom, shuffled, type Random } from "../core/random.js";
import { blockOf, type Contestant } from "./contestant.js";
import { roundsAt, type Turn } from "./gates/looks.js";
import type { HostSpeed } from "./host-speed.js";
import { operate } from "./operate.js";
import { blockLength, type BenchPlan, type Length } from "./plan.js";
import { runBlock } from "./run-block.js";
import { runOpenBlock } from "./run-open-block.js";

/** A look at the figures, in mid-run or at its end. */
export interface Look extends Turn {
  /** See `BenchResult.host.speed`. */
  readonly hostSpeed: number;
  /** How many times as many rounds there may be when the time is up. */
  readonly extension: number;
}

export interface RoundsOptions {
  /** Sampled before each round. */
  readonly speed: HostSpeed;
  readonly signal: AbortSignal;
  readonly onBlock: (contestant: Contestant, at: Position) => void;
  /**
   * Asked after the planned rounds, and each time there are twice as many, while there is time left: whether a
   * gate cannot tell yet, so that more rounds are to be run.
   */
  readonly wantsMore: (look: Look, contestants: readonly Contestant[]) => boolean;
}

/** Where a run is. */
export interface Position {
  /** Blocks so far, and how many there will be; as many more when a gate cannot tell. */
  readonly block: number;
  readonly blocks: number;
  readonly elapsed: Milliseconds;
  readonly extended: boolean;
}

/** With so many rounds, half of them are still enough to be sure. */
const ENOUGH_ROUNDS = 20;

/** Takes all contestants through their rounds: a block for each in an order drawn from the seed. */
export class Rounds {
  readonly #plan: BenchPlan;
  readonly #contestants: readonly Contestant[];
  readonly #options: RoundsOptions;
  readonly #random: Random;
  /** When the first round began: a warm-up is no sampling. */
  #startedAt: Milliseconds = 0;
  /** In planned rounds. */
  #done = 0;
  #goal: number;
  /** How many planned rounds one round is worth: more of them in a very long run, where rounds are joined. */
  #worth = 1;
  #blocks = 0;
  /** The latest look; the verdict is what it shows. */
  look: Look = { number: 1, isLast: true, extension: 1, hostSpeed: 0 };

  constructor(plan: BenchPlan, contestants: readonly Contestant[], options: RoundsOptions) {
    this.#plan = plan;
    this.#contestants = contestants;
    this.#options = options;
    this.#random = seededRandom(plan.seed);
    this.#goal = plan.rounds;
  }

  async run(): Promise<void> {
    this.#startedAt = performance.now();
    const { signal, wantsMore } = this.#options;
    for (let number = 1; ; number++) {
      this.#goal = roundsAt(number, this.#plan.rounds);
      while (this.#done < this.#goal && !signal.aborted && (number === 1 ? !this.#isLate : this.#hasTime())) {
        await this.#round();
      }
      const isLast = signal.aborted || !this.#hasTime();
      const extension = isLast ? 1 : this.#extension();
      this.look = { number, isLast, extension, hostSpeed: this.#options.speed.perMillisecond };
      if (isLast || !wantsMore(this.look, this.#contestants)) return;
      if (this.#isMostlyPauses) this.#join(ENOUGH_ROUNDS);
    }
  }

  /** Blocks so short that more time goes into the pauses between them. */
  get #isMostlyPauses(): boolean {
    const { load, settle, keepRounds } = this.#plan;
    const [first] = this.#contestants;
    if (load.kind === "gap" || keepRounds || first === undefined) return false;
    return first.measured.elapsed / first.measured.rounds.length < 2 * settle;
  }

  /** Joins rounds in pairs where there are so many, and makes those that come as long. */
  #join(most?: number): void {
    const count = (): number => this.#contestants[0]?.measured.rounds.length ?? 0;
    const before = count();
    for (const { measured } of this.#contestants) measured.joinRounds(most);
    if (count() < before) this.#worth *= 2;
  }

  /** Even planned rounds end when the time is up: a database that hangs would make them last for hours. */
  get #isLate(): boolean {
    const { maxDuration } = this.#plan;
    return maxDuration !== null && performance.now() - this.#startedAt > maxDuration;
  }

  /** Whether there is time for another round. */
  #hasTime(): boolean {
    return this.#extension() >= (this.#done + this.#worth) / this.#done;
  }

  /** How many times as many rounds as now there can be when the time is up. */
  #extension(): number {
    const { maxDuration } = this.#plan;
    const now = performance.now();
    if (maxDuration === null || this.#done === 0) return 1;
    const left = maxDuration - (now - this.#startedAt);
    return 1 + Math.max(0, left) / (now - this.#startedAt);
  }

  async #round(): Promise<void> {
    await this.#options.speed.sample();
    const order = shuffled(this.#contestants, this.#random);
    const { load, length, rounds } = this.#plan;
    const whole = scaled(blockLength(length, this.#done % rounds, rounds), this.#worth);
    if (load.kind === "gap") await this.#gaps(order, whole, load.gap);
    else for (const one of order) await this.#block(one, whole);
    if (this.#options.signal.aborted) return;
    this.#done += this.#worth;
    this.#join();
  }

  async #block(one: Contestant, length: Length): Promise<void> {
    const { signal } = this.#options;
    if (signal.aborted) return;
    this.#tell(one);
    await this.#settle();
    if (this.#isStopped) return;
    const block = { ...blockOf(one, one.measured, this.#plan, signal), length };
    const { load } = this.#plan;
    one.instrument.begin();
    if (load.kind === "open") {
      // One draw for each block, however many arrivals there are: what became of a block changes no later schedule.
      const random = seededRandom(one.arrivals() * 2 ** 32);
      const { polled } = await runOpenBlock({ ...block, load, random });
      one.instrument.end(polled);
    } else {
      await runBlock(block);
      one.instrument.end();
    }
    this.#blocks++;
  }

  /** Everybody idles through the same gaps, and after each of them operates once, one after the other. */
  async #gaps(order: readonly Contestant[], length: Length, gap: Milliseconds): Promise<void> {
    const { signal } = this.#options;
    const operations = length.kind === "operations" ? length.operations : 1;
    const begun = new Set<Contestant>();
    for (let i = 0; i < operations && !signal.aborted; i++) {
      if (order[0]) this.#tell(order[0]);
      await sleep(gap, undefined, { signal }).catch(() => undefined);
      for (const one of order) {
        await this.#settle();
        if (this.#isStopped) break;
        begun.add(one);
        one.instrument.begin();
        await operate(blockOf(one, one.measured, this.#plan, signal), one.measured);
        one.instrument.end();
      }
    }
    for (const one of begun) {
      one.measured.endRound(0);
      this.#blocks++;
    }
  }

  get #isStopped(): boolean {
    return this.#options.signal.aborted;
  }

  #tell(one: Contestant): void {
    this.#options.onBlock(one, {
      block: this.#blocks,
      blocks: (this.#goal / this.#worth) * this.#contestants.length,
      elapsed: performance.now() - this.#startedAt,
      extended: this.#goal > this.#plan.rounds,
    });
  }

  /**
   * Lets sockets that are closing close, and collects the young garbage of the last block where Node allows it. Not all of
   * it: a full collection drops what the engine has learnt of the code, which halved the throughput of the next 300 ms.
   */
  async #settle(): Promise<void> {
    await sleep(this.#plan.settle, undefined, { signal: this.#options.signal }).catch(() => undefined);
    globalThis.gc?.({ type: "minor", execution: "sync" });
  }
}

function scaled(length: Length, times: number): Length {
  return length.kind === "duration"
    ? { kind: "duration", duration: length.duration * times }
    : { kind: "operations", operations: length.operations * times };
}
