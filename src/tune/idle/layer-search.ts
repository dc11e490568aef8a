import type { Milliseconds } from "../../core/duration.js";
import { cutsOf, type Observation } from "./cuts.js";
import type { Gap } from "./expected.js";
import { IdleProbe, type ProbeContext, type ProbeEnd } from "./idle-probe.js";
import { NEARLY, type Search } from "./knowledge.js";
import type { Prober } from "./prober.js";
import { nextStep, type Step } from "./search.js";

/** Connections of one layer are opened so far apart: then what ends them together is no limit. See `SAME_MOMENT`. */
const APART: Milliseconds = 150;
/** After one that could not be opened, the next. */
const RETRY: Milliseconds = 500;
/** A layer in which none could be opened for so long is given up: a server that restarts is back sooner. */
const GIVE_UP_AFTER: Milliseconds = 3_000;
/** The shortest idle time worth trying. */
const FLOOR: Milliseconds = 500;

export interface LayerOptions {
  readonly prober: Prober;
  /** The longest idle time to try. */
  readonly reach: Milliseconds;
  /** Where a limit is known to be often. */
  readonly suspected?: Gap | undefined;
  /** Nothing is begun that would end after this. */
  readonly deadline: Milliseconds;
  readonly context: ProbeContext;
}

/** How the search in one layer ended. */
export type LayerEnd =
  | { readonly kind: Exclude<Step["kind"], "go on"> }
  /** There was no time left to know more. */
  | { readonly kind: "out of time" }
  | { readonly kind: "interrupted" }
  /** No connection could be opened any more. */
  | { readonly kind: "unreachable"; readonly since: Milliseconds; readonly error: unknown };

/** The search in one layer: what was seen, what is waited for, and what is next. */
export class LayerSearch {
  readonly prober: Prober;
  readonly reach: Milliseconds;
  readonly observations: Observation[] = [];
  readonly #options: LayerOptions;
  readonly #probes = new Set<IdleProbe>();
  #end: LayerEnd | undefined;
  #probesBegun = 0;
  #failingSince: Milliseconds | undefined;
  #openedAt = -Infinity;
  #mostAtOnce = Infinity;

  constructor(options: LayerOptions) {
    this.#options = options;
    this.prober = options.prober;
    this.reach = options.reach;
  }

  /** Where its limit is, as far as is known. */
  get gap(): Gap {
    return cutsOf(this.observations).best;
  }

  get end(): LayerEnd | undefined {
    return this.#end;
  }

  /** Connections that were tried. */
  get tried(): number {
    return this.#probesBegun;
  }

  /** When one was last opened. */
  get openedAt(): Milliseconds {
    return this.#openedAt;
  }

  /** Whether it was not looked at for as long as it should, for want of time. */
  get wasShortened(): boolean {
    const longest = Math.max(0, ...this.observations.map(({ idle }) => idle));
    return this.#end?.kind === "none" && longest < this.reach * NEARLY;
  }

  get isIdle(): boolean {
    return this.#probes.size === 0;
  }

  /** Idle times that are waited for, and how long until all of them are known. */
  get waiting(): readonly { readonly idle: Milliseconds; readonly left: Milliseconds }[] {
    return [...this.#probes].map(({ waiting: { idle, age } }) => ({ idle, left: Math.max(0, idle - age) }));
  }

  /**
   * Does what is next: opens connections, shortens waits, or ends.
   * @param seats how many there may be at once
   * @param others layers whose limit may be the same
   * @returns the probes that were begun
   */
  advance(seats: number, others: readonly LayerSearch[]): readonly IdleProbe[] {
    if (this.#end !== undefined || seats === 0) return [];
    const step = nextStep(this.#search(seats, others));
    if (step.kind !== "go on") {
      this.stop({ kind: step.kind });
      return [];
    }
    for (const probe of this.#probes) probe.capAt(step.cap);
    const isFailing = this.#failingSince !== undefined;
    // One at a time, as long as that fails.
    const free = isFailing ? Number(this.#probes.size === 0) : seats - this.#probes.size;
    const begin = step.begin.filter((idle) => idle <= this.#affordable()).slice(0, Math.max(0, free));
    if (begin.length === 0 && this.#probes.size === 0) this.stop({ kind: "out of time" });
    return begin.map((idle, i) => this.#begin(idle, isFailing ? RETRY : i * APART));
  }

  /** Takes in how a probe of this layer ended. */
  take(probe: IdleProbe, end: ProbeEnd): void {
    this.#probes.delete(probe);
    // Where opening proves nothing, only what was seen does.
    if (probe.isOpen && (this.prober.confirm === undefined || end.kind === "seen")) {
      this.#openedAt = Math.max(this.#openedAt, probe.begunAt);
      this.#failingSince = undefined;
    }
    if (this.#end !== undefined) return;
    if (end.kind === "seen") this.observations.push(end.observation);
    if (end.kind === "not opened") this.#failed(probe, end.error);
    if (end.kind === "nobody answers" && this.#openedAt < end.since) this.#failing(end.since, end.error);
  }

  stop(end: LayerEnd): void {
    this.#end ??= end;
    for (const probe of this.#probes) probe.giveUp();
  }

  #failed(probe: IdleProbe, error: unknown): void {
    const open = [...this.#probes].filter(({ isOpen }) => isOpen).length;
    // It may take so many and no more.
    if (open > 0) this.#mostAtOnce = Math.min(this.#mostAtOnce, open);
    if (open > 0 || this.#openedAt > probe.begunAt) return;
    this.#failing(probe.begunAt, error);
  }

  #failing(since: Milliseconds, error: unknown): void {
    this.#failingSince ??= since;
    const now = this.#options.context.clock.now();
    if (now - this.#failingSince >= GIVE_UP_AFTER) {
      this.stop({ kind: "unreachable", since: this.#failingSince, error });
    }
  }

  #begin(idle: Milliseconds, after: Milliseconds): IdleProbe {
    const probe = new IdleProbe(this.prober, idle, after, this.#options.context);
    this.#probes.add(probe);
    this.#probesBegun++;
    return probe;
  }

  #search(seats: number, others: readonly LayerSearch[]): Search {
    const { suspected } = this.#options;
    const waiting = [...this.#probes].map((probe) => probe.waiting);
    const { upper } = this.gap;
    // With little time left it looks for as long as it can.
    const within = Math.max(
      this.#affordable(),
      ...waiting.map(({ idle }) => idle),
      ...this.observations.map(({ idle, lost }) => (lost === null ? idle : 0)),
    );
    const reach = upper === Infinity ? Math.min(this.reach, within) : this.reach;
    const most = Math.min(seats, this.#mostAtOnce);
    return {
      observations: this.observations,
      waiting,
      seats: most,
      floor: FLOOR,
      reach,
      hints: [...(suspected === undefined ? [] : [suspected]), ...others.map(({ gap }) => gap)],
      elsewhere: others.flatMap((other) => other.waiting.map(({ idle }) => idle)),
    };
  }

  /** The longest idle time whose end there is time to see. */
  #affordable(): Milliseconds {
    const { deadline, context } = this.#options;
    // Opening and asking, each with room for one that is slow.
    return deadline - context.clock.now() - 2 * context.patience;
  }
}
