import type { HoldResult, ProofFigure, ProofMetric, ProofResult, TuneResult } from "../../tune/result.js";
import { borderless, firstThatFits, type Column } from "../borderless.js";
import { count, factor, factorsBetween, NO_FIGURE, period, plain, quantity } from "../format.js";
import type { Style } from "../style.js";
import { paragraph, sentence } from "./paragraph.js";
import { proposedAs } from "./proposed.js";
import { section } from "./section.js";

const LABEL: Readonly<Record<ProofMetric, string>> = {
  "latency_ms.p95": "latency P95",
  "latency_ms.p50": "latency P50",
  "after_a_gap_ms.p50": "after a gap P50",
  throughput_per_second: "throughput",
  connections_held: "connections held",
};

/** Current against recommended, side by side. */
export function proofTable(result: TuneResult, style: Style, columns: number): string {
  const { proof } = result;
  const proposed = proposedAs(result);
  const found =
    proof === null || isEmpty(proof)
      ? []
      : [
          proof.figures.length === 0 ? undefined : figuresOf(proof, proposed, style, columns),
          ...proof.holds.map((hold) => paragraph(held(hold, proposed), columns, "", paintOf(hold, style))),
          ...[...legend(proof), failures(proof, proposed), ...proof.notes.map(sentence)].map((line) =>
            paragraph(line, columns, "", style.dim),
          ),
        ];
  return section("Proof", "proof", result, found, style, columns);
}

/** It was stopped before anything was compared. */
function isEmpty({ rounds, holds, figures }: ProofResult): boolean {
  const none = figures.every(({ current, recommended, metric }) =>
    metric === "connections_held" ? true : current === null && recommended === null,
  );
  return rounds === 0 && holds.length === 0 && none;
}

function figuresOf({ figures }: ProofResult, proposed: string, style: Style, columns: number): string {
  const value = (head: string, of: "current" | "recommended"): Column<ProofFigure> => ({
    head,
    cell: ({ metric, [of]: figure }) => shown(metric, figure),
  });
  const columnsWith = (interval: boolean): Column<ProofFigure>[] => [
    { head: "figure", cell: ({ metric, counts }) => `${LABEL[metric]}${counts ? "*" : ""}` },
    value("current", "current"),
    value(proposed, "recommended"),
    { head: interval ? "times better (95% interval)" : "times better", cell: (one) => times(one, interval) },
    { head: "", cell: ({ verdict }) => painted(verdict, style) },
  ];
  return firstThatFits(
    [
      borderless(columnsWith(true), figures, style),
      borderless(columnsWith(true), figures, style, 1),
      borderless(columnsWith(false), figures, style, 1),
    ],
    columns,
  );
}

function shown(metric: ProofMetric, value: number | null): string {
  if (metric === "connections_held") return plain(value);
  return quantity(value, metric === "throughput_per_second" ? "per_second" : "ms");
}

function times({ ratio, ratio_interval_95: ends }: ProofFigure, withInterval: boolean): string {
  if (ratio === null) return NO_FIGURE;
  return ends === null || !withInterval ? factor(ratio) : `${factor(ratio)} (${factorsBetween(ends)})`;
}

function painted(verdict: ProofFigure["verdict"], style: Style): string {
  if (verdict === "better") return style.green(verdict);
  return verdict === "worse" ? style.red(verdict) : verdict;
}

/** `The guide's preset, interval 30 s: lost 1 of 1 connection in 21 s without use.` */
function held(hold: HoldResult, proposed: string): string {
  const { settings, keep_alive_interval_ms: every, idle_ms: idle, connections, kept } = hold;
  const whose = { current: "current", recommended: proposed, guide: "the guide's preset" }[settings];
  const of = `of ${count(connections)} ${connections === 1 ? "connection" : "connections"}`;
  const unused = `in ${period(idle)} without use`;
  const what =
    hold.held === null
      ? `can't tell whether it keeps connections ${unused}`
      : hold.held
        ? `kept ${count(kept)} ${of} ${unused}`
        : `lost ${count(connections - kept)} ${of} ${unused}`;
  return sentence(`${whose}, interval ${period(every)}: ${what}`);
}

function paintOf({ held }: HoldResult, style: Style): (line: string) => string {
  if (held === null) return style.yellow;
  return held ? style.green : style.red;
}

function legend({ figures, rounds }: ProofResult): string[] {
  if (figures.length === 0) return [];
  const isShort = figures.some(({ current, recommended, ratio }) =>
    [current, recommended, ratio].includes(null),
  );
  const measured = rounds === 1 ? "1 round of each" : `${count(rounds)} rounds of each, in turn`;
  return [
    `${measured}. ${figures.some(({ counts }) => counts) ? "* is what the workload is judged by." : ""}`.trim(),
    ...(isShort ? [`${NO_FIGURE}: too few operations to tell.`] : []),
  ];
}

function failures({ failed: { current, recommended } }: ProofResult, proposed: string): string {
  if (current === 0 && recommended === 0) return "No operation failed.";
  return `Operations that failed: current ${count(current)}, ${proposed} ${count(recommended)}.`;
}
