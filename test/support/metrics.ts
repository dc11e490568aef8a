import parsePrometheusTextFormat, { type ParsedFamily } from "parse-prometheus-text-format";

/** The rules of the specification's grammar, as far as our lines use them. */
const METRIC = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const ESCAPED = String.raw`(?:[^\n"\\]|\\[n"\\])*`;
const LABEL = `[a-zA-Z_][a-zA-Z0-9_]*="${ESCAPED}"`;
const NUMBER = String.raw`(?:[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|\+Inf)`;
const FAMILY = new RegExp(
  [
    `# TYPE (?<name>${METRIC}) (?<type>counter|gauge|histogram)\n`,
    String.raw`(?:# UNIT \k<name> (?<unit>[a-z]+)` + "\n)?",
    String.raw`# HELP \k<name> ${ESCAPED}` + "\n",
    `(?<samples>(?:${METRIC}\\{${LABEL}(?:,${LABEL})*\\} ${NUMBER}\n)+)`,
  ].join(""),
  "gy",
);
/** What may follow a family's name in its samples. */
const SUFFIXES: Readonly<Record<string, string>> = {
  counter: "_total",
  gauge: "",
  histogram: "_(?:bucket|count|sum)",
};

/**
 * Holds a text to the grammar of OpenMetrics, which the parser below does not know: it reads the format from before.
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/#abnf
 */
export function checkGrammar(text: string): void {
  const names = new Set<string>();
  let end = 0;
  for (const match of text.matchAll(FAMILY)) {
    const { name = "", type = "", unit = "", samples = "" } = match.groups ?? {};
    if (names.has(name)) throw new Error(`${name} is there twice`);
    if (!name.endsWith(unit)) throw new Error(`${name} does not end in its unit, ${unit}`);
    const own = new RegExp(`^(?:${name}${SUFFIXES[type] ?? ""}\\{[^\n]*\n)+$`);
    if (!own.test(samples)) throw new Error(`samples of ${name} are not its own:\n${samples}`);
    names.add(name);
    end = match.index + match[0].length;
  }
  if (text.slice(end) !== "# EOF\n") throw new Error(`no metric family: ${text.slice(end, end + 200)}`);
}

/** A text of metrics as somebody else's parser reads it. */
export class Metrics {
  readonly #families: readonly ParsedFamily[];

  constructor(text: string) {
    checkGrammar(text);
    this.#families = parsePrometheusTextFormat(text);
  }

  /** The value of the sample that has these labels, among others. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const sample = this.#family(name).metrics.find((metric) =>
      Object.entries(labels).every(([label, value]) => metric.labels?.[label] === value),
    );
    return Number(sample?.value?.replace("+Inf", "Infinity"));
  }

  /** What the label `pool` says, wherever it is. */
  get pools(): readonly string[] {
    const labels = this.#families.flatMap(({ metrics }) =>
      metrics.flatMap(({ labels }) => labels?.pool ?? []),
    );
    return [...new Set(labels)];
  }

  /** The buckets of a histogram: the bound in seconds, and how many were not longer. */
  buckets(name: string): [bound: number, count: number][] {
    const buckets = this.#family(name).metrics[0]?.buckets ?? {};
    return Object.entries(buckets).map(([le, count]) => [
      Number(le.replace("+Inf", "Infinity")),
      Number(count),
    ]);
  }

  #family(name: string): ParsedFamily {
    const family = this.#families.find((one) => one.name === name);
    if (!family) throw new Error(`no ${name}`);
    return family;
  }
}
