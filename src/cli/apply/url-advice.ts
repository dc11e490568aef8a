import { parseTarget, type Target } from "../../libsql/target.js";
import { overOtherTransport } from "../tune-ways.js";
import { lineOf } from "./edit-json.js";

/** What to change by hand where the file names a database over another transport than what was recommended. */
export function urlAdvice(file: string, text: string, url: unknown, recommended: unknown): readonly string[] {
  const named = typeof url === "string" ? targetOf(url) : undefined;
  const other = named && overOtherTransport(named);
  const line = lineOf(text, "url");
  if (other === undefined || other.transport !== recommended || line === undefined) return [];
  const rest = String(url).includes("?") ? ", with what follows its “?”" : "";
  return [
    `${file}, line ${line}: for ${other.transport} change "url" to ${JSON.stringify(other.display)}${rest}; it is yours to change.`,
  ];
}

function targetOf(url: string): Target | undefined {
  try {
    return parseTarget(url);
  } catch {
    // Whatever uses it will say so.
    return undefined;
  }
}
