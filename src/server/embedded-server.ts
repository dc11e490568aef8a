import { type ChildProcess, fork } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TursoPoolError } from "../core/errors.js";
import { resolveServerConfig, type ServerConfig, type ServerOptions } from "./config.js";
import type { ServerMetrics } from "./metrics.js";
import type { ChildMessage, ParentMessage } from "./server-messages.js";
import { startFailed } from "./start-errors.js";

export type { ServerLimits, TlsOption } from "./config.js";
export type { ServerMetrics } from "./metrics.js";

/** Options of {@link startEmbeddedServer}; each has a default. */
export interface EmbeddedServerOptions extends ServerOptions {
  /** The compiled module that the child runs; only needed when this one was moved away from it. */
  readonly entry?: URL | undefined;
}

/** How the child ended: with a code, or by a signal. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to stderr: a native crash says there what happened. */
  readonly lastWords: string;
}

/** A libSQL server in a child process of this one. */
export interface EmbeddedServer {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  /** PEM to trust, when the certificate was made on the fly. */
  readonly caFile: string | undefined;
  /** Where clients connect to: `wss:` and `https:` when TLS is on. */
  url(scheme: "ws" | "http"): string;
  /** The counters, over the channel to the child: asking does not change what is counted. */
  metrics(): Promise<ServerMetrics>;
  /** Settles when the child has ended, for whatever reason. Never rejects. */
  readonly exited: Promise<ServerExit>;
  /** Ends the child. Afterwards no process and no temporary file is left. Idempotent. */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 2_000;
const LAST_WORDS = 4_096;

/**
 * Starts a libSQL server in a child process, which ends with this one, even when this one is killed.
 * @param signal ends the start; once the server has started, `close` ends it.
 * @throws {TursoPoolError} `INVALID_OPTION`; `SERVER_START_FAILED` with what to do; `ABORTED`.
 */
export async function startEmbeddedServer(
  options: EmbeddedServerOptions = {},
  signal?: AbortSignal,
): Promise<EmbeddedServer> {
  const config = resolveServerConfig(options);
  if (isAborted(signal)) throw aborted(signal);
  const folder = await mkdtemp(join(tmpdir(), "turso-pool-server-")).catch((cause: unknown) => {
    throw startFailed(
      `Cannot make a folder in ${tmpdir()}`,
      "Set TMPDIR to a folder that you may write to.",
      cause,
    );
  });
  const child = new ServerChild(options.entry ?? new URL("./server-process.js", import.meta.url), folder);
  const abort = (): void => void child.close();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const { host, port, caFile } = await child.start(config);
    return new RunningServer(child, config, { host, port, caFile });
  } catch (error) {
    await child.close();
    throw isAborted(signal) ? aborted(signal) : error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

type Listening = Extract<ChildMessage, { type: "listening" }>;

class RunningServer implements EmbeddedServer {
  readonly #child: ServerChild;
  readonly #isTls: boolean;
  readonly host: string;
  readonly port: number;
  readonly caFile: string | undefined;

  constructor(child: ServerChild, config: ServerConfig, where: Omit<Listening, "type">) {
    this.#child = child;
    this.#isTls = config.tls !== "off";
    this.host = where.host;
    this.port = where.port;
    this.caFile = where.caFile;
  }

  get pid(): number {
    return this.#child.pid;
  }

  get exited(): Promise<ServerExit> {
    return this.#child.exited;
  }

  url(scheme: "ws" | "http"): string {
    // A certificate is made out to a name; and "every address" is none that one can connect to.
    const isWildcard = this.host === "0.0.0.0" || this.host === "::";
    const isLoopback = isWildcard || this.host === "127.0.0.1" || this.host === "::1";
    const plain = isWildcard ? "127.0.0.1" : this.host.includes(":") ? `[${this.host}]` : this.host;
    const host = this.#isTls && isLoopback ? "localhost" : plain;
    return `${scheme}${this.#isTls ? "s" : ""}://${host}:${this.port}`;
  }

  metrics(): Promise<ServerMetrics> {
    return this.#child.metrics();
  }

  close(): Promise<void> {
    return this.#child.close();
  }
}

/** The child process and the conversation with it. */
class ServerChild {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #waiting = new Map<number, (metrics: ServerMetrics) => void>();
  #lastWords = "";
  #lastId = 0;
  #hasExited = false;
  readonly exited: Promise<ServerExit>;

  constructor(entry: URL, folder: string) {
    this.#folder = folder;
    this.#process = fork(fileURLToPath(entry), [], {
      // Not the parent's: a test runner's loader or a debugger's port is no business of the child.
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // A group of its own: a signal to the parent's is the parent's to act on. It ends when the channel does.
      detached: true,
    });
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    this.#process.on("message", (message: ChildMessage) => {
      if (message.type !== "metrics") return;
      this.#waiting.get(message.id)?.(message.metrics);
      this.#waiting.delete(message.id);
    });
    this.exited = new Promise((resolve) => {
      const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.#hasExited = true;
        // The child does it itself, unless it was killed.
        rmSync(this.#folder, { recursive: true, force: true });
        resolve({ code, signal, lastWords: this.#lastWords });
      };
      this.#process.on("close", ended);
      this.#process.on("error", () => this.#process.pid === undefined && ended(null, null));
    });
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  async start(config: ServerConfig): Promise<Listening> {
    const answered = new Promise<ChildMessage>((resolve) => {
      this.#process.on("message", (message: ChildMessage) => {
        if (message.type === "booted") this.#say({ type: "start", config, folder: this.#folder });
        else resolve(message);
      });
    });
    const answer = await Promise.race([answered, this.exited]);
    if (!("type" in answer)) throw exitedEarly(answer);
    if (answer.type === "listening") return answer;
    if (answer.type === "failed") throw startFailed(answer.message, answer.hint ?? "This is a bug.");
    throw startFailed(`The server answered with ${answer.type}`, "This is a bug.");
  }

  async metrics(): Promise<ServerMetrics> {
    const id = ++this.#lastId;
    const answered = new Promise<ServerMetrics>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#say({ type: "metrics", id });
    });
    const answer = await Promise.race([answered, this.exited]);
    this.#waiting.delete(id);
    if ("lastWords" in answer) {
      throw new TursoPoolError("CONNECTION_CLOSED", `The embedded server has ended (${howItEnded(answer)})`, {
        hint: "Start a new one.",
      });
    }
    return answer;
  }

  async close(): Promise<void> {
    this.#say({ type: "close" });
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), CLOSE_TIMEOUT_MS);
    await this.exited;
    clearTimeout(timer);
  }

  #say(message: ParentMessage): void {
    // The callback keeps a channel that has just closed from raising an error event.
    if (!this.#hasExited && this.#process.connected) this.#process.send(message, () => undefined);
  }
}

function exitedEarly(exit: ServerExit): TursoPoolError {
  const words = exit.lastWords.trim();
  const why = `The embedded server ended before it listened (${howItEnded(exit)})`;
  return startFailed(
    words === "" ? why : `${why}: ${words}`,
    "Run it again; if it happens again, report it.",
  );
}

function howItEnded(exit: ServerExit): string {
  return exit.signal ? `signal ${exit.signal}` : `exit code ${exit.code ?? "unknown"}`;
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted ?? false;
}

function aborted(signal: AbortSignal | undefined): TursoPoolError {
  return new TursoPoolError("ABORTED", "Starting the embedded server was aborted", { cause: signal?.reason });
}
