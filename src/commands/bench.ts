import { benchFlags, benchPlan } from "../cli/bench-flags.js";
import type { BenchResult } from "../bench/result.js";
import { BaseCommand } from "../cli/base-command.js";
import { EXIT, exitCodeOf } from "../cli/exit-codes.js";
import { Interruption } from "../cli/interruption.js";
import { runLoad } from "../cli/load/run-load.js";
import { embeddedChoices } from "../cli/network-flags.js";
import { openSession } from "../cli/open-session.js";
import { ProgressLine } from "../cli/progress-line.js";
import { TursoPoolError } from "../core/errors.js";
import { columns } from "../cli/terminal.js";
import { benchReport } from "../report/bench-report.js";

export default class Bench extends BaseCommand {
  static override summary = "Measure what reusing connections saves on your database, from here.";
  static override description = `Runs the same operations unpooled, on one shared client, on a pool and on a keep-alive pool, in interleaved blocks, and compares latency, throughput and the sockets opened. Without --url it brings its own libSQL server.`;
  static override examples = [
    "<%= config.bin %> bench",
    "<%= config.bin %> bench --url libsql://name.turso.io --operations 200",
    "<%= config.bin %> bench --query 'SELECT * FROM items WHERE id = 7@9' --query 'SELECT count(*) FROM items@1'",
    "<%= config.bin %> bench --strategy client --strategy keepalive --duration 10s --json",
  ];

  static override flags = benchFlags;

  async run(): Promise<BenchResult> {
    const { flags } = await this.parse(Bench);
    const plan = benchPlan(flags);
    using interruption = new Interruption();
    await using session = await openSession(
      { url: flags.url, embedded: embeddedChoices(flags, plan.seed) },
      interruption.signal,
    );
    const { target, server, lost } = session;
    if (server) this.say(`No --url: measuring an embedded libSQL server, ${target.display}.`);
    const progress = new ProgressLine(process.stderr);
    // What is written to the embedded database goes with it.
    const result = await runLoad(
      { ...plan, allowWrites: plan.allowWrites || server !== undefined },
      {
        target,
        embedded: server !== undefined,
        caFile: server?.caFile,
        interruption,
        lost,
        onProgress: (at) =>
          progress.show(`${at.phase === "warmup" ? "warming up" : "measuring"} ${at.strategy}`, at.fraction),
      },
    ).finally(() => progress.end());
    const accepted = server && !lost.aborted ? (await server.metrics()).socketsAccepted : null;
    const whole: BenchResult = { ...result, sockets: { ...result.sockets, accepted_by_server: accepted } };
    if (!this.jsonEnabled()) this.log(benchReport(whole, this.colors("stdout"), columns()));
    if (lost.aborted)
      this.say(`${this.colors("stderr").red("Error:")} the embedded server ended in mid-run.`);
    process.exitCode = interruption.exitCode ?? (lost.aborted ? EXIT.unreachable : this.failure(whole));
    return whole;
  }

  /** 0, or the status of the first strategy that failed more often than not, with a line about each that failed. */
  private failure(result: BenchResult): number {
    const failing = result.strategies.filter(({ first_error: error }) => error !== null);
    for (const { name, operations, errors, timeouts, first_error: error } of failing) {
      const failed = errors + timeouts;
      this.say(
        `${this.colors("stderr").yellow("Warning:")} ${name}: ${failed} of ${operations + failed} operations failed, the first with: ${error?.message}.`,
      );
    }
    const worst = failing.find(
      ({ operations, errors, timeouts }) => errors + timeouts > operations,
    )?.first_error;
    return worst ? exitCodeOf(new TursoPoolError(worst.code, worst.message)) : EXIT.ok;
  }
}
