import { formatDuration } from "../../core/duration.js";
import { capitals, isCount, type PastedSettings } from "./pasted.js";

/** A variable for each setting, durations with their unit. */
export function environmentSnippet(settings: PastedSettings): string {
  return Object.entries(settings)
    .map(
      ([option, value]) =>
        `TURSO_POOL_${capitals(option)}=${isCount(option) ? value : formatDuration(value)}`,
    )
    .join("\n");
}
