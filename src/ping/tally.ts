import type { Milliseconds } from "../core/duration.js";
import type { TursoPoolError } from "../core/errors.js";
import { isRefusal } from "./failure.js";
import { Latency } from "./latency.js";
import { PHASES, type Phase, type PhaseTimes } from "./phases.js";
import type { Ping } from "./probe.js";

/** The smallest of some times, and of how many. */
export interface Least {
  readonly time: Milliseconds;
  readonly of: number;
}

/** What is noted of pings besides their phases. `wire`: less the server's own time. */
type Noted = "first" | "first wire" | "first server" | "warm" | "warm wire" | "warm server";

/** All pings of a run, in constant memory. */
export class Tally {
  readonly cold = new Latency();
  readonly warm = new Latency();
  readonly #sums = new Map<Phase, Milliseconds>();
  readonly #least = new Map<Phase | Noted, Least>();
  #coldAnswers = 0;
  #received = 0;
  #refused = 0;
  #lost = 0;
  #lastRefusal: TursoPoolError | undefined;
  #lastLoss: TursoPoolError | undefined;

  get received(): number {
    return this.#received;
  }

  get refused(): number {
    return this.#refused;
  }

  get lost(): number {
    return this.#lost;
  }

  get lastRefusal(): TursoPoolError | undefined {
    return this.#lastRefusal;
  }

  get lastLoss(): TursoPoolError | undefined {
    return this.#lastLoss;
  }

  add(ping: Ping): void {
    if (ping.outcome === "failed") return this.#failed(ping.error);
    this.#received++;
    this[ping.kind].record(ping.total);
    if (ping.opening) this.#opened(ping.opening);
    const { serverTime } = ping;
    if (ping.kind === "cold") {
      this.#coldAnswers++;
      this.#noteStatement("first", this.#opened(ping.phases), serverTime);
      for (const phase of PHASES) {
        const time = ping.phases[phase];
        if (time !== undefined) this.#sums.set(phase, (this.#sums.get(phase) ?? 0) + time);
      }
    } else this.#noteStatement("warm", ping.total, serverTime);
  }

  /** What the phases of a cold ping took on average, in order. */
  averagePhases(): readonly (readonly [Phase, Milliseconds])[] {
    return PHASES.flatMap((phase) => {
      const sum = this.#sums.get(phase);
      return sum === undefined ? [] : [[phase, sum / this.#coldAnswers] as const];
    });
  }

  /** `first`: from the moment that the connection is ready to the first answer. */
  least(what: Phase | Noted): Least | null {
    return this.#least.get(what) ?? null;
  }

  /** @returns what it took from the moment that the connection was ready. */
  #opened(phases: PhaseTimes): Milliseconds | null {
    for (const phase of PHASES) this.#note(phase, phases[phase] ?? null);
    const { hello, request, statement } = phases;
    return request ?? (hello === undefined ? null : hello + (statement ?? 0));
  }

  #noteStatement(which: "first" | "warm", time: Milliseconds | null, server: Milliseconds | null): void {
    this.#note(which, time);
    if (time === null) return;
    this.#note(`${which} server`, server);
    // What a server says that it took longer than it took to answer is not believed.
    this.#note(`${which} wire`, server !== null && server < time ? time - server : time);
  }

  #note(what: Phase | Noted, time: Milliseconds | null): void {
    if (time === null) return;
    const { time: least, of } = this.#least.get(what) ?? { time: Infinity, of: 0 };
    this.#least.set(what, { time: Math.min(least, time), of: of + 1 });
  }

  #failed(error: TursoPoolError): void {
    if (isRefusal(error)) {
      this.#refused++;
      this.#lastRefusal = error;
    } else {
      this.#lost++;
      this.#lastLoss = error;
    }
  }
}
