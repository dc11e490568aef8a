import wrapAnsi from "wrap-ansi";
import type { BenchResult, GateResult, Verdict } from "../bench/result.js";
import { interval, quantity } from "./format.js";
import type { Style } from "./style.js";

const MARKS = { pass: "pass", fail: "FAIL", inconclusive: "inconclusive" } as const;
/** Narrower than this, words would break. */
const NARROWEST = 24;

/** Every gate with what was found, then the verdict on all; `undefined` without gates. */
export function gateList({ gates, verdict }: BenchResult, style: Style, columns: number): string | undefined {
  if (gates.length === 0 || verdict === null) return undefined;
  const margin = Math.max(...gates.map((gate) => MARKS[gate.verdict].length)) + 2;
  const room = Math.max(NARROWEST, columns - margin);
  const lines = gates.flatMap((gate) => {
    const mark = MARKS[gate.verdict];
    const [first, ...rest] = [
      ...finding(gate, room),
      ...(gate.reason === null ? [] : wrapped(gate.reason, room).map((line) => style.dim(line))),
    ];
    return [
      `${paint(gate.verdict, style)(mark)}${" ".repeat(margin - mark.length)}${first ?? ""}`,
      ...rest.map((line) => `${" ".repeat(margin)}${line}`),
    ];
  });
  const note = gates.some(({ source }) => source === "regression")
    ? [style.dim(wrapAnsi(TYPICAL, columns))]
    : [];
  return [...lines, ...note, gateSummary(gates, verdict, style)].join("\n");
}

/** So that nobody wonders about two numbers. */
const TYPICAL =
  "A rise is that of the typical round, so it may differ from the ratio of the figures of the whole run.";

/**
 * The gate and its figure, on two lines that break where it makes sense if one is not enough:
 * `keepalive.latency_ms.p95 < 5ms: 0.410 ms (95% interval 0.390 to 0.440 ms)`.
 */
function finding(gate: GateResult, room: number): string[] {
  const { threshold, value, unit, interval: ends, confidence_percent: confidence } = gate;
  if (value === null) return wrapped(`${threshold}: not measured`, room);
  const figure = quantity(value, unit);
  const lies =
    ends === null ? "(no interval)" : `(${quantity(confidence, "percent")} interval ${interval(ends, unit)})`;
  const layouts = [
    [`${threshold}: ${figure} ${lies}`],
    [`${threshold}: ${figure}`, lies],
    [`${threshold}:`, `${figure} ${lies}`],
  ];
  const fitting = layouts.find((lines) => lines.every((line) => line.length <= room));
  return (fitting ?? [`${threshold}: ${figure} ${lies}`]).flatMap((line) => wrapped(line, room));
}

function wrapped(text: string, room: number): string[] {
  return wrapAnsi(text, room).split("\n");
}

function gateSummary(gates: readonly GateResult[], verdict: Verdict, style: Style): string {
  const number = (which: Verdict): number => gates.filter((gate) => gate.verdict === which).length;
  const of = `${number(verdict)} of ${gates.length} ${gates.length === 1 ? "threshold" : "thresholds"}`;
  const unsure = verdict === "fail" ? number("inconclusive") : 0;
  const rest = unsure > 0 ? `, ${unsure} inconclusive` : "";
  return `${style.bold("Gate:")} ${paint(verdict, style)(verdict)} (${of}${rest})`;
}

function paint(verdict: Verdict, style: Style): (text: string) => string {
  return { pass: style.green, fail: style.red, inconclusive: style.yellow }[verdict];
}
