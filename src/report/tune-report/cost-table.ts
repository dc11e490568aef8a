import type { CostFigures, CostResult, TuneResult } from "../../tune/result.js";
import { borderless, firstThatFits, type Column } from "../borderless.js";
import { count, milliseconds, NO_FIGURE, period } from "../format.js";
import type { Style } from "../style.js";
import { paragraph, sentence } from "./paragraph.js";
import { section } from "./section.js";

/** What opening a connection and asking over it costs, a row for each transport. */
export function costTable(result: TuneResult, style: Style, columns: number): string {
  const usable = result.cost.filter(({ unavailable }) => unavailable === null);
  const every = columnsOf(style);
  const table = (all: readonly Column<CostResult>[], gap?: number): string =>
    borderless(all, usable, style, gap);
  const fewer = every.filter(({ head }) => !EXTRA.has(head));
  const shown =
    usable.length === 0 ? "" : firstThatFits([table(every), table(every, 1), table(fewer)], columns);
  const notes = result.cost.flatMap(notesOn);
  if (shown.includes(NO_FIGURE)) notes.push(`${NO_FIGURE}: too few samples to tell.`);
  return section(
    "Connecting and asking",
    "cost",
    result,
    [shown, ...notes.map((note) => paragraph(note, columns, "", style.dim))],
    style,
    columns,
  );
}

const EXTRA: ReadonlySet<string> = new Set(["\nmax", "\nP99"]);

function columnsOf(style: Style): Column<CostResult>[] {
  type Figure = "p50" | "p95" | "p99" | "max";
  const figure = (head: string, of: "open_ms" | "round_trip_ms", key: Figure): Column<CostResult> => ({
    head,
    cell: ({ [of]: figures }) => milliseconds(figures?.[key] ?? null),
  });
  const samples = (figures: CostFigures | null): string => count(figures?.samples ?? null);
  return [
    { head: "transport", cell: ({ transport }) => style.bold(transport) },
    { head: "opened", cell: ({ open_ms: open }) => samples(open) },
    figure("open\nP50 ms", "open_ms", "p50"),
    figure("\nP95", "open_ms", "p95"),
    figure("\nmax", "open_ms", "max"),
    { head: "asked", cell: ({ round_trip_ms: asked }) => samples(asked) },
    figure("statement\nP50 ms", "round_trip_ms", "p50"),
    figure("\nP95", "round_trip_ms", "p95"),
    figure("\nP99", "round_trip_ms", "p99"),
    figure("\nmax", "round_trip_ms", "max"),
  ];
}

function notesOn({ transport, url, unavailable, keep_alive_hint_ms: hint }: CostResult): string[] {
  if (unavailable !== null) return [sentence(`${transport}: ${url} could not be used: ${unavailable}`)];
  if (transport !== "http") return [];
  return [
    hint === null
      ? "http: the server announces no Keep-Alive timeout."
      : `http: the server announces a Keep-Alive timeout of ${period(hint)}.`,
  ];
}
