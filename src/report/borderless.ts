import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import type { Style } from "./style.js";

/** A column of a table, its cells from the row's subject. */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string;
}

/** No lines at all: ten columns have to fit in 80. */
const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
} as const;

/** A table whose first column is of names and whose others are of figures; no blanks at the ends of its lines. */
export function borderless<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  style: Style,
  gap = 2,
): string {
  const table = new Table({
    head: columns.map(({ head }) => dimmed(head, style)),
    colAligns: columns.map((_, column) => (column === 0 ? "left" : "right")),
    chars: { ...NO_LINES, middle: " ".repeat(gap) },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) table.push(columns.map(({ cell }) => cell(row)));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Line by line, so that blanks at the end of one are not followed by a code. */
function dimmed(head: string, style: Style): string {
  return head
    .split("\n")
    .map((line) => (line === "" ? "" : style.dim(line)))
    .join("\n");
}

/** The first of these tables that is no wider than this, else the last one. */
export function firstThatFits(tables: readonly string[], width: number): string {
  return tables.find((table) => widthOf(table) <= width) ?? tables.at(-1) ?? "";
}

/** Columns on a terminal, colours aside. */
function widthOf(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split("\n")
      .map((line) => line.length),
  );
}
