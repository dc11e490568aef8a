import type { BenchResult } from "../../bench/result.js";

/** The whole result, as `docs/bench-result.schema.json` describes it: the same document as with `--json`. */
export function json(result: BenchResult): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}
