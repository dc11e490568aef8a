import type { Milliseconds } from "../../core/duration.js";
import { CLOSES_BEFORE } from "../cost/keep-alive-hint.js";
import type { IdleLimitResult, IdleResult, LayerResult } from "../idle/result.js";
import type { CostResult } from "../result.js";
import { about } from "../words.js";

/** What is known of how long a connection may idle. */
export type Idleness =
  /** `safe` is the longest idle time that was survived below it. */
  | { readonly kind: "limit"; readonly limit: IdleLimitResult; readonly safe: Milliseconds }
  /** None was found, up to this. */
  | { readonly kind: "none"; readonly upTo: Milliseconds }
  | { readonly kind: "unknown"; readonly why: string };

/** A limit that no connection was seen to survive has at least this much of it left, or nobody could use it at all. */
const UNPROVEN_SHARE = 0.5;

/**
 * The shortest limit for a connection that a pool keeps. A plain client's own socket pool is none of those, and what a
 * transaction may pause is no matter of idle connections. Limits of the other transport are among them, so that the
 * settings hold whichever is used; and so is what was lost where there was no time to find out the limit.
 */
export function smallestLimit(idle: IdleResult | null, why: string): Idleness {
  if (idle === null) return { kind: "unknown", why };
  const sockets = idle.layers.filter(({ layer }) => layer !== "client" && layer !== "stream");
  const [limit] = [
    ...idle.limits.filter(({ whose }) => whose !== "client" && whose !== "stream"),
    ...sockets.flatMap(lossesOf),
  ].toSorted((a, b) => safeBelow(a) - safeBelow(b));
  if (limit !== undefined) return { kind: "limit", limit, safe: safeBelow(limit) };
  // Of a layer that was not looked at to the end, what it survived is all that is known.
  const upTo = sockets.map((layer) =>
    layer.outcome === "none" ? layer.searched_up_to_ms : (layer.survived_ms ?? 0),
  );
  const least = Math.min(...upTo);
  return upTo.length > 0 && least > 0 ? { kind: "none", upTo: least } : { kind: "unknown", why };
}

/** Connections were lost, and the search did not come to its end. */
function lossesOf({ layer, outcome, kind, survived_ms, lost_ms }: LayerResult): IdleLimitResult[] {
  if (outcome !== "unknown" || lost_ms === null) return [];
  const name = `${layer}, not searched to the end`;
  return [
    {
      whose: layer === "ws" ? "websocket" : "server",
      ...{ name, kind: kind ?? "closed", limit_ms: lost_ms, survived_ms, lost_ms, layers: [layer] },
      meaning: "connections were lost, and how long they live at most was not found out",
    },
  ];
}

function safeBelow({ survived_ms: survived, lost_ms: lost, limit_ms: limit }: IdleLimitResult): Milliseconds {
  return Math.min(survived ?? UNPROVEN_SHARE * lost, limit, lost);
}

/** Over HTTP the client itself closes a connection some time before the server said that it would. */
export function heedingHint(
  idleness: Idleness,
  { transport, keep_alive_hint_ms: hint }: Pick<CostResult, "transport" | "keep_alive_hint_ms">,
): Idleness {
  if (transport !== "http" || hint === null) return idleness;
  const safe = hint - CLOSES_BEFORE;
  // No interval is short enough to keep what is closed after each answer.
  if (safe <= 0) {
    const why = `told to leave after ${about(hint)}, clients close HTTP connections after each answer`;
    if (idleness.kind !== "limit") return { kind: "unknown", why };
    return { ...idleness, limit: { ...idleness.limit, name: `${idleness.limit.name} (${why})` } };
  }
  if (idleness.kind === "limit" && idleness.safe <= safe) return idleness;
  return {
    kind: "limit",
    safe,
    limit: {
      whose: "server",
      name: `the server's own word (Keep-Alive: ${about(hint)}), before which clients close a connection`,
      kind: "closed",
      limit_ms: safe,
      survived_ms: null,
      lost_ms: safe,
      layers: ["http"],
      meaning: "clients close a connection before this",
    },
  };
}
