import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { TursoPoolError, type ErrorDetails } from "../core/errors.js";
import { openError } from "../libsql/connection-errors.js";

/** Where an application serves its statistics. */
export type Endpoint =
  | { readonly kind: "url"; readonly url: URL; readonly address: string }
  | { readonly kind: "socket"; readonly path: string; readonly address: string };

/** What to do about an application that does not answer in time. */
export const NO_ANSWER_HINT =
  "Check that the application is running and not stuck and that serveStatistics() told this address, or raise --timeout.";

/** The path that statistics are served at. */
export const STATISTICS_PATH = "/statistics.json";

/** A pool of a thousand connections, all held, takes a hundredth of this. */
export const LARGEST_STATISTICS = 4 * 2 ** 20;

/**
 * Asks an endpoint for its document, over a connection of its own. No redirect is followed.
 * @throws {TursoPoolError} `UNREACHABLE` and its like; `SERVER_ERROR` for an answer that is none; the signal's reason.
 */
export async function fetchStatistics(endpoint: Endpoint, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  try {
    return await get(endpoint, signal);
  } catch (cause) {
    throw signal.aborted ? signal.reason : notFetched(endpoint, cause);
  }
}

/** What became of the application; what became of the network or a certificate is as for a database. */
function notFetched({ kind, address }: Endpoint, cause: unknown): Error {
  if (cause instanceof TursoPoolError) return cause;
  const code = String((cause as NodeJS.ErrnoException).code);
  const unreachable = (what: string, details: ErrorDetails = { hint: IS_IT_THERE }): TursoPoolError =>
    new TursoPoolError("UNREACHABLE", `${address}: ${what}`, { ...details, cause });
  switch (code) {
    case "ENOENT":
      return unreachable("there is no such socket");
    case "ECONNREFUSED":
      return unreachable("connection refused");
    case "ECONNRESET":
    case "EPIPE":
      return unreachable("it closed the connection before its answer was whole");
    case "ETIMEDOUT":
      return new TursoPoolError("CONNECT_TIMEOUT", `${address}: no answer`, { hint: IS_IT_THERE, cause });
    case "EACCES":
    case "EPERM":
      return unreachable("permission denied", {
        hint: "Ask as a user that may use the application's socket.",
      });
  }
  if (code.startsWith("HPE_")) return wrongAnswer(address, "it does not speak HTTP");
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) {
    return new TursoPoolError("TLS_FAILED", `${address}: it does not speak TLS`, {
      hint: "Use http: if it has none.",
      cause,
    });
  }
  return kind === "socket" ? unreachable(`it cannot be asked (${code})`) : openError(address, cause);
}

const IS_IT_THERE = "Check that the application is running and that serveStatistics() told this address.";

function get(endpoint: Endpoint, signal: AbortSignal): Promise<string> {
  const { address } = endpoint;
  // Certificates are checked whatever the environment says: see dial().
  const options = { agent: false, signal, rejectUnauthorized: true, headers: { accept: "application/json" } };
  return new Promise((resolve, reject) => {
    const request =
      endpoint.kind === "socket"
        ? requestHttp({ ...options, socketPath: endpoint.path, path: STATISTICS_PATH })
        : (endpoint.url.protocol === "https:" ? requestHttps : requestHttp)(endpoint.url, options);
    const refuse = (what: string): void => {
      reject(wrongAnswer(address, what));
      request.destroy();
    };
    request.on("error", reject);
    request.once("response", (response) => {
      const { statusCode } = response;
      if (statusCode !== 200) return refuse(`it answers with status ${statusCode}`);
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > LARGEST_STATISTICS) refuse("it answers with more than 4 MiB");
        else chunks.push(chunk);
      });
      // Cut off in the middle.
      response.on("error", reject);
      response.once("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    });
    request.end();
  });
}

/** Something answered, and not with statistics. */
export function wrongAnswer(address: string, what: string, hint = SERVE): TursoPoolError {
  return new TursoPoolError("SERVER_ERROR", `${address}: ${what}`, { hint });
}

const SERVE = `Give the address that serveStatistics() told, and the path ${STATISTICS_PATH}.`;
