import { LibsqlError } from "@libsql/client";
import type { Client, Dispatcher } from "undici";
import { withoutEcho, withoutSecrets, type Secrets } from "./echoes.js";
import type { OtherOrigins } from "./other-origins.js";
import { parseRetryAfter, Refusal } from "./refusal.js";
import type { WireListener } from "./wire.js";

/** The part of `Response` that the Hrana client reads. */
interface HranaResponse extends Pick<Response, "ok" | "status" | "json" | "text" | "arrayBuffer"> {
  readonly headers: Pick<Headers, "get">;
  readonly body: Pick<ReadableStream, "cancel">;
}

interface FetchOptions {
  /** Taken out of what the server says, which may repeat what was sent and end up in an error's message. */
  readonly secrets: Secrets;
  /** Told of each request, and the body of each answer. */
  readonly wire: Pick<WireListener, "sending" | "received"> | undefined;
  /** For requests that the server wants elsewhere. */
  readonly elsewhere: OtherOrigins;
}

/**
 * A `fetch` for `@libsql/client` that sends through one dispatcher, without the machinery of the Fetch
 * standard (streams, CORS, redirects), which costs more than the request itself on a short wire.
 * Whatever goes wrong on the way is a `LibsqlError`, as over WebSocket.
 */
export function dispatcherFetch(
  dispatcher: Client,
  origin: string,
  options: FetchOptions,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, search, origin: asked } = new URL(request.url);
    try {
      const way: Dispatcher = asked === origin ? dispatcher : options.elsewhere.dispatcher(asked);
      const body = await request.text();
      options.wire?.sending();
      const answer = await way.request({
        origin: asked,
        method: request.method,
        path: pathname + search,
        headers: Object.fromEntries(request.headers),
        body,
      });
      const response = toResponse(answer, options);
      if (isRefusal(response.status)) throw await refused(response);
      return response as unknown as Response;
    } catch (cause) {
      throw cause instanceof LibsqlError ? cause : lost(withoutSecrets(cause, options.secrets));
    }
  };
}

function toResponse(answer: Dispatcher.ResponseData, { secrets, wire }: FetchOptions): HranaResponse {
  const { statusCode: status, headers, body } = answer;
  const ok = status >= 200 && status < 300;
  const read = async (): Promise<string> => {
    const text = await body.text().catch((cause: unknown) => rethrow(withoutSecrets(cause, secrets)));
    wire?.received(text);
    return withoutEcho(text, secrets);
  };
  // Of the body that is read, the reader is told; of the one that is cancelled, nobody has to be.
  body.on("error", () => undefined);
  return {
    ok,
    status,
    headers: { get: (name) => single(headers[name]) },
    json: async () => parse(await read(), ok ? ANSWER : `the answer, status ${status},`),
    text: read,
    arrayBuffer: () => body.arrayBuffer().catch(rethrow),
    // Unread, it would keep the socket's next answer waiting. If there is much more of it to come,
    // that ends the socket.
    body: {
      cancel: () => {
        body.destroy();
        return Promise.resolve();
      },
    },
  };
}

/** Of which the client would forget status, `Retry-After`, or the reason that sqld gives. */
function isRefusal(status: number): boolean {
  return status === 401 || status === 403 || status === 429 || status >= 500;
}

/** The error of a server that refuses the token, has too much to do, or is broken. */
async function refused({ status, headers, text }: HranaResponse): Promise<LibsqlError> {
  const body = (await text()).trim();
  const refusal = new Refusal(status, parseRetryAfter(headers.get("retry-after")));
  const { message, code, error } = errorIn(body);
  if (message !== undefined)
    return new LibsqlError(message, code ?? "UNKNOWN", undefined, undefined, refusal);
  const why = error ?? (headers.get("content-type") === "text/plain" ? body : "");
  const said = why === "" ? "" : `: ${why}`;
  return new LibsqlError(`${refusal.message}${said}`, "SERVER_ERROR", undefined, undefined, refusal);
}

/** What Hrana's error object says, or sqld's own, if the body is one. */
function errorIn(body: string): {
  readonly message?: string | undefined;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
} {
  try {
    const { message, code, error } = JSON.parse(body) as Record<string, unknown>;
    return { message: stringOf(message), code: stringOf(code), error: stringOf(error) };
  } catch {
    return {};
  }
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function single(value: string | string[] | undefined): string | null {
  return Array.isArray(value) ? value.join(", ") : (value ?? null);
}

const ANSWER = "the answer";
/** What nothing that speaks Hrana answers with. */
export const NOT_JSON = `${ANSWER} is not a JSON object`;

function parse(text: string, what: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Told below; the parser's own words would repeat what a stranger has sent.
  }
  throw new LibsqlError(`${what} is not a JSON object`, "SERVER_ERROR");
}

function rethrow(cause: unknown): never {
  throw lost(cause);
}

function lost(cause: unknown): LibsqlError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LibsqlError(reason, "CONNECTION_CLOSED", undefined, undefined, cause as Error);
}
