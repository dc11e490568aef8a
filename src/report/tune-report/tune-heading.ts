import type { ProfileResult, TuneResult } from "../../tune/result.js";
import { count, frequency, period, quantity, span, stretch } from "../format.js";
import type { Style } from "../style.js";
import { paragraph, withStop } from "./paragraph.js";

type TargetResult = TuneResult["target"];
type Aim = ProfileResult["aims"][number];

const AIM: Readonly<Record<Aim, string>> = {
  p95_after_a_gap: "P95 after a gap",
  p95: "P95",
  throughput: "throughput",
  connections_held: "few connections held",
};

const TRANSPORT: Readonly<Record<TargetResult["transport"], string>> = {
  http: "HTTP",
  ws: "WebSocket",
  file: "a local file",
  memory: "in memory",
};

/** What was tuned, and for what. */
export function tuneHeading(result: TuneResult, style: Style, columns: number): string {
  const { target, profile, interrupted, error, duration_ms: took } = result;
  const end = interrupted ? " · interrupted" : error === null ? "" : " · ended early";
  return [
    paragraph(`${placeOf(target, style)} · took ${stretch(took)}${style.yellow(end)}`, columns),
    paragraph(workloadOf(profile), columns),
  ].join("\n");
}

/** The database, how it is talked to, and over what network. */
export function placeOf({ url, transport, embedded, network }: TargetResult, style: Style): string {
  const { rtt_ms: roundTrip, idle_timeout_ms: idle } = network ?? {};
  const notes = [
    ...(embedded ? ["embedded"] : []),
    TRANSPORT[transport],
    ...(typeof roundTrip === "number" && roundTrip > 0 ? [`${span(roundTrip)} round trip`] : []),
    ...(typeof idle === "number" ? [`idle timeout ${span(idle)}`] : []),
  ];
  return `${style.bold(url)} (${notes.join(", ")})`;
}

/** How operations arrive, what counts, and where that comes from. */
export function workloadOf(profile: ProfileResult): string {
  const { name, operations_per_second: rate, burst, gap_ms: gap, writes, aims, source } = profile;
  const arrivals = [
    `${frequency(rate)} ${burst === 1 ? "one by one" : `in bursts of ${count(burst)}`}`,
    gap === 0 ? "no pauses" : `pauses of ${period(gap)}`,
    writes === 0 ? "reads only" : `${quantity(writes * 100, "percent")} writes`,
  ];
  const [first, ...others] = aims.map((aim) => AIM[aim]);
  const counts = first === undefined ? "" : ` What counts: ${[first, ...others].join(", then ")}.`;
  const called = name === "own" ? "Your own workload" : `Workload ${name}`;
  return `${called}: ${arrivals.join(", ")}.${counts} From ${withStop(source)}`;
}
