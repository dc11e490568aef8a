import type { Interval } from "../../stats/bootstrap.js";
import type { LevelResult, ScalabilityResult, SizeResult, TuneResult } from "../../tune/result.js";
import { borderless, firstThatFits, type Column } from "../borderless.js";
import { count, milliseconds, millisecondsBetween, NO_FIGURE, plain, rate, ratesBetween } from "../format.js";
import type { Style } from "../style.js";
import { paragraph, withStop } from "./paragraph.js";
import { section } from "./section.js";

/** Where more connections stop helping, and how many it takes. */
export function sizeTable(result: TuneResult, style: Style, columns: number): string {
  const { size } = result;
  const table = size === null || size.levels.length === 0 ? undefined : levels(size, style, columns);
  const lines = size === null ? [] : [ended(size), knee(size), fitted(size.fit), needed(size)];
  const blank = table?.includes(NO_FIGURE) === true ? [`${NO_FIGURE}: too few operations to tell.`] : [];
  const notes = [...blank, ...lines].map((line) => paragraph(line, columns));
  return section("Size", "size", result, [table, ...notes], style, columns);
}

const BAR = 12;

function levels({ levels: rows, knee: at }: SizeResult, style: Style, columns: number): string {
  const most = Math.max(...rows.map(({ throughput_per_second: rate }) => rate ?? 0));
  const bar = ({ throughput_per_second: value }: LevelResult): string => {
    if (value === null || most <= 0) return " ".repeat(BAR);
    const length = Math.max(1, Math.round((value / most) * BAR));
    return style.green("█".repeat(length)) + " ".repeat(BAR - length);
  };
  const every: Column<LevelResult>[] = [
    {
      head: "at once",
      cell: ({ concurrency }) => style.bold(`${count(concurrency)}${concurrency === at ? " (knee)" : ""}`),
    },
    { head: "per second", cell: ({ throughput_per_second: value }) => rate(value) },
    { head: "95% interval", cell: ({ throughput_interval_95: ends }) => ratesBetween(ends) },
    { head: "P95 ms", cell: ({ p95_ms: value }) => milliseconds(value) },
    { head: "95% interval", cell: ({ p95_interval_95: ends }) => millisecondsBetween(ends) },
    ...(rows.some(({ failed }) => failed > 0)
      ? [{ head: "failed", cell: ({ failed }: LevelResult) => (failed > 0 ? style.red(count(failed)) : "0") }]
      : []),
  ];
  const table = (all: readonly Column<LevelResult>[], gap?: number): string =>
    borderless(all, rows, style, gap);
  const barred = [...every, { head: "", cell: bar }];
  const figures = every.filter(({ head }) => head !== "95% interval");
  return firstThatFits([table(barred), table(barred, 1), table(every, 1), table(figures, 1)], columns);
}

function ended({ ended_by: by, tried }: SizeResult): string {
  const connections = tried === 1 ? "1 connection" : `${count(tried)} connections`;
  switch (by) {
    case "ceiling":
      return `It went up to ${connections}, the most that it was to try.`;
    case "past the knee":
      return `It went up to ${connections}, which is past the knee.`;
    case "refused":
      return `It ended after ${connections}: more were refused.`;
    case "failures":
      return `It ended after ${connections}: with more, operations failed.`;
    case "budget":
      return `It ended after ${connections}: its time was up.`;
    case "interrupted":
      return `It ended after ${connections}: it was interrupted.`;
  }
}

function knee({ knee: at, tried, ended_by: by }: SizeResult): string {
  if (at !== null) {
    return `The knee is at ${count(at)}: beyond it, latency grows faster than throughput.`;
  }
  return by === "ceiling" ? `No knee with up to ${count(tried)} at once.` : "No knee until then.";
}

function needed({ size, rule }: SizeResult): string {
  const connections = size === 1 ? "1 connection" : `${count(size)} connections`;
  return `This workload needs ${connections}: ${withStop(rule)}`;
}

/** The law is named for those who want to look it up. */
function fitted(fit: ScalabilityResult | null): string {
  if (fit === null) return "The Universal Scalability Law could not be fitted to these figures.";
  const { gamma, alpha, beta, r_squared: share, knee: at, knee_interval_95: ends } = fit;
  return (
    `Universal Scalability Law: γ ${rate(gamma)}/s, α ${plain(alpha)}, β ${plain(beta)}, R² ${plain(share)}; ` +
    (at === null ? "its knee is beyond what was tried." : `its knee is at ${plain(at)}${within(ends)}.`)
  );
}

function within(ends: Interval | null): string {
  return ends === null ? "" : ` (95% interval ${plain(ends.low)} to ${plain(ends.high)})`;
}
