/** The package has no types of its own. @see https://github.com/yunyu/parse-prometheus-text-format */
declare module "parse-prometheus-text-format" {
  export interface ParsedMetric {
    readonly labels?: Readonly<Record<string, string>>;
    readonly value?: string;
    /** Of a histogram: by its bound. */
    readonly buckets?: Readonly<Record<string, string>>;
  }

  export interface ParsedFamily {
    readonly name: string;
    readonly help: string;
    readonly type: string;
    readonly metrics: readonly ParsedMetric[];
  }

  export default function parsePrometheusTextFormat(text: string): ParsedFamily[];
}
