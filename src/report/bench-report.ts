import wrapAnsi from "wrap-ansi";
import type { BenchResult } from "../bench/result.js";
import { againstTable } from "./against-table.js";
import { gateList } from "./gate-list.js";
import { heading } from "./heading.js";
import { intervalTable } from "./interval-table.js";
import { keepaliveTable } from "./keepalive-table.js";
import { noiseSentence, noiseTable } from "./noise-table.js";
import { notes } from "./notes.js";
import { scheduleTable } from "./schedule-table.js";
import { strategyTable } from "./strategy-table.js";
import type { Style } from "./style.js";
import { verdict } from "./verdict.js";

/** Where it is narrower, tables are cut off rather than made of fewer figures. */
const NARROWEST_TABLE = 80;

/** The whole report of a bench run, for people: no wider than `columns`, tables not narrower than they can be. */
export function benchReport(result: BenchResult, style: Style, columns: number): string {
  const wrap = (text: string): string => wrapAnsi(text, columns);
  const width = Math.max(columns, NARROWEST_TABLE);
  const figures = [
    strategyTable(result, style, width),
    scheduleTable(result, style, width),
    intervalTable(result, style, width),
  ].filter((table) => table !== undefined);
  const noise = noiseSentence(result);
  return [
    wrap(heading(result, style)),
    ...figures,
    notes(result, figures)
      .map((text) => style.dim(wrap(text)))
      .join("\n"),
    keepaliveTable(result, style),
    againstTable(result, style),
    wrap(verdict(result)),
    noiseTable(result, style),
    noise && wrap(noise),
    gateList(result, style, columns),
  ]
    .filter((part) => part !== undefined && part !== "")
    .join("\n\n");
}
