import { stripVTControlCharacters } from "node:util";
import { liveHead, liveRows } from "../report/live-table.js";
import type { Style } from "../report/style.js";
import type { LookResult } from "../watch/result.js";
import { InPlace, movesCursor, type TextStream } from "./in-place.js";

/** Shows what is seen of a pool while it is watched. */
export interface StatsView {
  show(look: LookResult): void;
  /** Makes room for the summary. */
  end(): void;
}

/** A table that is redrawn in place on a terminal, and that elsewhere grows by a line. */
export function textView(stream: TextStream, style: Style, stopping: AbortSignal): StatsView {
  return movesCursor(stream) ? new TableInPlace(stream, style, stopping) : growingTable(stream, style);
}

/** A line of JSON for each look. */
export function jsonLines(log: (line: string) => void): StatsView {
  return { show: (look) => log(JSON.stringify(look)), end: () => undefined };
}

function growingTable(stream: TextStream, style: Style): StatsView {
  let head = liveHead(style);
  return {
    show: (look) => {
      stream.write(`${[...head, ...liveRows(look, style)].join("\n")}\n`);
      head = [];
    },
    end: () => {
      if (head.length === 0) stream.write("\n");
    },
  };
}

/** The latest rows, and the alerts. */
const MOST_ROWS = 10;

class TableInPlace implements StatsView {
  readonly #lines: InPlace;
  readonly #style: Style;
  readonly #stopping: AbortSignal;
  #rows: string[] = [];
  #alerts: string[] = [];

  constructor(stream: TextStream, style: Style, stopping: AbortSignal) {
    this.#lines = new InPlace(stream);
    this.#style = style;
    this.#stopping = stopping;
    stopping.addEventListener("abort", this.#draw);
  }

  show(look: LookResult): void {
    this.#rows = [...this.#rows, ...liveRows(look, this.#style)].slice(-MOST_ROWS);
    this.#alerts = look.alerts.map(({ rule, seen }) => `${this.#style.red(rule)} ${seen}`);
    this.#draw();
  }

  end(): void {
    this.#stopping.removeEventListener("abort", this.#draw);
    this.#lines.clear();
  }

  readonly #draw = (): void => {
    const { columns, rows } = this.#lines.size;
    const stopping = this.#stopping.aborted ? ["Stopping; Ctrl-C again ends it at once."] : [];
    const below = [...this.#alerts, ...stopping];
    const room = Math.max(1, rows - 1 - 2 - below.length);
    const lines = [...liveHead(this.#style), ...this.#rows.slice(-room), ...below];
    this.#lines.draw(lines.slice(-(rows - 1)).map((line) => cut(line, columns - 1)));
  };
}

/** A character in the last column wraps on some terminals. Colours are let go rather than cut in two. */
function cut(line: string, width: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= width ? line : `${plain.slice(0, Math.max(0, width - 1))}…`;
}
