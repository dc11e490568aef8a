import type { TursoPoolError } from "../../core/errors.js";
import {
  DURATION_FAMILIES,
  isMetricName,
  METRIC_NAMES,
  PLAIN_METRICS,
  STATISTICS,
  type MetricName,
} from "../metrics.js";
import type { Cursor, Token } from "./cursor.js";
import { nearest } from "./nearest.js";
import { quote } from "./quote.js";

const STATISTICS_LIST = STATISTICS.join(", ");
const METRICS_HINT = `Metrics: ${DURATION_FAMILIES.join(", ")}, each with .${STATISTICS.join(" .")}; ${PLAIN_METRICS.join(", ")}.`;

/** Reads `latency_ms.p95`; `p99.9` is another spelling of `p999`. */
export function parseMetricName(cursor: Cursor): Token & { readonly name: MetricName } {
  const token = cursor.take(/[\w.-]+/y);
  if (token === undefined) throw cursor.expected("a metric such as latency_ms.p95", METRICS_HINT);
  const name = token.text.replace(/\.p99\.9$/, ".p999");
  if (!isMetricName(name)) throw unknownMetric(cursor, token);
  return { ...token, name };
}

/** Whether a word names a metric or a family of them, so that it is no strategy. */
export function isMetricFamily(word: string): boolean {
  return [...DURATION_FAMILIES, ...PLAIN_METRICS].some((family) => family === word);
}

function unknownMetric(cursor: Cursor, { text, at }: Token): TursoPoolError {
  const family = DURATION_FAMILIES.find((name) => text === name || text.startsWith(`${name}.`));
  if (family !== undefined) {
    const statistic = text.slice(family.length + 1);
    if (statistic === "") {
      return cursor.error(at + text.length, `${family} needs a statistic: ${STATISTICS_LIST}`);
    }
    const problem =
      statistic === "min" || statistic === "max"
        ? `${text} cannot be gated: an extreme has no interval; there are ${STATISTICS_LIST}`
        : `${family} has no statistic ${quote(statistic)}; there are ${STATISTICS_LIST}`;
    return cursor.error(at + family.length + 1, problem);
  }
  const meant = nearest(text, METRIC_NAMES);
  const suggestion = meant === undefined ? "" : `; did you mean ${meant}?`;
  return cursor.error(at, `unknown metric ${quote(text)}${suggestion}`, METRICS_HINT);
}
