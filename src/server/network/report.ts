import { resolveNetwork, type NetworkOptions } from "./config.js";

/** An emulated network the way results tell it. */
export type NetworkReport = Readonly<{
  rtt_ms: number;
  jitter_ms: number;
  /** Each way; `null` is any amount. */
  bandwidth_bytes_per_second: number | null;
  /** `null` is never. */
  idle_timeout_ms: number | null;
  /** Idle connections are forgotten, not closed. */
  idle_drop: boolean;
}>;

/** @throws {TursoPoolError} `INVALID_OPTION` */
export function networkReport(options: NetworkOptions): NetworkReport {
  const { rtt, jitter, bandwidthBytesPerSecond, idle } = resolveNetwork(options);
  return {
    rtt_ms: rtt,
    jitter_ms: jitter,
    bandwidth_bytes_per_second: bandwidthBytesPerSecond ?? null,
    idle_timeout_ms: idle.kind === "keep" ? null : idle.after,
    idle_drop: idle.kind === "forget",
  };
}
