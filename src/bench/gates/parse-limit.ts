import type { TursoPoolError } from "../../core/errors.js";
import { METRICS } from "../metrics.js";
import type { Cursor, Token } from "./cursor.js";
import { quote } from "./quote.js";
import type { Expression, Unit } from "./threshold.js";

/** A unit as it is written, and the power of ten that takes a number in it to the one that is kept. */
type Spellings = Readonly<Record<string, number>>;

/** The micro sign and the Greek letter look alike; keyboards have either. */
const SPELLINGS: Readonly<Record<Unit, Spellings>> = {
  ms: { ns: -6, us: -3, "\u00b5s": -3, "\u03bcs": -3, ms: 0, s: 3 },
  per_second: { "/s": 0 },
  percent: { "%": 0 },
  factor: { x: 0 },
};

const EXPECTED: Readonly<Record<Unit, string>> = {
  ms: "ns, us, µs, ms or s, as in 10ms",
  per_second: "/s, as in 1000/s",
  percent: "%, as in 80%",
  factor: "a plain factor, as in 1.2 or 1.2x",
};

export interface Limit {
  readonly limit: number;
  readonly unit: Unit;
}

/** Reads `10ms`, `1000/s`, `80%` or `1.2x`, whichever the expression is measured in. */
export function parseLimit(cursor: Cursor, expression: Expression): Limit {
  const unit = unitOf(expression);
  const number = parseNumber(cursor, unit);
  // The sign of "-0" counts too: who wrote it means something that cannot be.
  if (number.text.startsWith("-") && expression.kind !== "reduction") {
    throw cursor.error(number.at, "only the limit of a reduction can be below 0");
  }
  // As a power of ten in the text, so that 1.005s is 1005 and not 1004.9999999999999.
  const limit = Number(`${number.text}e${parseExponent(cursor, unit, number.text)}`);
  if (!Number.isFinite(limit)) throw cursor.error(number.at, "the number is too large");
  if (unit === "percent" && limit > 100) {
    const subject = expression.kind === "reduction" ? "a reduction" : "a share of operations";
    throw cursor.error(number.at, `${subject} is never above 100%`);
  }
  return { limit, unit };
}

function unitOf({ kind, metric }: Expression): Unit {
  if (kind === "figure") return METRICS[metric].unit;
  return kind === "ratio" ? "factor" : "percent";
}

function parseNumber(cursor: Cursor, unit: Unit): Token {
  const token = cursor.take(/[-+]?[\d.,_]*\d[\d.,_]*(?:e[-+]?\d+)?/iy);
  if (token === undefined) {
    const example = { ms: "10ms", per_second: "1000/s", percent: "80%", factor: "1.2" }[unit];
    throw cursor.expected(`a limit such as ${example}`);
  }
  if (/^-?\d+(?:\.\d+)?$/.test(token.text)) return token;
  const good = /^-?(?:\d+(?:\.\d+)?)?/.exec(token.text)?.[0].length ?? 0;
  const problem = `${quote(token.text)} is not a plain number such as 10 or 0.5`;
  throw cursor.error(token.at + good, problem);
}

/** The power of ten of the unit that comes next. */
function parseExponent(cursor: Cursor, unit: Unit, number: string): number {
  const found = cursor.take(/[\p{L}\d_/%]+/uy);
  if (found === undefined) {
    if (unit === "factor") return 0;
    throw missingUnit(cursor, unit, number);
  }
  const exponent = Object.entries(SPELLINGS[unit]).find(([spelling]) => spelling === found.text)?.[1];
  if (exponent !== undefined) return exponent;
  throw cursor.error(found.at, `expected ${EXPECTED[unit]}, found ${quote(found.text)}`);
}

function missingUnit(cursor: Cursor, unit: Exclude<Unit, "factor">, number: string): TursoPoolError {
  const share = Math.abs(Number(number)) < 1 && Number(number) !== 0;
  const write = {
    ms: `write ${number}ms or ${number}s`,
    per_second: `write ${number}/s`,
    percent: share
      ? `write ${number}%, or ${Number(`${number}e2`)}% if ${number} was a share of 1`
      : `write ${number}%`,
  }[unit];
  return cursor.error("next", `the limit needs a unit: ${write}`);
}
