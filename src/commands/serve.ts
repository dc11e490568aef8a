import { Flags } from "@oclif/core";
import { BaseCommand } from "../cli/base-command.js";
import { duration, wholeNumber } from "../cli/flags.js";
import { Interruption } from "../cli/interruption.js";
import { TursoPoolError } from "../core/errors.js";
import { startEmbeddedServer, type EmbeddedServer } from "../server/embedded-server.js";

export default class Serve extends BaseCommand {
  static override summary = "Run the embedded libSQL server alone, until Ctrl-C.";
  static override description =
    "A libSQL server over HTTP and WebSocket for trying things on: on loopback and a free port unless asked otherwise, with a temporary database of 10,000 rows in the table `items` unless a file is given. It counts sockets, streams and statements at /metrics.";
  static override examples = [
    "<%= config.bin %> serve",
    "<%= config.bin %> serve --port 8080 --database dev.db",
    "<%= config.bin %> serve --tls --auth-jwt-key-file key.pem",
  ];

  static override flags = {
    host: Flags.string({
      default: "127.0.0.1",
      helpValue: "<address>",
      description: "Address to listen on.",
    }),
    port: wholeNumber({ least: 0, default: 0, description: "Port to listen on; 0 is any free one." }),
    database: Flags.string({
      helpValue: "<file>",
      description: "Database file; made and seeded when it is missing or empty.",
    }),
    tls: Flags.boolean({ description: "Speak TLS, with a certificate made on the fly unless one is given." }),
    cert: Flags.string({
      dependsOn: ["key"],
      helpValue: "<file>",
      description: "Certificate in PEM; implies --tls.",
    }),
    key: Flags.string({ dependsOn: ["cert"], helpValue: "<file>", description: "Its private key in PEM." }),
    "auth-jwt-key-file": Flags.string({
      helpValue: "<file>",
      description: "Ed25519 public key, in PEM or URL-safe base64; requests then need a token.",
    }),
    "stream-expiry": duration({
      description: "An HTTP stream unused for this long is closed. [default: 10s]",
    }),
    "idle-timeout": duration({ description: "Close sockets idle for this long. Default: never." }),
    "max-body-bytes": wholeNumber({ helpGroup: "LIMITS", description: "Largest request. [default: 16 MiB]" }),
    "max-result-bytes": wholeNumber({
      helpGroup: "LIMITS",
      description: "Largest result. [default: 10 MiB]",
    }),
    "max-streams": wholeNumber({
      helpGroup: "LIMITS",
      description: "Streams open at one time. [default: 128]",
    }),
    "max-sockets": wholeNumber({
      helpGroup: "LIMITS",
      description: "Sockets open at one time. [default: 10,000]",
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Serve);
    const { cert: certFile, key: keyFile } = flags;
    using interruption = new Interruption();
    const server = await startEmbeddedServer(
      {
        host: flags.host,
        port: flags.port,
        tls:
          certFile !== undefined && keyFile !== undefined
            ? { certFile, keyFile }
            : flags.tls
              ? "self-signed"
              : "off",
        databaseFile: flags.database,
        authJwtKeyFile: flags["auth-jwt-key-file"],
        streamExpiryMs: flags["stream-expiry"],
        idleTimeoutMs: flags["idle-timeout"],
        limits: {
          maxBodyBytes: flags["max-body-bytes"],
          maxResultBytes: flags["max-result-bytes"],
          maxStreams: flags["max-streams"],
          maxSockets: flags["max-sockets"],
        },
      },
      interruption.signal,
    );
    this.announce(server);
    try {
      await untilEnd(server, interruption.signal);
    } finally {
      await server.close();
    }
    process.exitCode = interruption.exitCode ?? 0;
  }

  private announce(server: EmbeddedServer): void {
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
  throw new TursoPoolError(
    "SERVER_START_FAILED",
    `the server ended with ${exit.signal ?? `status ${exit.code}`}`,
    { hint: exit.lastWords.trim() || "Start it again." },
  );
}
