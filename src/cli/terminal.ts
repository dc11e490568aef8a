import { Chalk, supportsColor, supportsColorStderr, type ChalkInstance } from "chalk";

/** Colours for a stream: by `--no-color`, `NO_COLOR`, `FORCE_COLOR`, then by what the stream is. */
export function colorsFor(stream: "stdout" | "stderr", wanted: boolean | undefined): ChalkInstance {
  if (wanted === false) return new Chalk({ level: 0 });
  const detected = (stream === "stdout" ? supportsColor : supportsColorStderr) || { level: 0 as const };
  const forced = process.env.FORCE_COLOR;
  if (wanted === true) return new Chalk({ level: Math.max(1, detected.level) as 1 | 2 | 3 });
  // https://no-color.org: set and not empty. FORCE_COLOR is the more explicit wish of the two.
  if (process.env.NO_COLOR && !forced) return new Chalk({ level: 0 });
  return new Chalk({ level: detected.level });
}

/** Prose is hard to read in longer lines. */
const WIDEST = 100;

/** How wide prose may be: as the terminal that stdout is, up to 100; 80 where it is none, or does not know its size. */
export function columns(): number {
  return process.stdout.isTTY && process.stdout.columns > 0 ? Math.min(process.stdout.columns, WIDEST) : 80;
}
