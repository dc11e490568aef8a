import type { Cost } from "../cost/measure-cost.js";
import type { Recommendation } from "./derive-settings.js";

/** What keeps connections alive, and has no part in how fast they are. */
const KEEP_ALIVE: readonly string[] = ["keepAliveInterval", "staleThreshold", "pingTimeout"];

/**
 * The keep-alive of a recommendation, and all else as it is: where the whole measured worse and yet kept connections that
 * the current settings lost.
 * @param why what measured worse
 */
export function keepAliveAlone(whole: Recommendation, own: Cost, why: string): Recommendation {
  const { now, recommended } = whole;
  const { keepAliveInterval, staleThreshold, pingTimeout } = recommended;
  return {
    ...whole,
    via: own,
    recommended: { ...now, keepAliveInterval, staleThreshold, pingTimeout },
    settings: whole.settings.map((row) =>
      KEEP_ALIVE.includes(row.setting) || row.recommended === row.now
        ? row
        : {
            ...row,
            recommended: row.now,
            rule: `as it is: with ${String(row.recommended)} and the others it measured worse (${why})`,
          },
    ),
  };
}
