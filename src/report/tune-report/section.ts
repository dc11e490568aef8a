import type { PhaseName, PhaseResult, TuneResult } from "../../tune/result.js";
import { count, stretch } from "../format.js";
import type { Style } from "../style.js";
import { paragraph, sentence } from "./paragraph.js";

/**
 * What a phase found, under its heading. One that was not done in full says so first, and why; one that found
 * nothing is never left out.
 */
export function section(
  heading: string,
  phase: PhaseName,
  result: TuneResult,
  found: readonly (string | undefined)[],
  style: Style,
  columns: number,
): string {
  const ran = result.phases.find((one) => one.phase === phase);
  const parts = found.filter((part) => part !== undefined && part !== "");
  const isWhole = ran?.outcome === "done";
  return [
    paragraph(`${style.bold(heading)}${ran === undefined ? "" : style.dim(effort(ran))}`, columns),
    ...(isWhole ? [] : [paragraph(shortfall(ran, result), columns, "", paintOf(ran, style))]),
    ...(isWhole && parts.length === 0 ? ["It found nothing that could be told."] : parts),
  ].join("\n");
}

/** What it took: ` · 2.1 s, 2 connections at most, 60 queries`; nothing of a phase that had no time to begin. */
function effort({ outcome, took_ms: took, peak_connections: peak, queries }: PhaseResult): string {
  if (outcome === "skipped" || (outcome === "cut short" && queries === 0)) return "";
  const connections = `${count(peak)} ${peak === 1 ? "connection" : "connections"} at most`;
  return ` · ${stretch(took)}, ${connections}, ${count(queries)} ${queries === 1 ? "query" : "queries"}`;
}

const OUTCOME: Readonly<Record<PhaseResult["outcome"], string>> = {
  done: "Done",
  "cut short": "Cut short",
  skipped: "Skipped",
  failed: "Failed",
};

function shortfall(ran: PhaseResult | undefined, result: TuneResult): string {
  if (ran !== undefined) {
    return sentence(`${OUTCOME[ran.outcome]}${ran.reason === null ? "" : `: ${ran.reason}`}`);
  }
  if (result.interrupted) return "Not reached: it was interrupted before.";
  return result.error === null ? "Not reached." : "Not reached: it ended before.";
}

function paintOf(ran: PhaseResult | undefined, style: Style): (text: string) => string {
  if (ran?.outcome === "failed") return style.red;
  return ran?.outcome === "skipped" ? style.dim : style.yellow;
}
