import type { DistributionResult } from "../../monitor/result.js";
import { count, duration, milliseconds } from "../format.js";
import type { Style } from "../style.js";

/** How times are distributed: a bar for each factor of two in which there are any. Empty when there is none. */
export function histogram(
  name: string,
  { buckets, count: total, ...figures }: DistributionResult,
  style: Style,
  columns: number,
): string {
  if (total === 0) return "";
  const all = octaves(buckets);
  const labels = all.map(({ upTo }, at) => label(upTo, at === 0));
  const margin = Math.max(...labels.map((text) => text.length));
  const figure = Math.max(...all.map((octave) => count(octave.count).length));
  const room = Math.max(8, columns - margin - figure - 4);
  const most = Math.max(...all.map((octave) => octave.count));
  const rows = all.map((octave, at) => {
    const bar = "█".repeat(Math.max(1, Math.round((octave.count / most) * room)));
    return `${(labels[at] ?? "").padStart(margin)}  ${count(octave.count).padStart(figure)}  ${style.green(bar)}`;
  });
  const percentiles =
    `P50 ${duration(figures.p50_ms)}, P95 ${duration(figures.p95_ms)}, ` +
    `P99 ${duration(figures.p99_ms)}, max ${duration(figures.max_ms)}`;
  return [`${style.bold(name)}: ${percentiles}`, ...rows].join("\n");
}

/** Times from half of `upTo` (exclusive) to it; `null` has no end. */
interface Octave {
  readonly upTo: number | null;
  readonly count: number;
}

function octaves(buckets: DistributionResult["buckets"]): Octave[] {
  const counts = new Map<number | null, number>();
  for (const { up_to_ms: bound, count: times } of buckets) {
    const upTo = bound === null ? null : 2 ** Math.ceil(Math.log2(bound));
    counts.set(upTo, (counts.get(upTo) ?? 0) + times);
  }
  return [...counts].map(([upTo, times]) => ({ upTo, count: times }));
}

/** `up to 0.125 ms`, `0.125 to 0.250 ms`. */
function label(upTo: number | null, isFirst: boolean): string {
  if (upTo === null) return "longer";
  return isFirst ? `up to ${duration(upTo)}` : `${milliseconds(upTo / 2)} to ${duration(upTo)}`;
}
