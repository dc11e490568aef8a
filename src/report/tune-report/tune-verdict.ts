import type { TuneResult, VerdictResult } from "../../tune/result.js";
import type { Style } from "../style.js";
import { paragraph, sentence, withStop } from "./paragraph.js";

const SAID: Readonly<Record<VerdictResult["verdict"], string>> = {
  "use the recommended settings": "Use the recommended settings.",
  "keep what you have": "Keep what you have.",
  "do not pool": "Do not pool: open a connection for each operation.",
  "not proven": "Not proven: it was not measured to the end.",
};

/** What to do, and why; above it what ended it early. */
export function tuneVerdict(result: TuneResult, style: Style, columns: number): string {
  const { verdict, interrupted, error } = result;
  return [
    ...(error === null ? [] : [paragraph(`Ended early: ${withStop(error.message)}`, columns, "", style.red)]),
    ...(error?.hint == null ? [] : [paragraph(sentence(error.hint), columns)]),
    ...(interrupted || error !== null
      ? [paragraph("What follows is what was found until then.", columns, "", style.yellow)]
      : []),
    paragraph(SAID[verdict.verdict], columns, "", (line) => style.bold(paintOf(verdict, style)(line))),
    ...verdict.reasons.map((reason) => paragraph(sentence(reason), columns, "- ")),
  ].join("\n");
}

function paintOf({ verdict }: VerdictResult, style: Style): (line: string) => string {
  switch (verdict) {
    case "use the recommended settings":
      return style.green;
    case "keep what you have":
      return (line) => line;
    case "do not pool":
    case "not proven":
      return style.yellow;
  }
}
