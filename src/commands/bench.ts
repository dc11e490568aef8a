import { Flags } from "@oclif/core";
import { checkPlan, STRATEGY_NAMES, type BenchPlan, type Length, type StrategyName } from "../bench/plan.js";
import type { BenchResult } from "../bench/result.js";
import { parseQuery, refuseWrites } from "../bench/workload.js";
import { BaseCommand } from "../cli/base-command.js";
import { connectionFlags, duration, poolFlags, poolSettings, wholeNumber } from "../cli/flags.js";
import { Interruption } from "../cli/interruption.js";
import { runLoad } from "../cli/load/run-load.js";
import { openSession } from "../cli/open-session.js";
import { ProgressLine } from "../cli/progress-line.js";
import { benchReport } from "../report/bench-report.js";

const DEFAULT_OPERATIONS = 2_000;

export default class Bench extends BaseCommand {
  static override summary = "Measure what reusing connections saves on your database, from here.";
  static override description = `Runs the same operations unpooled, on one shared client, on a pool and on a keep-alive pool, in interleaved blocks, and compares latency, throughput and the sockets opened. Without --url it brings its own libSQL server.`;
  static override examples = [
    "<%= config.bin %> bench",
    "<%= config.bin %> bench --url libsql://name.turso.io --operations 200",
    "<%= config.bin %> bench --query 'SELECT * FROM items WHERE id = 7@9' --query 'SELECT count(*) FROM items@1'",
    "<%= config.bin %> bench --strategy client --strategy keepalive --duration 10s --json",
  ];

  static override flags = {
    ...connectionFlags,
    strategy: Flags.option({
      options: STRATEGY_NAMES,
      multiple: true,
      multipleNonGreedy: true,
      description: "How operations get their connection; repeatable. Default: all.",
    })(),
    query: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: "<sql[@weight]>",
      description: "Statement to run; repeatable, drawn by weight. [default: SELECT 1]",
    }),
    "allow-writes": Flags.boolean({
      description: "Run statements that write on a database that is not the embedded one.",
    }),
    concurrency: wholeNumber({ default: 4, description: "Callers, each with one operation at a time." }),
    operations: wholeNumber({
      exclusive: ["duration"],
      description: `Operations for each strategy. [default: ${DEFAULT_OPERATIONS}]`,
    }),
    duration: duration({ description: "Measure each strategy for so long instead." }),
    warmup: wholeNumber({
      least: 0,
      default: 200,
      description: "Operations for each strategy beforehand, in no figure.",
    }),
    rounds: wholeNumber({
      default: 10,
      description: "Blocks for each strategy, interleaved with the others'.",
    }),
    seed: wholeNumber({ least: 0, description: "Repeats a run's order and statements. Default: drawn." }),
    timeout: duration({
      default: 30_000,
      defaultHelp: async () => "30s",
      description: "An operation that takes longer counts as a timeout.",
    }),
    ...poolFlags,
  };

  async run(): Promise<BenchResult> {
    const { flags } = await this.parse(Bench);
    const queries = (flags.query ?? ["SELECT 1"]).map(parseQuery);
    const rounds = flags.rounds;
    const length: Length =
      flags.duration === undefined
        ? { kind: "operations", operations: flags.operations ?? DEFAULT_OPERATIONS }
        : { kind: "duration", duration: flags.duration };
    const plan: BenchPlan = checkPlan({
      strategies: STRATEGY_NAMES.filter((name: StrategyName) => flags.strategy?.includes(name) ?? true),
      queries,
      concurrency: flags.concurrency,
      length,
      warmupOperations: flags.warmup,
      rounds: length.kind === "operations" ? Math.min(rounds, length.operations) : rounds,
      seed: flags.seed ?? Math.floor(Math.random() * 1_000_000),
      settle: 50,
      operationTimeout: flags.timeout,
      connectTimeout: flags["connect-timeout"],
      pool: poolSettings(flags),
    });

    using interruption = new Interruption();
    await using session = await openSession(flags.url, interruption.signal);
    const { target, server } = session;
    if (server === undefined && !flags["allow-writes"]) refuseWrites(queries, target.display);
    if (server)
      this.say(
        `No --url: measuring an embedded libSQL server at ${target.display}; give --url for your own database.`,
      );
    const progress = new ProgressLine(process.stderr);
    const result = await runLoad(plan, {
      target,
      embedded: server !== undefined,
      caFile: server?.caFile,
      interruption,
      onProgress: (at) =>
        progress.show(`${at.phase === "warmup" ? "warming up" : "measuring"} ${at.strategy}`, at.fraction),
    }).finally(() => progress.end());
    const accepted = server ? (await server.metrics()).socketsAccepted : null;
    const whole: BenchResult = { ...result, sockets: { ...result.sockets, accepted_by_server: accepted } };
    if (!this.jsonEnabled()) this.log(benchReport(whole, this.colors("stdout")));
    process.exitCode = interruption.exitCode ?? 0;
    return whole;
  }
}
