import wrapAnsi from "wrap-ansi";
import type { Change, CompareResult, SavedRun } from "../bench/compare-saved/result.js";
import { changeTable, shownOf } from "./compare-report/change-table.js";
import { count, NO_FIGURE, quantity, span } from "./format.js";
import type { Style } from "./style.js";

/** Where it is narrower, tables are cut off rather than made of fewer figures. */
const NARROWEST_TABLE = 80;

const APART =
  "Runs apart in time differ also in what machine, network and database did meanwhile: bench --against measures two databases in turn, in one run.";

/** Saved results side by side, for people: no wider than `columns`, tables not narrower than they can be. */
export function compareReport(result: CompareResult, style: Style, columns: number): string {
  const wrap = (text: string): string => wrapAnsi(text, columns);
  const { base, heads, plan } = result;
  const blocks = heads.map((head) => {
    const shown = shownOf(head.changes, plan);
    const table = changeTable(shown, style, Math.max(columns, NARROWEST_TABLE));
    return { head, table, tally: tally(head.file, shown, style) };
  });
  const notes = [...legend(blocks.map(({ table }) => table)), APART];
  return [
    [wrap(load(plan)), ...runLines("base", base, style).map(wrap)].join("\n"),
    ...blocks.flatMap((block) => [
      runLines("head", block.head, style).map(wrap).join("\n"),
      block.table,
      wrap(block.tally),
    ]),
    notes.map((line) => style.dim(wrap(line))).join("\n"),
  ].join("\n\n");
}

/** What all of the results are of. */
function load(plan: CompareResult["plan"]): string {
  const { loop, rate_per_second: rate, gap_ms: gap, concurrency, operations, duration_ms: duration } = plan;
  const loads = {
    closed: "closed loop",
    open: `open loop at ${quantity(rate, "per_second")}`,
    gap: `a gap of ${span(gap ?? 0)} before each operation`,
  };
  const length = duration === null ? `${count(operations)} operations` : span(duration);
  const rounds = plan.rounds === 1 ? "1 round" : `${count(plan.rounds)} rounds`;
  return `${loads[loop]} · concurrency ${count(concurrency)} · ${length} of each strategy · ${rounds}`;
}

/** Which result it is, and what has to be known of it. */
function runLines(side: "base" | "head", run: SavedRun, style: Style): string[] {
  const { file, started_at: at, target, warnings } = run;
  const when = `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const where = target.embedded ? "embedded server" : target.url;
  return [
    `${side}  ${style.bold(file)} · ${when} · ${where}`,
    ...warnings.map((text) => `${style.yellow("Warning:")} ${text}.`),
  ];
}

/** What there is to see in a table, in a line. */
function tally(file: string, shown: readonly Change[], style: Style): string {
  const number = (which: Change["verdict"]): number =>
    shown.filter(({ verdict }) => verdict === which).length;
  const [worse, better] = [number("worse"), number("better")];
  const untold = shown.filter(({ reason }) => reason !== null).length;
  const parts = [
    ...(worse > 0 ? [style.red(`${count(worse)} worse`)] : []),
    ...(better > 0 ? [style.green(`${count(better)} better`)] : []),
    ...(worse + better === 0 ? ["no difference to speak of"] : []),
    ...(untold > 0 ? [`${count(untold)} can't be told`] : []),
  ];
  return `${file}: ${parts.join(", ")}, of ${count(shown.length)} figures (more are in --json).`;
}

function legend(tables: readonly string[]): string[] {
  const blank = tables.some((table) => table.includes(NO_FIGURE));
  return [
    "± and the ends in brackets are 95% intervals. ~ is no difference to speak of: less than 1%, or an interval with 0 in it, or rounds that overlap too much (Mann-Whitney p of 0.05 or more). Chance alone makes up to 1 in 20 differ.",
    ...(blank ? [`${NO_FIGURE}: not measured, or too little to tell (--json gives the reasons).`] : []),
  ];
}
