import { LibsqlError } from "@libsql/client";
import type { Client, Dispatcher } from "undici";

/**
 * A `fetch` for `@libsql/client` that sends through one dispatcher, without the machinery of the Fetch
 * standard (streams, CORS, redirects), which costs more than the request itself on a short wire.
 * The answer has the part of `Response` that the Hrana client reads.
 */
export function dispatcherFetch(dispatcher: Client, origin: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, search, origin: asked } = new URL(request.url);
    // A server may send a stream's later requests to another host (`base_url`): that is not our socket.
    if (asked !== origin) return fetch(request);
    try {
      const answer = await dispatcher.request({
        method: request.method,
        path: pathname + search,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      });
      return toResponse(answer);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LibsqlError(reason, "CONNECTION_CLOSED", undefined, undefined, cause as Error);
    }
  };
}

function toResponse({ statusCode: status, headers, body }: Dispatcher.ResponseData): Response {
  const part: Pick<Response, "ok" | "status" | "statusText" | "headers" | "json" | "text" | "arrayBuffer"> = {
    ok: status >= 200 && status < 300,
    status,
    statusText: "",
    headers: new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    json: () => body.json(),
    text: () => body.text(),
    arrayBuffer: () => body.arrayBuffer(),
  };
  return part as Response;
}
