import type { Milliseconds } from "../../core/duration.js";
import { invalidOption } from "../../core/errors.js";

/** A network to put between the clients and the server, as a caller may write it. Every part is optional. */
export interface NetworkOptions {
  /** Round-trip time: every byte travels for half of it. Default 0. */
  readonly rttMs?: number | undefined;
  /** A round trip takes `rttMs` ± this, uniformly; at most `rttMs`, as nothing arrives before it was sent. Default 0. */
  readonly jitterMs?: number | undefined;
  /** What every connection can carry in each direction, in bytes per second. Default: any amount. */
  readonly bandwidthBytesPerSecond?: number | undefined;
  /** A middlebox closes connections that carried nothing for this long. Default: never. */
  readonly idleTimeoutMs?: number | undefined;
  /** The middlebox forgets idle connections instead, and tells nobody. Default false. */
  readonly idleDrop?: boolean | undefined;
  /** The same seed gives the n-th connection the same jitter. Default 1. */
  readonly seed?: number | undefined;
}

/** A network with every default filled in and every value checked. */
export interface NetworkConfig {
  readonly rtt: Milliseconds;
  readonly jitter: Milliseconds;
  /** `undefined` is any amount: an Infinity would not survive the way to the child process. */
  readonly bandwidthBytesPerSecond: number | undefined;
  readonly idle: IdlePolicy;
  readonly seed: number;
}

/** What the middlebox does with connections that carry nothing. */
export type IdlePolicy =
  | { readonly kind: "keep" }
  | { readonly kind: "close"; readonly after: Milliseconds }
  | { readonly kind: "forget"; readonly after: Milliseconds };

/** The longest round trip; what is slower than this has no user. */
export const MAX_RTT_MS = 60_000;
const MAX_TIMER_MS = 2_147_483_647;

/**
 * Fills in defaults and refuses what makes no sense.
 * @throws {TursoPoolError} `INVALID_OPTION`, naming the option, the value and what is allowed.
 */
export function resolveNetwork(options: NetworkOptions): NetworkConfig {
  const rtt = within("network.rttMs", options.rttMs ?? 0, 0, MAX_RTT_MS);
  const bandwidth = options.bandwidthBytesPerSecond;
  const seed = options.seed ?? 1;
  if (!Number.isSafeInteger(seed)) throw invalidOption("network.seed", seed, "a whole number");
  return {
    rtt,
    jitter: within("network.jitterMs", options.jitterMs ?? 0, 0, rtt, "network.rttMs"),
    bandwidthBytesPerSecond:
      bandwidth === undefined
        ? undefined
        : within("network.bandwidthBytesPerSecond", bandwidth, 1, Number.MAX_SAFE_INTEGER),
    idle: resolveIdle(options),
    seed,
  };
}

function resolveIdle({ idleTimeoutMs, idleDrop = false }: NetworkOptions): IdlePolicy {
  if (idleTimeoutMs === undefined) {
    if (!idleDrop) return { kind: "keep" };
    throw invalidOption("network.idleDrop", idleDrop, "possible without network.idleTimeoutMs");
  }
  const after = within("network.idleTimeoutMs", idleTimeoutMs, 1, MAX_TIMER_MS);
  return { kind: idleDrop ? "forget" : "close", after };
}

function within(option: string, value: number, least: number, most: number, mostIs?: string): number {
  if (typeof value === "number" && value >= least && value <= most) return value;
  const limit = mostIs === undefined ? String(most) : `${mostIs} (${most})`;
  throw invalidOption(option, value, `a number from ${least} to ${limit}`);
}
