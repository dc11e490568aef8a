import { TursoPoolError } from "../core/errors.js";
import { startEmbeddedServer, type EmbeddedServer } from "../server/embedded-server.js";
import { parseTarget, type Target } from "../libsql/target.js";

/** The database that a command works on, for as long as it does. */
export interface Session extends AsyncDisposable {
  readonly target: Target;
  /** Set when the command brought its own server, because none was named. */
  readonly server: EmbeddedServer | undefined;
}

/**
 * The database named by `--url`, else by the environment, else an embedded server with TLS over WebSocket.
 * @throws {TursoPoolError} `INVALID_URL`, `SERVER_START_FAILED`
 */
export async function openSession(url: string | undefined, signal: AbortSignal): Promise<Session> {
  const named = url ?? variable("TURSO_DATABASE_URL") ?? variable("LIBSQL_URL");
  if (named !== undefined) {
    const token = variable("TURSO_AUTH_TOKEN") ?? variable("LIBSQL_AUTH_TOKEN");
    return {
      target: namedTarget(named, token),
      server: undefined,
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
  const server = await startEmbeddedServer({ tls: "self-signed" }, signal);
  return { target: parseTarget(server.url("ws")), server, [Symbol.asyncDispose]: () => server.close() };
}

/** An environment variable; set to nothing is as not set. */
function variable(name: string): string | undefined {
  return process.env[name] === "" ? undefined : process.env[name];
}

function namedTarget(url: string, token: string | undefined): Target {
  try {
    return parseTarget(url, token);
  } catch (error) {
    if (!(error instanceof TursoPoolError)) throw error;
    throw new TursoPoolError(error.code, `--url: ${error.message}`, { hint: error.hint, cause: error.cause });
  }
}
