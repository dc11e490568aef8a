import type { Progress } from "../bench/progress.js";
import { realClock, type Clock, type Timer } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { plainLine, terminalLines, type Moment } from "./progress-text.js";

const REDRAW_INTERVAL: Milliseconds = 125;
const PLAIN_INTERVAL: Milliseconds = 5_000;

/** What is drawn on: stderr, or a stand-in for it. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export interface ProgressLineOptions {
  /** Aborts when the run is being stopped. */
  readonly stopping?: AbortSignal;
  readonly clock?: Clock;
  /** Whether the cursor can be moved. Default: on a terminal that is not a dumb one. */
  readonly movesCursor?: boolean;
}

/**
 * How far a run is. A terminal gets a few lines that are redrawn in place, and that are gone at the end, however the
 * process ends; any other stream gets a line every few seconds. It draws by its own clock, and never keeps a process
 * alive.
 */
export class ProgressLine {
  readonly #stream: ProgressStream;
  readonly #stopping: AbortSignal | undefined;
  readonly #clock: Clock;
  readonly #movesCursor: boolean;
  #state:
    { readonly kind: "idle" | "ended" } | { readonly kind: "shown"; progress: Progress; at: Milliseconds } = {
    kind: "idle",
  };
  #timer: Timer | undefined;
  /** What is on the terminal, line by line. */
  #drawn: readonly string[] = [];

  constructor(stream: ProgressStream, options: ProgressLineOptions = {}) {
    this.#stream = stream;
    this.#stopping = options.stopping;
    this.#clock = options.clock ?? realClock;
    this.#movesCursor = options.movesCursor ?? (stream.isTTY === true && process.env.TERM !== "dumb");
  }

  /** Takes in what the run told. Does nothing after the end. */
  show(progress: Progress): void {
    if (this.#state.kind === "ended") return;
    const first = this.#state.kind === "idle";
    this.#state = { kind: "shown", progress, at: this.#clock.now() };
    if (first) {
      process.once("exit", this.#onExit);
      this.#scheduleNext();
    }
    if (this.#movesCursor) this.#redraw();
  }

  /** Takes the lines away, for good. */
  end(): void {
    this.#state = { kind: "ended" };
    this.#timer?.cancel();
    process.off("exit", this.#onExit);
    if (this.#drawn.length > 0) this.#stream.write(`${this.#toFirstLine()}\x1b[J`);
    this.#drawn = [];
  }

  readonly #onExit = (): void => this.end();

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

  /** Writes over what is there, in one piece and without clearing it first, so that nothing flickers. */
  #redraw(): void {
    const moment = this.#moment();
    if (!moment) return;
    const lines = terminalLines(moment, { columns: this.#columns, rows: positive(this.#stream.rows, 24) });
    // The cursor stays in the first column: what a terminal echoes, such as ^C, then wraps nothing.
    this.#stream.write(`${this.#toFirstLine()}${lines.join("\x1b[K\n")}\x1b[J\r`);
    this.#drawn = lines;
  }

  get #columns(): number {
    return positive(this.#stream.columns, 80);
  }

  #moment(): Moment | undefined {
    if (this.#state.kind !== "shown") return undefined;
    const { progress, at } = this.#state;
    return { progress, since: this.#clock.now() - at, stopping: this.#stopping?.aborted ?? false };
  }

  /** From the beginning of the last line drawn; lines that a terminal made narrower has wrapped are several. */
  #toFirstLine(): string {
    const columns = this.#columns;
    const up = this.#drawn
      .slice(0, -1)
      .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);
    return up === 0 ? "\r" : `\r\x1b[${up}A`;
  }
}

/** A terminal that does not know its size says 0. */
function positive(size: number | undefined, otherwise: number): number {
  return size !== undefined && size > 0 ? size : otherwise;
}
