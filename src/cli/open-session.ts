import { TursoPoolError } from "../core/errors.js";
import { networkReport, type NetworkReport } from "../server/network/report.js";
import { startEmbeddedServer, type EmbeddedServer } from "../server/embedded-server.js";
import { parseTarget, type Target } from "../libsql/target.js";
import type { EmbeddedChoices } from "./network-flags.js";

/** The database that a command works on, for as long as it does. */
export interface Session extends AsyncDisposable {
  readonly target: Target;
  /** Set when the command brought its own server, because none was named. */
  readonly server: EmbeddedServer | undefined;
  /** What lies between this process and that server; `null` when it is plain loopback, or no server of ours. */
  readonly network: NetworkReport | null;
  /** Aborts when that server ends by itself. */
  readonly lost: AbortSignal;
}

/** Which database a command is to work on. */
export interface SessionOptions {
  /** The value of `--url`, when it was given. */
  readonly url?: string | undefined;
  /** What gave it, for errors to name. Default: `--url`. */
  readonly urlFrom?: string | undefined;
  /** What the embedded server should be like, when it comes to that. Default: TLS over WebSocket on plain loopback. */
  readonly embedded?: EmbeddedChoices | undefined;
}

/**
 * The database named by `--url`, else by the environment, else an embedded server.
 * @throws {TursoPoolError} `INVALID_URL`; `INVALID_OPTION` for flags of the embedded server when a database is
 * named; `SERVER_START_FAILED`
 */
export async function openSession(options: SessionOptions, signal: AbortSignal): Promise<Session> {
  const named = namedSession(options);
  if (named !== undefined) return named;
  const { transport = "ws", tls = true, network, server: like } = options.embedded ?? {};
  const server = await startEmbeddedServer({ ...like, tls: tls ? "self-signed" : "off", network }, signal);
  const lost = new AbortController();
  void server.exited.then(() => lost.abort());
  return {
    target: parseTarget(server.url(transport)),
    server,
    network: network === undefined ? null : networkReport(network),
    lost: lost.signal,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/**
 * The database named by `--url`, else by the environment, to which nothing is connected yet; `undefined` when none is.
 * @throws {TursoPoolError} as {@link openSession}
 */
export function namedSession({ url, urlFrom = "--url", embedded }: SessionOptions): Session | undefined {
  const named =
    url === undefined ? fromEnvironment("TURSO_DATABASE_URL", "LIBSQL_URL") : { name: urlFrom, value: url };
  if (named === undefined) return undefined;
  refuseFlags(embedded, named);
  const token = fromEnvironment("TURSO_AUTH_TOKEN", "LIBSQL_AUTH_TOKEN");
  return {
    target: namedTarget(named, token),
    server: undefined,
    network: null,
    lost: new AbortController().signal,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** As {@link openSession}; `undefined` where the signal stopped it, which whoever did that knows. */
export async function openSessionUnlessStopped(
  options: SessionOptions,
  signal: AbortSignal,
): Promise<Session | undefined> {
  try {
    return await openSession(options, signal);
  } catch (error) {
    if (signal.aborted && error instanceof TursoPoolError && error.code === "ABORTED") return undefined;
    throw error;
  }
}

/**
 * A second database. Its token comes with its URL, else from `TURSO_AGAINST_AUTH_TOKEN`. The first one's is for it too
 * only where it is the same host, and not from TLS to none: a token is for the host that somebody meant it for.
 * @throws {TursoPoolError} `INVALID_URL`
 */
export function againstTarget(url: string, head: Target): Target {
  const named = { name: "--against", value: url };
  const target = namedTarget(named, fromEnvironment("TURSO_AGAINST_AUTH_TOKEN"));
  if (target.kind === "local" || head.kind === "local" || target.authToken !== undefined) return target;
  const isSame = target.baseUrl.host === head.baseUrl.host && (target.tls || !head.tls);
  return isSame ? parseTarget(url, head.authToken) : target;
}

/** A network or transport that was asked for and is not there would falsify every figure. */
function refuseFlags(embedded: EmbeddedChoices | undefined, named: Named): void {
  const given = embedded?.given ?? [];
  if (given.length === 0) return;
  const [are, them] = given.length === 1 ? ["is", "it"] : ["are", "them"];
  throw new TursoPoolError(
    "INVALID_OPTION",
    `${given.join(", ")} ${are} for the embedded server only, and ${named.name} names a database`,
    { hint: `Leave ${them} out, or ${/^[A-Z]/.test(named.name) ? `unset ${named.name}` : named.name}.` },
  );
}

interface Named {
  /** The flag or variable that says so. */
  readonly name: string;
  readonly value: string;
}

/** The first of these variables that is set; set to nothing is as not set. */
function fromEnvironment(...names: string[]): Named | undefined {
  for (const name of names) {
    const value = process.env[name];
    if (value !== undefined && value !== "") return { name, value };
  }
  return undefined;
}

function namedTarget({ name, value }: Named, token: Named | undefined): Target {
  try {
    const target = parseTarget(value);
    // A token in the URL wins.
    if (target.kind === "local" || target.authToken !== undefined || token === undefined) return target;
  } catch (error) {
    throw namedBy(name, error);
  }
  try {
    return parseTarget(value, token.value);
  } catch (error) {
    throw namedBy(token.name, error);
  }
}

/** An error of what was given with what gave it, which a token is shown by alone. */
function namedBy(name: string, error: unknown): unknown {
  if (!(error instanceof TursoPoolError)) return error;
  return new TursoPoolError(error.code, `${name}: ${error.message.replace(/^authToken: /, "")}`, {
    hint: error.hint,
    cause: error.cause,
  });
}
