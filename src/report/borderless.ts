import Table from "cli-table3";
import type { Style } from "./style.js";

/** No lines at all, two spaces between columns: ten of them have to fit in 80. */
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
  middle: "  ",
} as const;

/** A table whose first column is of names and whose others are of figures. */
export function borderless(head: readonly string[], style: Style): Table.Table {
  return new Table({
    head: head.map((text) => style.dim(text)),
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
    chars: NO_LINES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
}

/** The lines of a table, without blanks at their ends. */
export function render(table: Table.Table): string {
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
