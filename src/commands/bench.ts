import { contestantsOf } from "../bench/contestants.js";
import type { BenchResult } from "../bench/result.js";
import { BaseCommand } from "../cli/base-command.js";
import { benchFlags, benchPlan } from "../cli/bench-flags.js";
import { outcomeOf } from "../cli/bench-outcome.js";
import { prepareGates } from "../cli/gates.js";
import { checkGithub } from "../cli/github.js";
import { Interruption } from "../cli/interruption.js";
import { loadTarget } from "../cli/load/load-target.js";
import { runLoad } from "../cli/load/run-load.js";
import { embeddedChoices } from "../cli/network-flags.js";
import { againstTarget, openSession } from "../cli/open-session.js";
import { checkWritable } from "../cli/outputs.js";
import { ProgressLine } from "../cli/progress-line.js";
import { saveResult } from "../cli/save-result.js";
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
    const outputs = flags.output ?? [];
    checkWritable(
      outputs,
      contestantsOf(plan).map(({ name }) => name),
    );
    const noSummary = flags.github ? checkGithub(process.env) : undefined;
    if (noSummary !== undefined) this.say(noSummary);
    using interruption = new Interruption();
    const session = { url: flags.url, embedded: embeddedChoices(flags, plan.seed) };
    await using opened = await openSession(session, interruption.signal);
    const { target, server, network, lost } = opened;
    const head = loadTarget(target, { embedded: server !== undefined, network });
    const base =
      flags.against === undefined
        ? undefined
        : loadTarget(againstTarget(flags.against, target), { embedded: false, network: null });
    const { gates, remark } = await prepareGates(flags, plan, head.shown, interruption.signal);
    if (server) this.say(`No --url: measuring an embedded libSQL server, ${target.display}.`);
    if (remark !== null) this.say(remark);
    // What is written to the embedded database goes with it.
    const allowWrites = plan.allowWrites || (server !== undefined && base === undefined);
    const progress = new ProgressLine(process.stderr, { stopping: interruption.signal });
    const measured = await runLoad(
      { plan: { ...plan, allowWrites }, gates, head, base },
      { caFile: server?.caFile, interruption, lost, onProgress: (at) => progress.show(at) },
    ).finally(() => progress.end());
    const accepted = server && !lost.aborted ? (await server.metrics()).socketsAccepted : null;
    const result = { ...measured, sockets: { ...measured.sockets, accepted_by_server: accepted } };
    if (!this.jsonEnabled()) this.log(benchReport(result, this.colors("stdout"), columns()));
    const unwritten = saveResult(result, outputs, flags.github, (line) =>
      this.jsonEnabled() ? this.say(line) : this.log(line),
    );
    const outcome = outcomeOf(result, {
      interrupted: interruption.exitCode,
      serverLost: lost.aborted,
      unwritten,
      onInconclusive: flags["on-inconclusive"],
    });
    const { red, yellow } = this.colors("stderr");
    for (const warning of outcome.warnings) this.say(`${yellow("Warning:")} ${warning}.`);
    for (const error of outcome.errors) this.say(`${red("Error:")} ${error}.`);
    process.exitCode = outcome.exitCode;
    return result;
  }
}
