import { BaseCommand } from "../cli/base-command.js";
import { poolFlags } from "../cli/flags.js";
import { Interruption } from "../cli/interruption.js";
import { ProgressLine } from "../cli/progress-line.js";
import { readerGone } from "../cli/reader.js";
import { columns } from "../cli/terminal.js";
import { applyResult, readApplied } from "../cli/tune-apply.js";
import { tuneFlags, tunePlan } from "../cli/tune-flags.js";
import { outcomeOf } from "../cli/tune-outcome.js";
import { TuneSteps } from "../cli/tune-progress.js";
import { dryRun, tune } from "../cli/tune-run.js";
import { realClock } from "../core/clock.js";
import { tunePlanReport } from "../report/tune-plan-report.js";
import { tuneReport } from "../report/tune-report.js";
import type { TunePlanResult, TuneResult } from "../tune/result.js";

export default class Tune extends BaseCommand {
  static override summary =
    "Find the settings that fit your traffic by measuring, and prove them by measuring again.";
  static override description = `Finds how long idle connections live, and where more connections stop helping; derives the pool's settings from that, and runs them against what you have now. What you have now is what the pool's flags, their variables and the configuration file say. It only reads. Without --url it brings its own libSQL server.`;
  static override examples = [
    "<%= config.bin %> tune --url libsql://name.turso.io --workload high-frequency",
    "<%= config.bin %> tune --rate 50/s --burst 10 --gap 30s --read-write 90:10 --dry-run",
    "<%= config.bin %> tune --workload low-frequency --apply turso-pool.config.json",
    "<%= config.bin %> tune --idle-timeout 7s --http-keep-alive 5s --transport http",
  ];

  static override flags = tuneFlags;

  async run(): Promise<TuneResult | TunePlanResult> {
    const { flags: given } = await this.parse(Tune);
    const current = await readApplied({ flags: given, sources: this.sourcesOf(Object.keys(poolFlags)) });
    const { flags } = current;
    const plan = tunePlan(current);
    const style = this.colors("stdout");
    if (flags["dry-run"]) {
      const planned = await dryRun(flags, plan);
      if (!this.jsonEnabled()) this.log(tunePlanReport(planned, style, columns()));
      return planned;
    }
    using interruption = new Interruption();
    const line = new ProgressLine(process.stderr, { stopping: interruption.signal });
    const steps = new TuneSteps(realClock);
    const result = await tune(flags, plan, {
      clock: realClock,
      signal: AbortSignal.any([interruption.signal, readerGone()]),
      onProgress: (progress) => line.show(steps.next(progress)),
      say: (text) => this.say(text),
    }).finally(() => line.end());
    if (!this.jsonEnabled()) this.log(tuneReport(result, style, columns()));
    const { lines, unwritten } = await applyResult(flags.apply, result, style);
    const print = (text: string): void => (this.jsonEnabled() ? this.say(text) : this.log(text));
    if (lines.length > 0 && !this.jsonEnabled()) this.log("");
    lines.forEach(print);
    const { exitCode, errors } = outcomeOf(result, { interrupted: interruption.exitCode, unwritten });
    for (const { message, hint } of errors) this.tell("Error:", message, hint);
    process.exitCode = exitCode;
    return result;
  }
}
