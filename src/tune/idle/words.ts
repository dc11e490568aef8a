import type { Milliseconds } from "../../core/duration.js";
import type { LayerSearch } from "./layer-search.js";

/** What is going on, such as `idle limits: http 4 s to 8 s, ws up to 60 s`. */
export function doing(searches: readonly LayerSearch[]): string {
  const parts = searches.flatMap(({ prober, waiting, end }) => {
    if (waiting.length === 0 || end !== undefined) return [];
    const idles = waiting.map(({ idle }) => idle);
    const [least, most] = [Math.min(...idles), Math.max(...idles)];
    const range =
      most < least * 2 && waiting.length > 1
        ? `${seconds(least)} to ${seconds(most)}`
        : `up to ${seconds(most)}`;
    return [`${prober.layer} ${range}`];
  });
  return `idle limits: ${parts.join(", ")}`;
}

/** For people: to a tenth of a second. */
export function seconds(time: Milliseconds): string {
  return `${Number((time / 1_000).toFixed(1))} s`;
}
