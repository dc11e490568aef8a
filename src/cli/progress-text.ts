import type { Pace, Progress } from "../bench/progress.js";
import type { Milliseconds } from "../core/duration.js";
import { milliseconds } from "../report/format.js";

const BAR = { most: 24, least: 8 };
/** Shown for the bar, the figures and all. */
const MOST_LINES = 5;
const CUT = "…";
/** Fewer characters say nothing of what is going on. */
const LEAST_DOING = 12;

/** A step of anything but a run, in words. */
export interface Step extends Pace {
  readonly doing: string;
  /** Which of several phases that is part of: `phase 2 of 4`. */
  readonly part?: string;
}

/** Where a run, or anything else in steps, is some time after it was told. */
export interface Moment {
  readonly progress: Progress | Step;
  readonly since: Milliseconds;
  /** An interrupt was heard: what is under way is being ended. */
  readonly stopping: boolean;
}

/** One line that says it all, for streams that lines are added to. */
export function plainLine(moment: Moment): string {
  const figures = figuresOf(moment.progress);
  const parts = [headline(moment), ...(figures.length === 0 ? [] : [`P50/P95 ms: ${figures.join(", ")}`])];
  return parts.join(", ");
}

/** A bar with what is going on, and below it the figures so far, in lines that a terminal of this size does not wrap. */
export function terminalLines(
  moment: Moment,
  size: { readonly columns: number; readonly rows: number },
): string[] {
  // A character in the last column wraps on some terminals.
  const width = Math.max(1, size.columns - 1);
  const most = Math.max(1, Math.min(MOST_LINES, size.rows - 1));
  const whole = headline(moment);
  // The time left is worth more than the end of what is going on.
  const text = whole.length <= width ? whole : headline(moment, whole.length - width);
  const barWidth = Math.min(BAR.most, width - text.length - 1);
  const first = barWidth < BAR.least ? text : `${bar(fractionAt(moment), barWidth)} ${text}`;
  return [cut(first, width), ...filled(figuresOf(moment.progress), width, most - 1)];
}

/**
 * `42% measuring keepalive, 12 s left`, `42% idle limits: ws up to… (phase 2 of 4), 12 s left`
 * @param less so many characters have to go, of what is going on if that is long enough
 */
function headline(moment: Moment, less = 0): string {
  const percent = `${Math.floor(fractionAt(moment) * 100)}%`;
  if (moment.stopping) return `${percent} stopping; Ctrl-C again ends it at once`;
  const left = leftAt(moment);
  const all = doing(moment.progress);
  const shown = less === 0 ? all : cut(all, Math.max(LEAST_DOING, all.length - less));
  const part = "part" in moment.progress ? ` (${moment.progress.part})` : "";
  const what = `${percent} ${shown}${part}`;
  return [what, ...(left === null ? [] : [`${countdown(left)} left`])].join(", ");
}

function doing(progress: Progress | Step): string {
  if ("doing" in progress) return progress.doing;
  const { phase, contestant, extended } = progress;
  const why = extended ? " (more rounds: a gate cannot tell yet)" : "";
  return `${phase === "warmup" ? "warming up" : "measuring"} ${contestant}${why}`;
}

function bar(fraction: number, width: number): string {
  const filled = Math.round(fraction * width);
  return "█".repeat(filled) + "░".repeat(width - filled);
}

/** `keepalive 0.240/0.460` for all that has a figure. */
function figuresOf(progress: Progress | Step): string[] {
  if ("doing" in progress) return [];
  return progress.figures
    .filter(({ p50 }) => p50 !== null)
    .map(({ name, p50, p95 }) => `${name} ${milliseconds(p50)}/${milliseconds(p95)}`);
}

/** Lines with as many figures as fit in each; the last of them says so when it is not all. */
function filled(figures: readonly string[], width: number, most: number): string[] {
  if (figures.length === 0 || most < 1) return [];
  const lines: string[] = [];
  let line = "P50/P95 ms:";
  for (const [index, figure] of figures.entries()) {
    const more = `${line} ${figure}${index < figures.length - 1 ? "," : ""}`;
    if (more.length <= width || line === "") {
      line = more;
      continue;
    }
    lines.push(line);
    line = ` ${figure}${index < figures.length - 1 ? "," : ""}`;
  }
  lines.push(line);
  const shown = lines.slice(0, most).map((one) => cut(one, width));
  const last = shown.at(-1);
  return lines.length <= most || last === undefined
    ? shown
    : [
        ...shown.slice(0, -1),
        last.length < width - 1 ? `${last} ${CUT}` : `${last.slice(0, width - 1)}${CUT}`,
      ];
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}${CUT}`;
}

/** Of the whole run, by the clock: between what was told and what is due. */
function fractionAt({ progress: { from, to, expectedMs }, since }: Moment): number {
  const done = expectedMs === null || expectedMs <= 0 ? 0 : Math.min(1, since / expectedMs);
  return Math.min(1, Math.max(0, from + (to - from) * done));
}

/** Stops while a block takes longer than expected; `null` when nobody knows, or when the end is overdue. */
function leftAt({ progress: { leftMs, expectedMs }, since }: Moment): Milliseconds | null {
  const left = (leftMs ?? 0) - Math.min(since, expectedMs ?? since);
  return left > 0 ? left : null;
}

/** Whole seconds, up: `12 s`, `2 min 5 s`, `1 h 0 min`. */
function countdown(left: Milliseconds): string {
  const seconds = Math.ceil(left / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
