import type { Progress } from "../bench/progress.js";
import { realClock, type Clock, type Timer } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { InPlace, movesCursor, type TextStream } from "./in-place.js";
import { plainLine, terminalLines, type Moment, type Step } from "./progress-text.js";

const REDRAW_INTERVAL: Milliseconds = 125;
const PLAIN_INTERVAL: Milliseconds = 5_000;

export interface ProgressLineOptions {
  /** Aborts when the run is being stopped. */
  readonly stopping?: AbortSignal;
  readonly clock?: Clock;
  /** Whether the cursor can be moved. Default: on a terminal that is not a dumb one. */
  readonly movesCursor?: boolean;
}

/**
 * How far a run is, or anything else that goes step by step. A terminal gets a few lines that are redrawn in place, and that are gone at the end, however the
 * process ends; any other stream gets a line every few seconds. It draws by its own clock, and never keeps a process
 * alive.
 */
export class ProgressLine {
  readonly #stream: TextStream;
  readonly #lines: InPlace;
  readonly #stopping: AbortSignal | undefined;
  readonly #clock: Clock;
  readonly #movesCursor: boolean;
  #state:
    | { readonly kind: "idle" | "ended" }
    | { readonly kind: "shown"; progress: Progress | Step; at: Milliseconds } = { kind: "idle" };
  #timer: Timer | undefined;

  constructor(stream: TextStream, options: ProgressLineOptions = {}) {
    this.#stream = stream;
    this.#lines = new InPlace(stream);
    this.#stopping = options.stopping;
    this.#clock = options.clock ?? realClock;
    this.#movesCursor = options.movesCursor ?? movesCursor(stream);
  }

  /** Takes in what the run told. Does nothing after the end. */
  show(progress: Progress | Step): void {
    if (this.#state.kind === "ended") return;
    const first = this.#state.kind === "idle";
    this.#state = { kind: "shown", progress, at: this.#clock.now() };
    if (first) this.#scheduleNext();
    if (this.#movesCursor) this.#redraw();
  }

  /** Takes the lines away, for good. */
  end(): void {
    this.#state = { kind: "ended" };
    this.#timer?.cancel();
    this.#lines.clear();
  }

  #scheduleNext(): void {
    this.#timer = this.#clock.schedule(this.#movesCursor ? REDRAW_INTERVAL : PLAIN_INTERVAL, () => {
      if (this.#movesCursor) this.#redraw();
      else this.#addLine();
      this.#scheduleNext();
    });
    this.#timer.unref();
  }

  #addLine(): void {
    const moment = this.#moment();
    if (moment) this.#stream.write(`${plainLine(moment)}\n`);
  }

  #redraw(): void {
    const moment = this.#moment();
    if (moment) this.#lines.draw(terminalLines(moment, this.#lines.size));
  }

  #moment(): Moment | undefined {
    if (this.#state.kind !== "shown") return undefined;
    const { progress, at } = this.#state;
    return { progress, since: this.#clock.now() - at, stopping: this.#stopping?.aborted ?? false };
  }
}
