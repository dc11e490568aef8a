import type { Milliseconds } from "../../core/duration.js";
import type { Target } from "../../libsql/target.js";
import type { LayerName, PlannedPhase } from "../result.js";
import { MOST_PROBES } from "./search.js";
import { seconds } from "./words.js";

/** What is known before anything was tried. */
export interface IdlePlanned {
  /** The ways to the database that may be used: the site's own, and the other where there is one. */
  readonly targets: readonly Target[];
  readonly maxIdle: Milliseconds;
  /** Connections that there may be at one time. */
  readonly maxConnections: number;
  /** The most that the phase may take. */
  readonly longest: Milliseconds;
}

/** What the phase would do, at most; of a file, `null`: it has no connection that idles. */
export function plannedIdle({ targets, maxIdle, maxConnections, longest }: IdlePlanned): PlannedPhase | null {
  const layers = targets.flatMap(layersOf);
  if (layers.length === 0) return null;
  return {
    phase: "idle",
    what: `leaves connections idle for up to ${seconds(maxIdle)} and asks whether they still answer: ${layers.join(", ")}`,
    connections: maxConnections,
    // Up to the limit, into the gap below it, and both ends again; the rest is for answers that do not come.
    duration_ms: Math.min(longest, 4 * maxIdle + 30_000),
    // One statement before it idles and one after; those still open at the end did not come to the second.
    queries: layers.length * 2 * MOST_PROBES + maxConnections,
  };
}

function layersOf(target: Target): LayerName[] {
  if (target.transport === "ws") return ["ws"];
  return target.transport === "http" ? ["http", "tcp", "client", "stream"] : [];
}
