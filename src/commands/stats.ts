import { BaseCommand } from "../cli/base-command.js";
import { Interruption } from "../cli/interruption.js";
import { ProgressLine } from "../cli/progress-line.js";
import { readerGone } from "../cli/reader.js";
import { rehearse } from "../cli/rehearse-run.js";
import { statsFlags, type StatsFlags } from "../cli/stats-flags.js";
import { outcomeOf } from "../cli/stats-outcome.js";
import { watchPool, type StatsRun } from "../cli/stats-run.js";
import { jsonLines, textView } from "../cli/stats-view.js";
import { columns } from "../cli/terminal.js";
import { realClock } from "../core/clock.js";
import type { RehearsalResult } from "../rehearse/result.js";
import { rehearsalReport } from "../report/rehearsal-report.js";
import { statsReport } from "../report/stats-report.js";
import type { StatsResult } from "../watch/result.js";

export default class Stats extends BaseCommand {
  static override summary = "Watch a keep-alive pool: is it healthy, and what to change if not.";
  static override description = `Holds a pool open on your database under a light load, or under none at all (--idle), shows what becomes of it, and at the end its statistics, and alerts with what to do about them. With --attach it watches the pool of an application that serves its statistics. With --rehearse it shows what a plain client and the pool make of faults of networks and servers. Without --url it brings its own libSQL server.`;
  static override examples = [
    "<%= config.bin %> stats --url libsql://name.turso.io --duration 5m",
    "<%= config.bin %> stats --idle --min-connections 3 --duration 10m --fail-on-alert",
    "<%= config.bin %> stats --rehearse --url libsql://name.turso.io",
    "<%= config.bin %> stats --attach http://localhost:9464",
    "<%= config.bin %> stats --attach /run/app/statistics.sock --duration 1m --json-lines",
  ];

  static override flags = statsFlags;

  async run(): Promise<StatsResult | RehearsalResult> {
    const { flags } = await this.parse(Stats);
    using interruption = new Interruption();
    const signal = AbortSignal.any([interruption.signal, readerGone()]);
    if (flags.rehearse) return await this.#rehearse(flags, signal, interruption);
    const isText = !this.jsonEnabled() && !flags["json-lines"];
    const stream = isText ? "stdout" : "stderr";
    const view = flags["json-lines"]
      ? jsonLines((line) => this.log(line))
      : textView(process[stream], this.colors(stream), interruption.signal);
    const run: StatsRun = {
      clock: realClock,
      signal,
      onLook: (look) => view.show(look),
      say: (line) => this.say(line),
    };
    const result = await watchPool(flags, run).finally(() => view.end());
    if (isText) this.log(statsReport(result, this.colors("stdout"), columns()));
    if (flags["json-lines"]) this.log(JSON.stringify(result));
    const failOnAlert = flags["fail-on-alert"];
    const { exitCode, error, warning } = outcomeOf(result, {
      interrupted: interruption.exitCode,
      failOnAlert,
    });
    if (error) this.tell("Error:", error.message, error.hint);
    if (warning !== undefined) this.say(`${this.colors("stderr").yellow("Warning:")} ${warning}.`);
    process.exitCode = exitCode;
    return result;
  }

  async #rehearse(
    flags: StatsFlags,
    signal: AbortSignal,
    interruption: Interruption,
  ): Promise<RehearsalResult> {
    const line = new ProgressLine(process.stderr, { stopping: interruption.signal });
    const result = await rehearse(flags, {
      ...{ clock: realClock, signal },
      onStep: (step) => line.show(step),
      say: (text) => this.say(text),
      onLastAct: (act) => interruption.onLastAct(act),
    }).finally(() => line.end());
    if (!this.jsonEnabled()) this.log(rehearsalReport(result, this.colors("stdout"), columns()));
    process.exitCode = interruption.exitCode ?? 0;
    return result;
  }
}
