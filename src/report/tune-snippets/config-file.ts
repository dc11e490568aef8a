import { formatDuration } from "../../core/duration.js";
import { isCount, type PastedSettings } from "./pasted.js";

/** The `pool` section of `turso-pool.config.json`, which bench and stats take their pools' settings from. */
export function configSnippet(settings: PastedSettings): string {
  const pool = Object.entries(settings).map(([option, value]) => [
    option,
    isCount(option) ? value : formatDuration(value),
  ]);
  return JSON.stringify({ pool: Object.fromEntries(pool) as unknown }, null, 2);
}
