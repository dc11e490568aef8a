import { Flags } from "@oclif/core";
import { parseOutput } from "./output-kinds.js";
import type { Output } from "./output-kinds.js";

/** Where else a result goes. */
export const outputFlags = {
  output: Flags.custom<Output>({
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: "OUTPUT",
    helpValue: "<file>",
    description:
      "Write the result to a file too; repeatable. By its ending: .json, .md, .xml (JUnit, a case for each gate), .csv, " +
      ".hgrm (HDR percentiles). Or as <kind>=<file>, the kinds being json, markdown, junit, csv, hgrm, github-smaller and " +
      "github-bigger (for github-action-benchmark), and bencher.",
    parse: async (text) => parseOutput(text),
  })(),
  github: Flags.boolean({
    helpGroup: "OUTPUT",
    description: "Append a summary to $GITHUB_STEP_SUMMARY, and print annotations for a GitHub workflow.",
  }),
};
