import type { BenchResult, GateResult } from "../../bench/result.js";
import { caveats, findingAndReason } from "./finding.js";

/** GitHub shows so many of each kind for a step, and drops the others without a word. */
const MOST_SHOWN = 10;

type Kind = "error" | "warning";
interface Annotation {
  readonly title: string;
  readonly message: string;
}

/**
 * Lines that a GitHub workflow shows as annotations: an error for each gate that failed; a warning for each that
 * is inconclusive, and for what makes the figures less than they seem.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubCommands(result: BenchResult): string[] {
  const of = (verdict: GateResult["verdict"], title: string): Annotation[] =>
    result.gates
      .filter((gate) => gate.verdict === verdict)
      .map((gate) => ({ title, message: `${gate.threshold}: ${findingAndReason(gate)}` }));
  const warnings = [
    ...of("inconclusive", "turso-pool: inconclusive"),
    ...caveats(result).map((message) => ({ title: "turso-pool", message })),
  ];
  return [...commands("error", of("fail", "turso-pool: gate failed")), ...commands("warning", warnings)];
}

function commands(kind: Kind, all: readonly Annotation[]): string[] {
  const shown = all.length <= MOST_SHOWN ? all : all.slice(0, MOST_SHOWN - 1);
  const rest = all.length - shown.length;
  const more = rest > 0 ? [{ title: "turso-pool", message: `and ${rest} more: see the summary` }] : [];
  return [...shown, ...more].map(
    ({ title, message }) => `::${kind} title=${property(title)}::${data(message)}`,
  );
}

/** As the actions toolkit escapes what follows `::`. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** As it escapes a property's value. */
function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
