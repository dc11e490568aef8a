import type { BenchResult, TargetResult } from "../bench/result.js";
import { count, quantity, span } from "./format.js";
import type { Style } from "./style.js";

/** What ran, where and for how long, in a line. */
export function heading(result: BenchResult, style: Style): string {
  const { target, against, plan, strategies } = result;
  const where =
    against === null
      ? style.bold(place(target))
      : `head ${style.bold(place(target))} · base ${style.bold(place(against))}`;
  const most = Math.max(...strategies.map((one) => one.rounds.length));
  // Rounds are added while a gate cannot tell.
  const added = most > plan.rounds ? `, and ${count(most - plan.rounds)} more for the gate` : "";
  const partial = result.interrupted ? style.yellow(" · interrupted, so partial") : "";
  const parts = [
    where,
    load(plan),
    length(plan),
    `${plan.rounds === 1 ? "1 round" : `${count(plan.rounds)} rounds`}${added}`,
    `seed ${plan.seed}`,
  ];
  return `${parts.join(" · ")}${partial}`;
}

function place({ url, embedded, network }: TargetResult): string {
  const roundTrip = network?.rtt_ms;
  const notes = [
    ...(embedded ? ["embedded"] : []),
    ...(typeof roundTrip === "number" ? [`${span(roundTrip)} round trip`] : []),
  ];
  return notes.length > 0 ? `${url} (${notes.join(", ")})` : url;
}

function load({
  loop,
  rate_per_second: rate,
  arrivals,
  gap_ms: gap,
  concurrency,
}: BenchResult["plan"]): string {
  switch (loop) {
    case "closed":
      return `${concurrency === 1 ? "1 caller" : `${count(concurrency)} callers`}, closed loop`;
    case "open":
      return `${quantity(rate, "per_second")} (${arrivals ?? "constant"}), open loop, ${concurrency === 1 ? "1 worker" : `${count(concurrency)} workers`}`;
    case "gap":
      return `one operation after each ${span(gap ?? 0)} gap`;
  }
}

function length({ duration_ms: duration, operations }: BenchResult["plan"]): string {
  if (duration !== null) return `${span(duration)} each`;
  return `${count(operations)} ${operations === 1 ? "operation" : "operations"} each`;
}
