import type { CostResult, TransportName, TuneResult } from "../../tune/result.js";
import type { Style } from "../style.js";
import { configSnippet } from "../tune-snippets/config-file.js";
import { environmentSnippet } from "../tune-snippets/environment.js";
import { pastedFrom } from "../tune-snippets/pasted.js";
import { rustSnippet, unpooledRustSnippet } from "../tune-snippets/rust.js";
import { typescriptSnippet, unpooledSnippet } from "../tune-snippets/typescript.js";
import { paragraph } from "./paragraph.js";

/** What to paste for what the verdict says; or that there is nothing, and why. Code is not wrapped. */
export function readyToPaste(result: TuneResult, style: Style, columns: number): string {
  const { verdict } = result.verdict;
  const part = (name: string, code: string): string => `${paragraph(style.bold(name), columns)}\n\n${code}`;
  const nothing = (why: string): string => `${style.bold("Nothing to paste")}\n${paragraph(why, columns)}`;
  switch (verdict) {
    case "keep what you have":
      return nothing("What you have stays as it is; --json has the values that were tried.");
    case "not proven":
      return nothing(
        result.settings.length === 0
          ? "No settings were derived."
          : "What was derived was not proven to be better than what you have.",
      );
    case "do not pool":
      return [
        part("To paste: TypeScript, without a pool", unpooledSnippet(urlFor(result))),
        part("To paste: the guide's Rust, without a pool", unpooledRustSnippet()),
      ].join("\n\n");
    case "use the recommended settings": {
      const settings = pastedFrom(result.settings, isLocal(result));
      if (Object.keys(settings).length === 0) return nothing("No settings were derived.");
      return [
        part("To paste: TypeScript", typescriptSnippet(settings, urlFor(result))),
        part("To paste: turso-pool.config.json", configSnippet(settings)),
        part(
          "To paste: environment, for turso-pool and optionsFromEnvironment()",
          environmentSnippet(settings),
        ),
        part("To paste: the guide's Rust", rustSnippet(settings)),
      ].join("\n\n");
    }
  }
}

function isLocal({ target }: TuneResult): boolean {
  return target.transport === "file" || target.transport === "memory";
}

/** The embedded server is gone when the snippet is used. */
const PLACEHOLDER: Readonly<Record<TransportName, string>> = {
  http: "libsql://your-database.turso.io",
  ws: "wss://your-database.turso.io",
  file: "file:your.db",
  memory: ":memory:",
};

/** The database over the recommended transport. */
function urlFor({ target, settings, cost, verdict }: TuneResult): string {
  const setting = settings.find((one) => one.setting === "transport");
  const wanted = verdict.verdict === "do not pool" ? target.transport : setting?.recommended;
  const transport = isTransport(wanted) ? wanted : target.transport;
  if (target.embedded) return PLACEHOLDER[transport];
  if (transport === target.transport) return target.url;
  const other = cost.find((one: CostResult) => one.transport === transport);
  return other?.url ?? target.url;
}

function isTransport(value: unknown): value is TransportName {
  return typeof value === "string" && Object.hasOwn(PLACEHOLDER, value);
}
