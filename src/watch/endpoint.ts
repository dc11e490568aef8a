import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { TursoPoolError } from "../core/errors.js";
import { openError } from "../libsql/connection-errors.js";

/** Where an application serves its statistics. */
export type Endpoint =
  | { readonly kind: "url"; readonly url: URL; readonly address: string }
  | { readonly kind: "socket"; readonly path: string; readonly address: string };

/** The path that statistics are served at. */
export const STATISTICS_PATH = "/statistics.json";

/** A pool of a thousand connections, all held, takes a hundredth of this. */
export const LARGEST_STATISTICS = 4 * 2 ** 20;

/**
 * Asks an endpoint for its document, over a connection of its own. No redirect is followed.
 * @throws {TursoPoolError} `UNREACHABLE` and its like; `SERVER_ERROR` for an answer that is none; the signal's reason.
 */
export async function fetchStatistics(endpoint: Endpoint, signal: AbortSignal): Promise<string> {
  const { address } = endpoint;
  signal.throwIfAborted();
  try {
    return await get(endpoint, signal);
  } catch (cause) {
    if (String((cause as NodeJS.ErrnoException).code).startsWith("HPE_")) {
      throw wrongAnswer(address, "it does not speak HTTP");
    }
    throw openError(address, cause, signal);
  }
}

function get(endpoint: Endpoint, signal: AbortSignal): Promise<string> {
  const { address } = endpoint;
  const options = { agent: false, signal, headers: { accept: "application/json" } };
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
