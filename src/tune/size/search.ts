import { Recorder } from "../../bench/recorder.js";
import type { Round } from "../../bench/round.js";
import type { Milliseconds } from "../../core/duration.js";
import { shuffled, type Random } from "../../core/random.js";
import type { TursoPoolError } from "../../core/errors.js";
import type { ScalePoint } from "../../stats/scalability.js";
import type { Site } from "../site.js";
import { counted } from "../words.js";
import { blockTime, isPastKnee, ladder, levelsAround, peakLevel, roundsOf } from "./levels.js";
import type { SizeResult } from "./result.js";
import type { Sweep } from "./sweep.js";

/** What was measured at a level. */
export interface LevelRounds {
  readonly concurrency: number;
  readonly rounds: readonly Round[];
}

/** What a search has found, however it ended. */
export interface Found {
  /** Levels without trouble, the lowest first; all with as many rounds. */
  readonly levels: readonly LevelRounds[];
  /** Levels that were given up. */
  readonly troubled: readonly LevelRounds[];
  /** Why it went no further up. */
  readonly endedBy: SizeResult["ended_by"];
  /** Why it ended before all was measured; `null` when it did not. */
  readonly cut: "interrupted" | "budget" | null;
  readonly error: { readonly error: TursoPoolError; readonly isDead: boolean } | undefined;
  /** Rounds that all levels have been through, of so many that were to be. */
  readonly rounds: number;
  readonly planned: number;
}

export interface SearchOptions {
  readonly site: Pick<Site, "clock" | "signal" | "tell">;
  readonly sweep: Pick<Sweep, "block">;
  readonly random: Random;
  /** When it has to be over. */
  readonly until: Milliseconds;
  readonly signal: AbortSignal;
  readonly ceiling: number;
  readonly roundTrip: Milliseconds;
}

/** Before the first block, so that it does not measure how the engine learns the code. */
const WARM_UP: Milliseconds = 300;
/** Of a block's time, at each new level: statements are prepared, connections have carried something. */
const WARM_UP_SHARE = 0.25;

/** Goes up, and then round and round. */
export class Search {
  readonly #options: SearchOptions;
  readonly #passes = new Map<number, Recorder>();
  readonly #measured = new Map<number, Recorder>();
  readonly #troubled: LevelRounds[] = [];
  #block: Milliseconds;
  #endedBy: SizeResult["ended_by"] = "ceiling";
  #cut: Found["cut"] = null;
  #error: Found["error"];
  #planned = 0;
  #rounds = 0;
  /** What is left to do, in blocks; a guess until the levels are known. */
  #blocksLeft: number;

  constructor(options: SearchOptions) {
    this.#options = options;
    this.#block = blockTime(options.roundTrip);
    const levels = ladder(options.ceiling).length + 2;
    this.#blocksLeft = levels * (1 + roundsOf(levels, this.#block));
  }

  async run(): Promise<Found> {
    const goesOn = await this.#ascend();
    if (goesOn) await this.#measure();
    const isMeasured = this.#rounds > 0;
    const recorded = [...(isMeasured ? this.#measured : this.#passes)];
    return {
      levels: recorded
        .map(([concurrency, { rounds }]) => ({
          concurrency,
          rounds: isMeasured ? rounds.slice(0, this.#rounds) : rounds,
        }))
        .sort((a, b) => a.concurrency - b.concurrency),
      troubled: this.#troubled,
      endedBy: this.#endedBy,
      cut: this.#cut,
      error: this.#error,
      rounds: this.#rounds,
      planned: this.#planned,
    };
  }

  /** Doubles the concurrency until that brings nothing. @returns whether there is something left to measure */
  async #ascend(): Promise<boolean> {
    const { ceiling } = this.#options;
    const warmUp = new Recorder();
    if (!(await this.#run(1, WARM_UP, warmUp, "warming up"))) return this.#isAlive;
    const { mean } = warmUp.latency.summary();
    if (mean !== null) this.#block = blockTime(mean);
    const points: ScalePoint[] = [];
    for (const level of ladder(ceiling)) {
      const doing = counted(level, "connection");
      const pass = new Recorder();
      if (!(await this.#run(level, this.#block * WARM_UP_SHARE, new Recorder(), doing))) break;
      if (!(await this.#run(level, this.#block, pass, doing))) break;
      // One failure may be an accident; it ended the block, so there is another one.
      if (pass.errors + pass.timeouts > 0 && !(await this.#run(level, this.#block, pass, doing))) break;
      this.#passes.set(level, pass);
      points.push({ concurrency: level, throughput: pass.latency.count / (pass.elapsed / 1_000) });
      if (isPastKnee(points)) {
        this.#endedBy = "past the knee";
        break;
      }
    }
    const levels = points.map(({ concurrency }) => concurrency);
    const knee = peakLevel(points);
    for (const level of knee === null ? levels : [...levels, ...levelsAround(knee, points)])
      this.#measured.set(level, new Recorder());
    return this.#isAlive && this.#measured.size > 0;
  }

  /** Takes all levels through rounds, each round in an order of its own. */
  async #measure(): Promise<void> {
    this.#planned = roundsOf(this.#measured.size, this.#block);
    this.#blocksLeft = this.#planned * this.#measured.size;
    for (let round = 1; round <= this.#planned; round++) {
      for (const level of shuffled([...this.#measured.keys()], this.#options.random)) {
        const recorder = this.#measured.get(level);
        // It was given up in the course of this round.
        if (recorder === undefined) continue;
        const doing = `${counted(level, "connection")}, round ${round} of ${this.#planned}`;
        if (!(await this.#run(level, this.#block, recorder, doing)) && !this.#isAlive) return;
      }
      if (this.#measured.size === 0) return;
      this.#rounds = round;
    }
  }

  get #isAlive(): boolean {
    return this.#cut === null && this.#error?.isDead !== true;
  }

  /** @returns whether the block was run, and nothing was wrong with it */
  async #run(level: number, duration: Milliseconds, recorder: Recorder, doing: string): Promise<boolean> {
    const { site, until, sweep } = this.#options;
    const left = until - site.clock.now();
    if (this.#isStopped(left < duration)) return false;
    const leftMs = Math.min(left, this.#blocksLeft * this.#block);
    site.tell({ phase: "size", doing: `size: ${doing}`, expectedMs: duration, leftMs });
    const trouble = await sweep.block(level, duration, recorder);
    if (duration >= this.#block) this.#blocksLeft = Math.max(1, this.#blocksLeft - 1);
    if (this.#isStopped(false)) return false;
    if (trouble === undefined) return true;
    const isDead = trouble.kind === "dead";
    this.#error = { error: trouble.error, isDead };
    this.#endedBy = trouble.kind === "dead" ? "failures" : trouble.kind;
    if (!isDead) this.#giveUp(level, recorder);
    return false;
  }

  #isStopped(isLate: boolean): boolean {
    const { site, signal } = this.#options;
    if (!signal.aborted && !isLate) return false;
    this.#cut = site.signal.aborted ? "interrupted" : "budget";
    // Once the levels are known, it has gone as far up as it wanted to.
    if (this.#measured.size === 0) this.#endedBy = this.#cut;
    return true;
  }

  /** What is too much for a database at this level is too much at a higher one. */
  #giveUp(level: number, recorder: Recorder): void {
    if (recorder.rounds.length > 0) this.#troubled.push({ concurrency: level, rounds: recorder.rounds });
    for (const higher of this.#measured.keys()) if (higher >= level) this.#measured.delete(higher);
    for (const higher of this.#passes.keys()) if (higher >= level) this.#passes.delete(higher);
  }
}
