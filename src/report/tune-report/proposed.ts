import type { TuneResult, VerdictResult } from "../../tune/result.js";

/** What the settings that were derived are called: only what was proven is recommended. */
const PROPOSED: Readonly<Record<VerdictResult["verdict"], string>> = {
  "use the recommended settings": "recommended",
  "keep what you have": "tried",
  "do not pool": "if pooled",
  "not proven": "derived",
};

export function proposedAs({ verdict }: TuneResult): string {
  return PROPOSED[verdict.verdict];
}
