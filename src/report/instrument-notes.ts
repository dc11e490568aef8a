import type { BenchResult } from "../bench/result.js";

/** Busier than this, and processes wait for a processor. */
const SATURATED = 0.95;

/** Where the figures are the machine's rather than the database's. */
export function instrumentNotes({ strategies }: BenchResult): string[] {
  const byReasons = new Map<string, string[]>();
  for (const { name, instrument_limited: limited, instrument_limits: limits } of strategies) {
    if (!limited) continue;
    const reasons = limits.join("; ");
    byReasons.set(reasons, [...(byReasons.get(reasons) ?? []), name]);
  }
  const lines = [...byReasons].map(([reasons, names]) => {
    const because = reasons === "" ? ", so these" : `: ${reasons}, so these`;
    return `The load process was the limit for ${names.join(", ")}${because} figures are this machine's rather than the database's.`;
  });
  const waiting = strategies.filter(
    ({ instrument }) => instrument !== null && instrument.host_cpu > SATURATED,
  );
  if (waiting.length > 0) {
    const names = waiting.map(({ name }) => name).join(", ");
    lines.push(
      `All processors of this host were busy during ${names}: the figures may include waiting for a processor.`,
    );
  }
  return lines;
}
