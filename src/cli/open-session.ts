import { TursoPoolError } from "../core/errors.js";
import { startEmbeddedServer, type EmbeddedServer } from "../server/embedded-server.js";
import { parseTarget, type Target } from "../libsql/target.js";

/** The database that a command works on, for as long as it does. */
export interface Session extends AsyncDisposable {
  readonly target: Target;
  /** Set when the command brought its own server, because none was named. */
  readonly server: EmbeddedServer | undefined;
  /** Aborts when that server ends by itself. */
  readonly lost: AbortSignal;
}

/**
 * The database named by `--url`, else by the environment, else an embedded server with TLS over WebSocket.
 * @throws {TursoPoolError} `INVALID_URL`, `SERVER_START_FAILED`
 */
export async function openSession(url: string | undefined, signal: AbortSignal): Promise<Session> {
  const named =
    url === undefined ? fromEnvironment("TURSO_DATABASE_URL", "LIBSQL_URL") : { name: "--url", value: url };
  if (named !== undefined) {
    const token = fromEnvironment("TURSO_AUTH_TOKEN", "LIBSQL_AUTH_TOKEN")?.value;
    const target = namedTarget(named, token);
    return {
      target,
      server: undefined,
      lost: new AbortController().signal,
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
  const server = await startEmbeddedServer({ tls: "self-signed" }, signal);
  const lost = new AbortController();
  void server.exited.then(() => lost.abort());
  return {
    target: parseTarget(server.url("ws")),
    server,
    lost: lost.signal,
    [Symbol.asyncDispose]: () => server.close(),
  };
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

function namedTarget({ name, value }: Named, token: string | undefined): Target {
  try {
    return parseTarget(value, token);
  } catch (error) {
    if (!(error instanceof TursoPoolError)) throw error;
    throw new TursoPoolError(error.code, `${name}: ${error.message}`, {
      hint: error.hint,
      cause: error.cause,
    });
  }
}
