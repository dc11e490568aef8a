/** The labels of a sample, by name. */
export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  /** What follows the family's name: `_total`, `_bucket`. */
  readonly suffix?: string;
  readonly labels?: Labels;
  readonly value: number;
}

/** A metric family as OpenMetrics has it: what the samples of one name are, and these. */
export interface MetricFamily {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** What the text is served as; its version is the one that whoever asks for none must get. */
export const OPEN_METRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** Durations are in seconds, and their names say so; whatever else is here is counted. */
const SECONDS = "_seconds";

/**
 * Metric families as text, with `labels` on every sample.
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/#text-format
 */
export function openMetricsText(families: readonly MetricFamily[], labels: Labels): string {
  return [...families.flatMap((family) => linesOf(family, labels)), "# EOF\n"].join("\n");
}

function linesOf({ name, type, help, samples }: MetricFamily, common: Labels): string[] {
  return [
    `# TYPE ${name} ${type}`,
    ...(name.endsWith(SECONDS) ? [`# UNIT ${name} seconds`] : []),
    `# HELP ${name} ${escaped(help)}`,
    ...samples.map(
      ({ suffix = "", labels, value }) =>
        `${name}${suffix}{${labelled({ ...common, ...labels })}} ${numeral(value)}`,
    ),
  ];
}

function labelled(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",");
}

function escaped(text: string): string {
  return text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n");
}

/** The shortest text that reads as this number. */
export function numeral(value: number): string {
  return value === Infinity ? "+Inf" : String(value);
}
