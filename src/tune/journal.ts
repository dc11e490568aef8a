import type { Phased } from "./phase.js";
import type { PhaseName, PhaseResult, TuneResult } from "./result.js";
import type { Site } from "./site.js";

const GONE = "the database could not be used any more";

/** What became of each phase, in order. After an interrupt, or the database's end, those that are left are skipped. */
export class Journal {
  readonly #site: Pick<Site, "clock" | "seats" | "signal">;
  readonly #phases: PhaseResult[] = [];
  #error: TuneResult["error"] = null;

  constructor(site: Pick<Site, "clock" | "seats" | "signal">) {
    this.#site = site;
  }

  get phases(): readonly PhaseResult[] {
    return this.#phases;
  }

  /** Why the database cannot be used any more. */
  get error(): TuneResult["error"] {
    return this.#error;
  }

  /** It was interrupted, or the database went away. */
  get isBroken(): boolean {
    return this.#site.signal.aborted || this.#error !== null;
  }

  reasonOf(name: PhaseName): string | null {
    return this.#phases.find(({ phase }) => phase === name)?.reason ?? null;
  }

  /** Why the proof is none, or not a whole one. */
  get unproven(): string | null {
    const proof = this.#phases.find(({ phase }) => phase === "proof");
    return proof === undefined || proof.outcome === "done" ? null : (proof.reason ?? "it was not proven");
  }

  /** Why a phase that the settings follow from did not come to its end. */
  get unmeasured(): string | null {
    const cut = this.#phases.find(
      ({ phase, outcome }) => phase !== "proof" && (outcome === "cut short" || outcome === "failed"),
    );
    return cut === undefined ? null : (cut.reason ?? "it was not measured to the end");
  }

  skip(phase: PhaseName, reason: string): null {
    const why = this.#error === null ? (this.#site.signal.aborted ? "interrupted" : reason) : GONE;
    const nothing = { took_ms: 0, peak_connections: 0, queries: 0 };
    this.#phases.push({ phase, outcome: "skipped", reason: why, ...nothing });
    return null;
  }

  async run<T>(phase: PhaseName, work: () => Promise<Phased<T>>): Promise<T | null> {
    if (this.isBroken) return this.skip(phase, GONE);
    const { clock, seats } = this.#site;
    const startedAt = clock.now();
    seats.takePeak();
    const { value, outcome, reason, queries, error } = await work();
    const took_ms = clock.now() - startedAt;
    this.#phases.push({ phase, outcome, reason, took_ms, peak_connections: seats.takePeak(), queries });
    this.#error = error;
    return value;
  }

  /**
   * The last two are one: the same phase, done once more. What became of it is what became of the second, unless that was
   * cut short.
   * @returns whether the second counts
   */
  joinLastTwo(): boolean {
    const [second, first] = [this.#phases.pop(), this.#phases.pop()];
    if (first === undefined || second === undefined) throw new Error("bug: there were no two phases");
    const isDone = second.outcome === "done";
    this.#phases.push({
      ...(isDone || this.isBroken ? second : first),
      took_ms: first.took_ms + second.took_ms,
      peak_connections: Math.max(first.peak_connections, second.peak_connections),
      queries: first.queries + second.queries,
    });
    return isDone;
  }
}
