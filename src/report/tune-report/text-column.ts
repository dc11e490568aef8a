import { stripVTControlCharacters } from "node:util";
import { borderless, type Column } from "../borderless.js";
import type { Style } from "../style.js";
import { linesOf } from "./paragraph.js";

const GAP = 2;
/** In fewer columns than these, sentences are a ribbon. */
const LEAST = 30;

/** The last column of a table: text that is wrapped. */
export interface TextColumn<Row> {
  readonly head: string;
  readonly text: (row: Row) => string;
  readonly paint?: (row: Row, line: string) => string;
}

/** A table of figures with text beside it; `undefined` where there is no room for text. */
export function withText<Row>(
  figures: readonly Column<Row>[],
  { head, text, paint = (_, line) => line }: TextColumn<Row>,
  rows: readonly Row[],
  style: Style,
  columns: number,
): string | undefined {
  const [first, ...others] = figures;
  if (first === undefined) return undefined;
  // Blank lines in the first column make room for the text.
  const table = (height: (row: Row) => number): string[] =>
    borderless(
      [{ head: first.head, cell: (row) => first.cell(row) + "\n".repeat(height(row) - 1) }, ...others],
      rows,
      style,
    ).split("\n");
  const width = Math.max(...table(() => 1).map(lengthOf)) + GAP;
  const room = columns - width;
  if (room < LEAST) return undefined;
  const texts = new Map(rows.map((row) => [row, linesOf(text(row), room)]));
  const headLines = Math.max(...figures.map((one) => one.head.split("\n").length));
  const right = [
    style.dim(head),
    ...Array.from({ length: headLines - 1 }, () => ""),
    ...rows.flatMap((row) => (texts.get(row) ?? []).map((line) => (line === "" ? "" : paint(row, line)))),
  ];
  return table((row) => texts.get(row)?.length ?? 1)
    .map((left, at) => `${left}${" ".repeat(width - lengthOf(left))}${right[at] ?? ""}`.trimEnd())
    .join("\n");
}

/** Columns on a terminal, colours aside. */
function lengthOf(line: string): number {
  return stripVTControlCharacters(line).length;
}
