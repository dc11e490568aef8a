import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, it } from "vitest";
import type { BenchResult } from "../../../src/bench/result.js";
import { code, table, text } from "../../../src/report/outputs/markdown-text.js";
import { markdown } from "../../../src/report/outputs/markdown.js";
import { gate, noise, openLoop, resultOf, withGates, withStrategies } from "../../support/bench-results.js";

/** As GitHub renders it, HTML included. */
function render(source: string): string {
  return micromark(source, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
}

/** What a reader sees of some HTML. */
function seen(html: string): string {
  const names: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };
  return html.replace(/<[^>]*>/g, "").replace(/&(\w+);/g, (_, name: string) => names[name] ?? "?");
}

/** The cells of every table, row by row. */
function tables(html: string): string[][][] {
  return [...html.matchAll(/<table>.*?<\/table>/gs)].map(([whole]) =>
    [...whole.matchAll(/<tr>.*?<\/tr>/gs)].map(([row]) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) => seen(cell)),
    ),
  );
}

/** What is left of a text on one line. */
function oneLine(raw: string): string {
  return raw.replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
}

const anything = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc
    .array(
      fc.constantFrom(
        ...Array.from("|`\\*_~<>[]()!#&$-+=.1x: \n\r\t"),
        "https://x.y",
        "www.x.y",
        "a@b.c",
        "&lt;",
        "<b>",
      ),
    )
    .map((parts) => parts.join("")),
);

describe("text in Markdown", () => {
  it("is seen as it is, in a paragraph, a list and a table, whatever it says", () => {
    fc.assert(
      fc.property(anything, (raw) => {
        const expected = oneLine(raw);
        expect(oneLine(seen(render(text(raw))))).toBe(expected);
        expect(oneLine(seen(render(`- ${text(raw)}`)))).toBe(expected);
        expect(render(text(raw))).not.toMatch(/<(?!\/?p>)/);
        const [rows] = tables(render(table(["a", "b"], [[text(raw), "x"]])));
        expect(rows).toEqual([
          ["a", "b"],
          [expected, "x"],
        ]);
      }),
      { numRuns: 200 },
    );
  });

  it("is seen as it is as code too, in a table and out of one", () => {
    fc.assert(
      fc.property(anything, (raw) => {
        const expected = oneLine(raw);
        const [rows] = tables(render(table(["a", "b"], [[code(raw), "x"]])));
        expect(rows).toEqual([
          ["a", "b"],
          [expected, "x"],
        ]);
        expect(oneLine(seen(render(`- ${code(raw)}`)))).toBe(expected);
        if (expected !== "") expect(render(code(raw))).toMatch(/^<p><code>[^<]*<\/code><\/p>$/);
      }),
      { numRuns: 100 },
    );
  });
});

describe("the Markdown output", () => {
  const result = resultOf({ unpooled: [2.7, 2.5], keepalive: [0.17, 0.002] });
  const failed = gate({
    verdict: "fail",
    value: 6,
    interval: { low: 5.8, high: 6.2 },
    confidence_percent: 98.3,
    reason: "a | b",
  });

  it("shows verdict, gates, strategies, notes, plan and host", () => {
    const gated = withGates(result, [gate({ threshold: "a|b `c` < 5ms" }), failed]);
    const html = render(markdown(gated));
    expect(html).toMatch(/^<h2>❌ 1 of 2 gates failed · turso-pool bench<\/h2>/);
    const [gates, strategies, plan] = tables(html);
    expect(gates).toEqual([
      ["gate", "value", "interval", "verdict"],
      ["a|b `c` < 5ms", "4 ms", "3.80 to 4.20 ms (95%)", "✅ pass"],
      ["keepalive.latency_ms.p95 < 5ms", "6 ms", "5.80 to 6.20 ms (98.3%)", "❌ fail: a | b"],
    ]);
    expect(strategies).toEqual([
      ["strategy", "P50 ms", "P95 ms", "P99 ms", "ops/s", "ops", "errors", "sockets"],
      [
        "unpooled",
        "2.70 (2.56 to 2.84)",
        "5.40 (5.13 to 5.67)",
        "10.8 (10.3 to 11.3)",
        "370 (352 to 389)",
        "1,000",
        "0",
        "1,000",
      ],
      [
        "keepalive",
        "0.170 (0.162 to 0.179)",
        "0.340 (0.323 to 0.357)",
        "0.680 (0.646 to 0.714)",
        "5,882 (5,588 to 6,176)",
        "1,000",
        "0",
        "0",
      ],
    ]);
    expect(plan).toContainEqual(["query, weight 1", "SELECT 1"]);
    expect(plan).toContainEqual(["seed", "7"]);
    expect(html).toMatch(
      /<details>\s*<summary>Plan and host<\/summary>\s*<table>.*<\/table>\s*<\/details>\s*$/s,
    );
    expect(html).toContain("<li>Closed loop:");
  });

  it.each([
    ["passed", [gate()], "✅ The gate passed"],
    ["passed, all of them", [gate(), gate()], "✅ All 2 gates passed"],
    ["failed", [failed], "❌ The gate failed"],
    ["is inconclusive", [gate({ verdict: "inconclusive" })], "⚠️ The gate is inconclusive"],
    [
      "is inconclusive, of several",
      [gate(), gate({ verdict: "inconclusive" })],
      "⚠️ 1 of 2 gates are inconclusive",
    ],
    ["is not there", [], "turso-pool bench"],
  ] as const)("begins with the verdict when a gate %s", (_, gates, expected) => {
    expect(markdown(withGates(result, gates))).toMatch(
      new RegExp(`^## ${expected}${gates.length > 0 ? " · turso-pool bench" : ""}\n`),
    );
  });

  it("notes what makes the figures less than they seem", () => {
    const odd = withStrategies(
      result,
      {
        instrument_limited: true,
        instrument_limits: ["its event loop was busy"],
        errors: 2,
        timeouts: 1,
        first_error: { code: "SQL_ERROR", message: "no such table: <items>\nat *all*" },
        stationarity: { first_round_differs: true, first_round_ratio: 1.4, drifts: false, trend_p: null },
      },
      "keepalive",
    );
    const items = [...render(markdown(odd)).matchAll(/<li>(.*?)<\/li>/gs)].map(([, item = ""]) => seen(item));
    expect(items.slice(0, 3)).toEqual([
      expect.stringMatching(/^⚠️ .*the limit for keepalive: its event loop was busy/),
      expect.stringMatching(/^⚠️ keepalive: .*first.*1\.40x/),
      "⚠️ keepalive: 3 of 1,003 operations failed, the first with SQL_ERROR: no such table: <items> at *all*",
    ]);
    expect(tables(render(markdown(odd)))[0]?.[2]).toContain("3 (1 timed out)");
  });

  it("says what an open loop, gaps and twins mean", () => {
    const open = markdown(openLoop(result, 250));
    expect(open).toContain("Open loop, 250 a second");
    expect(open).toMatch(/no worker free.*keepalive 12 of 1,003/);
    const gaps: BenchResult = { ...result, plan: { ...result.plan, loop: "gap", gap_ms: 5_000 } };
    expect(markdown(gaps)).toContain("after each 5 s");
    expect(markdown(gaps)).not.toContain("ops/s |");
    expect(markdown({ ...result, noise: [noise()] })).toContain("A gate tighter than 3.5%");
  });

  it("keeps its shape whatever statements, addresses and reasons say", () => {
    fc.assert(
      fc.property(anything, (raw) => {
        const odd = {
          ...withGates(result, [{ ...failed, threshold: raw, reason: raw }]),
          target: { ...result.target, url: raw },
          plan: { ...result.plan, queries: [{ sql: raw, weight: 1 }] },
        };
        const html = render(markdown(odd));
        const [gates, , plan] = tables(html);
        expect(gates?.[1]?.[0]).toBe(oneLine(raw));
        expect(plan).toContainEqual(["query, weight 1", oneLine(raw)]);
        expect(html).toMatch(/<\/details>\s*$/);
      }),
      { numRuns: 100 },
    );
  });
});
