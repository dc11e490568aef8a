import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseThreshold } from "../../../src/bench/gates/parse-threshold.js";
import { OPERATORS, type Expression, type Unit } from "../../../src/bench/gates/threshold.js";
import { METRIC_NAMES, METRICS } from "../../../src/bench/metrics.js";
import { TursoPoolError } from "../../../src/core/errors.js";

const name = fc.stringMatching(/^[a-z]{1,8}(@[a-z]{1,5})?$/);
const space = fc.stringMatching(/^[ \t\n]{0,2}$/);
const number = fc
  .tuple(fc.nat({ max: 99 }), fc.option(fc.stringMatching(/^\d{1,4}$/), { nil: undefined }))
  .map(([whole, fraction]) => (fraction === undefined ? `${whole}` : `${whole}.${fraction}`));
/** How a unit may be written, and what one of it is in the unit that is kept. */
const SPELLINGS: Record<Unit, readonly (readonly [string, number])[]> = {
  ms: [
    ["ns", 1e-6],
    ["us", 1e-3],
    ["µs", 1e-3],
    ["ms", 1],
    ["s", 1e3],
  ],
  per_second: [["/s", 1]],
  percent: [["%", 1]],
  factor: [
    ["", 1],
    ["x", 1],
  ],
};

const figure = fc
  .record({ contestant: name, metric: fc.constantFrom(...METRIC_NAMES) })
  .map((parts) => ({ kind: "figure" as const, ...parts }));
const comparison = fc
  .record({
    kind: fc.constantFrom("ratio" as const, "reduction" as const),
    of: name,
    to: name,
    metric: fc.constantFrom(...METRIC_NAMES.filter((metric) => metric !== "error_rate")),
  })
  .filter(({ of, to }) => of !== to);

function unitOf(expression: Expression): Unit {
  if (expression.kind === "figure") return METRICS[expression.metric].unit;
  return expression.kind === "ratio" ? "factor" : "percent";
}

const valid = fc.oneof(figure, comparison).chain((expression) => {
  const unit = unitOf(expression);
  return fc.record({
    expression: fc.constant<Expression>(expression),
    operator: fc.constantFrom(...OPERATORS),
    sign: fc.constantFrom(...(expression.kind === "reduction" ? ["", "-"] : [""])),
    number,
    unit: fc.constant(unit),
    spelling: fc.constantFrom(...SPELLINGS[unit]),
    spaces: fc.array(space, { minLength: 11, maxLength: 11 }),
  });
});

describe("any text", () => {
  it("made from valid parts is read as these parts", () => {
    fc.assert(
      fc.property(valid, ({ expression, operator, sign, number, unit, spelling, spaces }) => {
        const tokens =
          expression.kind === "figure"
            ? [expression.contestant, ".", expression.metric]
            : [expression.kind, "(", expression.of, ",", expression.to, ",", expression.metric, ")"];
        const [written, size] = spelling;
        const text = [...tokens, operator, sign + number, written]
          .map((token, index) => `${spaces[index] ?? ""}${token}`)
          .join("");
        const threshold = parseThreshold(text);
        expect(threshold).toMatchObject({ expression, operator, unit });
        expect(threshold.limit).toBeCloseTo(Number(sign + number) * size, 9);
        // What is kept for reports can be read again.
        expect(parseThreshold(threshold.text)).toEqual(threshold);
      }),
    );
  });

  const pieces = fc.constantFrom(
    ...["ratio", "reduction", "(", ")", ",", ".", "@", "<", ">=", "=", "-", "10", "ms", "/s", "%", "x", " "],
    ...["keepalive", "latency_ms", "p95", "p99.9", "error_rate", "\n", "\u001b", "\u{1f600}", "\ud800"],
  );
  const anything = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.array(pieces, { maxLength: 30 }).map((some) => some.join("")),
    fc.tuple(valid, fc.nat(60), fc.string({ unit: "binary", maxLength: 2 })).map(([parts, at, more]) => {
      const { expression } = parts;
      const text = `${expression.kind}(a, b, ${expression.metric}) ${parts.operator} ${parts.number}`;
      return text.slice(0, at) + more + text.slice(at);
    }),
  );

  it("is read, or refused on one line that points into it", () => {
    fc.assert(
      fc.property(anything, (text) => {
        try {
          parseThreshold(text);
        } catch (error) {
          if (!(error instanceof TursoPoolError)) throw error;
          expect(error.code).toBe("INVALID_OPTION");
          expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
          expect(error.hint ?? "").not.toMatch(/[\p{Cc}\p{Cf}]/u);
          expect(error.message.length).toBeLessThan(2_000);
          const character = Number(/ at character (\d+): /.exec(error.message)?.[1]);
          expect(character).toBeGreaterThanOrEqual(1);
          expect(character).toBeLessThanOrEqual(text.length + 1);
        }
      }),
      { numRuns: 500 },
    );
  });
});
