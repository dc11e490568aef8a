import { BaseCommand } from "../cli/base-command.js";
import { serveFlags, serverOptions } from "../cli/serve-flags.js";
import { Interruption } from "../cli/interruption.js";
import { describeNetwork } from "../cli/network-flags.js";
import { isLoopback } from "../core/loopback.js";
import { TursoPoolError } from "../core/errors.js";
import { startEmbeddedServer, type EmbeddedServer } from "../server/embedded-server.js";
import type { NetworkOptions } from "../server/network/config.js";

export default class Serve extends BaseCommand {
  static override summary = "Run the embedded libSQL server alone, until Ctrl-C.";
  static override description =
    "A libSQL server over HTTP and WebSocket for trying things on: on loopback and a free port unless asked otherwise, with a temporary database of 10,000 rows in the table `items` unless a file is given. It counts sockets, streams and statements at /metrics.";
  static override examples = [
    "<%= config.bin %> serve",
    "<%= config.bin %> serve --port 8080 --database dev.db",
    "<%= config.bin %> serve --rtt 20ms --jitter 2ms --idle-timeout 30s",
    "<%= config.bin %> serve --tls --auth-jwt-key-file key.pem",
  ];

  static override flags = serveFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(Serve);
    using interruption = new Interruption();
    const options = serverOptions(flags);
    const server = await startEmbeddedServer(options, interruption.signal);
    if (options.authJwtKeyFile === undefined && !isLoopback(server.host)) {
      const who = `whoever reaches ${server.host} may read and change the database`;
      this.say(`${this.colors("stderr").yellow("Warning:")} ${who}: --auth-jwt-key-file asks for a token.`);
    }
    this.announce(server, options.network);
    try {
      await untilEnd(server, interruption.signal);
    } finally {
      await server.close();
    }
    process.exitCode = interruption.exitCode ?? 0;
  }

  private announce(server: EmbeddedServer, network: NetworkOptions | undefined): void {
    const { port, pid, caFile } = server;
    const ws = server.url("ws");
    const http = server.url("http");
    if (this.jsonEnabled()) {
      this.logJson({
        schema_version: 1,
        command: "serve",
        url: ws,
        http_url: http,
        port,
        pid,
        ca_file: caFile ?? null,
      });
      return;
    }
    this.log(`Serving libSQL at ${ws} and ${http}`);
    if (network) this.log(`Network: ${describeNetwork(network)}.`);
    if (caFile !== undefined) this.log(`To trust its certificate: NODE_EXTRA_CA_CERTS=${caFile}`);
    this.log(`Counters at ${http}/metrics; Ctrl-C ends it.`);
  }
}

/** Resolves at the first interrupt, or rejects when the server ends by itself. */
async function untilEnd(server: EmbeddedServer, signal: AbortSignal): Promise<void> {
  const interrupted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  const exit = await Promise.race([server.exited, interrupted]);
  if (exit === undefined || signal.aborted) return;
  throw new TursoPoolError("UNREACHABLE", `the server ended with ${exit.signal ?? `status ${exit.code}`}`, {
    hint: exit.lastWords.trim() || "Start it again.",
  });
}
