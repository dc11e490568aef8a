import { Args } from "@oclif/core";
import { compareSaved, type Saved } from "../bench/compare-saved.js";
import type { CompareResult } from "../bench/compare-saved/result.js";
import { BaseCommand } from "../cli/base-command.js";
import { readResult } from "../cli/read-result.js";
import { columns } from "../cli/terminal.js";
import { compareReport } from "../report/compare-report.js";

export default class Compare extends BaseCommand {
  static override summary = "Put saved results of bench side by side.";
  static override description = `Compares each figure of every strategy with that of the first result: value, change, and ~ where there is no difference to speak of. All have to be of the same plan. Exits 0 whatever it finds: gates are for bench --baseline.`;
  static override examples = [
    "<%= config.bin %> bench --output before.json",
    "<%= config.bin %> compare before.json after.json",
    "<%= config.bin %> compare monday.json tuesday.json wednesday.json --json",
  ];

  static override args = {
    base: Args.string({ required: true, description: "The result that the others are compared with." }),
    head: Args.string({ required: true, multiple: true, description: "One or more other results." }),
  };

  async run(): Promise<CompareResult> {
    const { args } = await this.parse(Compare);
    const saved: Saved[] = [];
    for (const file of [args.base, ...args.head]) saved.push({ file, result: await readResult(file) });
    const [base, ...heads] = saved;
    if (base === undefined) throw new Error("bug: a base is required");
    const result = compareSaved(base, heads);
    if (!this.jsonEnabled()) this.log(compareReport(result, this.colors("stdout"), columns()));
    return result;
  }
}
