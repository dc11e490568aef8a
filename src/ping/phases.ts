import { isIP } from "node:net";
import type { Milliseconds } from "../core/duration.js";
import type { Target } from "../libsql/target.js";

/**
 * A part of a ping, one after the other; which there are depends on the transport. `hello` goes from the upgrade to
 * the server's `hello_ok` (Hrana's greeting, with the token), `statement` from there to the answer, although both
 * leave together. Over HTTP there is one `request`, and a file is `open`ed.
 */
export const PHASES = ["dns", "tcp", "tls", "upgrade", "hello", "request", "open", "statement"] as const;
export type Phase = (typeof PHASES)[number];

/** How long each phase of a ping took. Together they are all of it. */
export type PhaseTimes = Readonly<Partial<Record<Phase, Milliseconds>>>;

/** The phases of a ping over a new connection to this target, in order. */
export function coldPhases(target: Target): readonly Phase[] {
  if (target.kind === "local") return ["open", "statement"];
  const dns: Phase[] = isIP(target.host) === 0 ? ["dns"] : [];
  const tls: Phase[] = target.tls ? ["tls"] : [];
  const rest: Phase[] = target.transport === "ws" ? ["upgrade", "hello", "statement"] : ["request"];
  return [...dns, "tcp", ...tls, ...rest];
}
