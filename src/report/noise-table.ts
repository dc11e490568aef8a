import type { BenchResult, NoiseResult } from "../bench/result.js";
import { borderless } from "./borderless.js";
import { NO_FIGURE, percent } from "./format.js";
import { metricLabel } from "./metric-label.js";
import type { Style } from "./style.js";

/** What identical code differs by in this run; `undefined` without `--calibrate`. */
export function noiseTable({ noise }: BenchResult, style: Style): string | undefined {
  if (noise === null || noise.length === 0) return undefined;
  const shown = (value: number | null): string => (value === null ? NO_FIGURE : percent(value));
  return borderless<NoiseResult>(
    [
      { head: "noise", cell: (one) => style.bold(one.strategy) },
      { head: "metric", cell: (one) => metricLabel(one.metric) },
      { head: "identical code\ndiffers by", cell: (one) => shown(one.noise_floor_percent) },
      {
        head: "smallest difference\nthis plan can tell",
        cell: (one) => shown(one.smallest_detectable_percent),
      },
    ],
    noise,
    style,
  );
}

/** What the table means for a gate, at the noisiest P95 there is, or at the noisiest of the rest. */
export function noiseSentence({ noise }: BenchResult): string | undefined {
  if (noise === null || noise.length === 0) return undefined;
  const told = noise.filter((one) => one.smallest_detectable_percent !== null);
  const tails = told.filter(({ metric }) => metric === "latency_ms.p95");
  const [worst] = (tails.length > 0 ? tails : told).toSorted(
    (one, other) => (other.smallest_detectable_percent ?? 0) - (one.smallest_detectable_percent ?? 0),
  );
  if (worst?.smallest_detectable_percent == null) {
    return "How small a difference this plan can tell is not known: it takes more rounds, or more operations.";
  }
  const least = percent(worst.smallest_detectable_percent);
  return `A gate tighter than ${least} on ${metricLabel(worst.metric)} (${worst.strategy}) needs more operations.`;
}
