import type { Milliseconds } from "../core/duration.js";
import type { Contestant } from "./contestant.js";
import type { BenchPlan } from "./plan.js";
import type { Progress } from "./progress.js";
import type { Position } from "./rounds.js";

/** Tells how far a run is, at the beginning of every block: a timer would disturb what is measured. */
export class ProgressTeller {
  readonly #plan: BenchPlan;
  readonly #contestants: readonly Contestant[];
  readonly #tell: (progress: Progress) => void;
  #firstAt: Milliseconds | null = null;

  constructor(plan: BenchPlan, contestants: readonly Contestant[], tell: (progress: Progress) => void) {
    this.#plan = plan;
    this.#contestants = contestants;
    this.#tell = tell;
  }

  warmingUp({ name }: Contestant): void {
    const { length, load, rounds } = this.#plan;
    const leftMs =
      load.kind !== "gap" && length.kind === "duration"
        ? this.#contestants.length * (length.duration + rounds * this.#plan.settle)
        : null;
    this.#tell({
      phase: "warmup",
      contestant: name,
      from: 0,
      to: 0,
      expectedMs: null,
      leftMs,
      extended: false,
      figures: [],
    });
  }

  measuring({ name }: Contestant, { block, blocks, elapsed, extended }: Position): void {
    this.#firstAt ??= elapsed;
    const { load, length, rounds, settle, maxDuration } = this.#plan;
    const planned =
      load.kind !== "gap" && length.kind === "duration" ? length.duration / rounds + settle : null;
    const perBlock = block > 0 ? (elapsed - this.#firstAt) / block : planned;
    const left = perBlock === null ? null : perBlock * (blocks - block);
    // Added rounds end when a gate can tell, or when the time is up.
    const isCapped = extended && maxDuration !== null;
    this.#tell({
      phase: "measure",
      contestant: name,
      from: isCapped ? Math.min(1, elapsed / maxDuration) : block / blocks,
      to: isCapped ? Math.min(1, (elapsed + (perBlock ?? 0)) / maxDuration) : (block + 1) / blocks,
      expectedMs: perBlock,
      leftMs: isCapped ? Math.max(0, maxDuration - elapsed) : left,
      extended,
      figures: this.#contestants.map((one) => {
        const { p50, p95 } = one.measured.latency.summary();
        return { name: one.name, p50, p95 };
      }),
    });
  }
}
