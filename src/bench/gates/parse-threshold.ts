import { Cursor, type Token } from "./cursor.js";
import { parseLimit } from "./parse-limit.js";
import { isMetricFamily, parseMetricName } from "./parse-metric.js";
import { quote } from "./quote.js";
import { OPERATORS, type Expression, type Operator, type Threshold } from "./threshold.js";

const SYNTAX_HINT =
  "Write it as keepalive.latency_ms.p95 < 10ms, or as ratio(client, keepalive, latency_ms.p95) > 1.";

/**
 * Reads a gate:
 *
 *     threshold  = expression operator limit
 *     expression = contestant "." metric
 *                | ( "ratio" | "reduction" ) "(" contestant "," contestant "," metric ")"
 *     contestant = a-z… [ "@" a-z… ]
 *     operator   = "<" | "<=" | ">" | ">="
 *     limit      = number unit         (a ratio's may be without one, or "x")
 *
 * Whether the contestants run is not known here; see `checkThreshold`.
 * @throws {TursoPoolError} `INVALID_OPTION`, on one line, which points at the character.
 */
export function parseThreshold(text: string, option = "--threshold"): Threshold {
  const cursor = new Cursor(text, option);
  const expression = parseExpression(cursor);
  const operator = parseOperator(cursor);
  const { limit, unit } = parseLimit(cursor, expression);
  if (cursor.next !== "") throw cursor.expected("nothing after the limit");
  return { text: text.trim().replace(/\s+/g, " "), expression, operator, limit, unit };
}

function parseExpression(cursor: Cursor): Expression {
  const word = takeWord(cursor, "a strategy, ratio(…) or reduction(…)");
  const kind = word.text;
  if ((kind === "ratio" || kind === "reduction") && cursor.next !== ".") {
    cursor.need("(");
    return parseComparison(cursor, kind);
  }
  if (cursor.next === "(") {
    throw cursor.error(word.at, `expected ratio or reduction before "(", found ${quote(word.text)}`);
  }
  const contestant = checkContestant(cursor, word);
  cursor.need(".");
  return { kind: "figure", contestant, metric: parseMetricName(cursor).name };
}

/** What is between the brackets, and the one that closes them. */
function parseComparison(cursor: Cursor, kind: "ratio" | "reduction"): Expression {
  const of = parseContestant(cursor);
  cursor.need(",");
  const second = takeWord(cursor, "a strategy");
  const to = checkContestant(cursor, second);
  if (of === to) {
    throw cursor.error(
      second.at,
      `expected another strategy, found ${quote(to)} again`,
      "--calibrate compares a strategy with itself: take keepalive and keepalive@again.",
    );
  }
  cursor.need(",");
  const metric = parseMetricName(cursor);
  if (metric.name === "error_rate") {
    const problem = `there is no ${kind} of error_rate, which is often 0; write ${to}.error_rate < 1%`;
    throw cursor.error(metric.at, problem);
  }
  cursor.need(")");
  return { kind, of, to, metric: metric.name };
}

function parseContestant(cursor: Cursor): string {
  return checkContestant(cursor, takeWord(cursor, "a strategy"));
}

function takeWord(cursor: Cursor, what: string): Token {
  const word = cursor.take(/[\w@-]+/y);
  if (word === undefined) throw cursor.expected(what, SYNTAX_HINT);
  return word;
}

function checkContestant(cursor: Cursor, { text, at }: Token): string {
  if (/^[a-z]+(?:@[a-z]+)?$/.test(text)) return text;
  if (isMetricFamily(text)) {
    throw cursor.error(at, `expected a strategy, found the metric ${quote(text)}`, SYNTAX_HINT);
  }
  const good = /^(?:[a-z]+(?:@[a-z]*)?)?/.exec(text)?.[0].length ?? 0;
  throw cursor.error(at + good, `${quote(text)} is not a name such as keepalive or keepalive@base`);
}

function parseOperator(cursor: Cursor): Operator {
  const token = cursor.take(/[<>]=?(?![<>=!~])/y);
  const operator = OPERATORS.find((one) => one === token?.text);
  if (operator === undefined) throw cursor.expected("<, <=, > or >=");
  return operator;
}
