import type { TuneResult } from "../tune/result.js";
import type { Style } from "./style.js";
import { billLines } from "./tune-report/bill.js";
import { costTable } from "./tune-report/cost-table.js";
import { idleTables } from "./tune-report/idle-tables.js";
import { paragraph, sentence } from "./tune-report/paragraph.js";
import { proofTable } from "./tune-report/proof-table.js";
import { readyToPaste } from "./tune-report/ready-to-paste.js";
import { settingsTable } from "./tune-report/settings-table.js";
import { sizeTable } from "./tune-report/size-table.js";
import { tuneHeading } from "./tune-report/tune-heading.js";
import { tuneVerdict } from "./tune-report/tune-verdict.js";

/** All that was found, for people: what to do first, then why, and what to paste last. */
export function tuneReport(result: TuneResult, style: Style, columns: number): string {
  const notes = result.notes.map((note) => paragraph(sentence(note), columns, "- "));
  return [
    tuneHeading(result, style, columns),
    tuneVerdict(result, style, columns),
    settingsTable(result, style, columns),
    costTable(result, style, columns),
    idleTables(result, style, columns),
    sizeTable(result, style, columns),
    proofTable(result, style, columns),
    billLines(result, style, columns),
    notes.length === 0 ? "" : [style.bold("Notes"), ...notes].join("\n"),
    readyToPaste(result, style, columns),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
