import { readFileSync } from "node:fs";
import { Args } from "@oclif/core";
import { BaseCommand } from "../cli/base-command.js";
import { Interruption } from "../cli/interruption.js";
import { loadTarget } from "../cli/load/load-target.js";
import { describeNetwork, embeddedChoices } from "../cli/network-flags.js";
import { openSessionUnlessStopped } from "../cli/open-session.js";
import { connectionUse, namedUrl, pingFlags, pingPlan } from "../cli/ping-flags.js";
import { outcomeOf } from "../cli/ping-outcome.js";
import { failureTeller, PingOutput } from "../cli/ping-output.js";
import { readerGone } from "../cli/reader.js";
import { openInstrument } from "../ping/instrument.js";
import { measure } from "../ping/measure.js";
import type { PingResult, ReadyResult } from "../ping/result.js";
import { waitReady } from "../ping/wait-ready.js";

export default class Ping extends BaseCommand {
  static override summary = "Find out whether a database answers, and where the time of connecting goes.";
  static override description = `Opens a connection and sends statements over it, like ping(8), and times each phase: DNS, TCP, TLS, WebSocket upgrade, hello, statement. Counts the round trips, and names what takes more of them than it needs. Without a URL it brings its own libSQL server.`;
  static override examples = [
    "<%= config.bin %> ping",
    "<%= config.bin %> ping libsql://name.turso.io --cold --count 20",
    "<%= config.bin %> ping ws://localhost:8080 --wait-ready 30s && npm run migrate",
    "<%= config.bin %> ping --rtt 20ms --transport http --json",
  ];

  static override args = { url: Args.string({ description: "Database to ping, as for --url." }) };
  static override flags = pingFlags;

  async run(): Promise<PingResult | ReadyResult | undefined> {
    const { args, flags } = await this.parse(Ping);
    const plan = pingPlan(flags);
    const database = namedUrl(args.url, flags.url, this.isFromFile("url"));
    using interruption = new Interruption();
    const { signal: interrupted } = interruption;
    const embedded = embeddedChoices(flags);
    await using session = await openSessionUnlessStopped({ ...database, embedded }, interrupted);
    if (session === undefined) return undefined;
    const { target, server, network, lost } = session;
    const signal = AbortSignal.any([interrupted, readerGone(), lost]);
    const isOurs = server !== undefined;
    const { shown } = loadTarget(target, { embedded: isOurs, network });
    const output = new PingOutput({
      target: shown,
      network: isOurs && embedded.network ? describeNetwork(embedded.network) : undefined,
      form: this.jsonEnabled() ? "document" : flags["json-lines"] ? "lines" : "text",
      quiet: flags.quiet,
      style: this.colors("stdout"),
      log: (line) => this.log(line),
    });
    const ca = server?.caFile === undefined ? undefined : readFileSync(server.caFile, "utf8");
    const within = flags["wait-ready"];
    // Waiting measures nothing that a server's first time would falsify.
    const options = { target, use: connectionUse(flags), timeout: flags.timeout, ca };
    await using instrument = await openInstrument(
      { ...options, isOurs: isOurs && within === undefined, tcpRoundTrip: network?.rtt_ms },
      signal,
    );
    if (within !== undefined) {
      const onFailure = failureTeller((line) => this.say(line));
      const ready = await waitReady(instrument.probe, { within, timeout: flags.timeout, signal, onFailure });
      return ready && output.ready(ready);
    }
    output.begin();
    const onPing = output.ping.bind(output);
    const result = await measure(instrument, plan, { target, shown, signal, lost, onPing });
    output.end(result);
    const { exitCode, error } = outcomeOf(result, plan, {
      interruptedWith: interruption.exitCode,
      serverLost: lost.aborted,
    });
    if (error !== undefined) this.tell("Error:", error.message, error.hint);
    process.exitCode = exitCode;
    return result;
  }
}
