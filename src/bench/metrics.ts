/** Figures that are a distribution of durations over operations. */
export const DURATION_FAMILIES = ["latency_ms", "service_latency_ms", "connection_overhead_ms"] as const;
export type DurationFamily = (typeof DURATION_FAMILIES)[number];

/**
 * What is told of a distribution. Its extremes are not here: resampling whole blocks gives no honest
 * interval for a minimum or a maximum, so that no claim can be made about one.
 */
export const STATISTICS = ["mean", "p50", "p75", "p90", "p95", "p99", "p999"] as const;
export type Statistic = (typeof STATISTICS)[number];

/** Figures that are one number for a run. */
export const PLAIN_METRICS = ["throughput_per_second", "error_rate"] as const;
export type PlainMetric = (typeof PLAIN_METRICS)[number];

/** A figure about which a claim can be made. */
export type MetricName = `${DurationFamily}.${Statistic}` | PlainMetric;

export interface Metric {
  /** Of the figure's value; `percent` is 0 to 100. */
  readonly unit: "ms" | "per_second" | "percent";
  readonly moreIsBetter: boolean;
}

/** A metric's name in its two halves. */
export type MetricParts =
  | { readonly family: DurationFamily; readonly statistic: Statistic }
  | { readonly family: PlainMetric; readonly statistic: null };

const PARTS = new Map<string, MetricParts>([
  ...DURATION_FAMILIES.flatMap((family) =>
    STATISTICS.map((statistic) => [`${family}.${statistic}`, { family, statistic }] as const),
  ),
  ...PLAIN_METRICS.map((family) => [family, { family, statistic: null }] as const),
]);

/** Every metric, in the order in which they are listed for people. */
export const METRIC_NAMES = [...PARTS.keys()] as readonly MetricName[];

/** `error_rate` is the percentage of operations that failed or timed out. */
export const METRICS = Object.freeze(
  Object.fromEntries(METRIC_NAMES.map((name) => [name, describe(parseMetric(name))])),
) as Readonly<Record<MetricName, Metric>>;

/** Whether a text is a metric's name, spelled exactly. */
export function isMetricName(text: string): text is MetricName {
  return PARTS.has(text);
}

/** `latency_ms.p95` is of family `latency_ms` with statistic `p95`; `error_rate` is a family without one. */
export function parseMetric(name: MetricName): MetricParts {
  const parts = PARTS.get(name);
  if (parts === undefined) throw new Error(`bug: no metric ${name}`);
  return parts;
}

function describe({ statistic, family }: MetricParts): Metric {
  if (statistic !== null) return { unit: "ms", moreIsBetter: false };
  return family === "error_rate"
    ? { unit: "percent", moreIsBetter: false }
    : { unit: "per_second", moreIsBetter: true };
}
