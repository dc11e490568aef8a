import wrapAnsi from "wrap-ansi";
import type { LoadResult, StatsResult } from "../../watch/result.js";
import { count, elapsed, quantity, span } from "../format.js";
import type { Style } from "../style.js";

/** Whose pool it is, what it was under, and for how long it was watched. */
export function statsHeading(result: StatsResult, style: Style, columns: number): string {
  const { attached, duration_ms: duration, snapshot } = result;
  const parts = [
    style.bold(place(result)),
    ...(attached === null ? [] : [`pool ${snapshot.name}`]),
    ...(attached?.kind === "file" ? [`as of ${snapshot.taken_at}`] : [elapsed(duration)]),
  ];
  const cut = result.interrupted ? style.yellow(" · interrupted") : "";
  return wrapAnsi(`${parts.join(" · ")}${cut}`, columns, { hard: true });
}

function place({ target, attached, load }: StatsResult): string {
  if (target === null) return attached?.address ?? "";
  const roundTrip = target.network?.rtt_ms;
  const notes = [
    ...(target.embedded ? ["embedded"] : []),
    ...(typeof roundTrip === "number" && roundTrip > 0 ? [`${span(roundTrip)} round trip`] : []),
  ];
  const where = notes.length > 0 ? `${target.url} (${notes.join(", ")})` : target.url;
  return `${where} · ${load === null ? "no load" : under(load)}`;
}

function under({ rate_per_second: rate, concurrency }: LoadResult): string {
  const callers = concurrency === 1 ? "1 caller" : `${count(concurrency)} callers`;
  return `${quantity(rate, "per_second")} by ${callers}`;
}
