import type { RequestListener, ServerResponse } from "node:http";
import { hostOf, isLoopback } from "../core/loopback.js";
import type { Connection } from "../libsql/connection.js";
import { OPEN_METRICS_TYPE } from "./openmetrics-text.js";
import { toPrometheus } from "./openmetrics.js";
import { snapshotOf, type AnyPool, type SnapshotOptions } from "./snapshot.js";

interface Page {
  readonly type: string;
  readonly text: () => string;
}

/**
 * Answers `/metrics` and `/statistics.json`.
 * @param address the one that the server is bound to; `undefined` for a Unix domain socket, which no browser can ask.
 */
export function statisticsHandler<C extends Connection>(
  pool: AnyPool<C>,
  options: SnapshotOptions,
  address: string | undefined,
): RequestListener {
  const pages = new Map<string, Page>([
    // In one format, whatever the request accepts: Prometheus goes by the type that it is told.
    ["/metrics", { type: OPEN_METRICS_TYPE, text: () => toPrometheus(pool, options) }],
    [
      "/statistics.json",
      { type: "application/json", text: () => `${JSON.stringify(snapshotOf(pool, options))}\n` },
    ],
  ]);
  const onLoopback = address !== undefined && isLoopback(address);
  return (request, response) => {
    const page = pages.get(request.url?.split("?", 1)[0] ?? "");
    // A web page can make a browser on this machine ask here, under a name of its own that it has pointed at 127.0.0.1.
    if (onLoopback && !isLoopback(hostOf(request.headers.host)))
      tell(response, 421, "Ask for localhost or 127.0.0.1.");
    else if (page === undefined) tell(response, 404, `There is ${[...pages.keys()].join(" and ")}.`);
    else if (request.method === "GET" || request.method === "HEAD") show(response, page);
    else tell(response.setHeader("allow", "GET, HEAD"), 405, "This can only be read.");
  };
}

function show(response: ServerResponse, { type, text }: Page): void {
  try {
    send(response, 200, type, text());
  } catch (error) {
    // Thrown further it would end the application that is only being looked at.
    tell(response, 500, String(error));
  }
}

function tell(response: ServerResponse, status: number, line: string): void {
  send(response, status, "text/plain; charset=utf-8", `${line}\n`);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { "content-type": type, "content-length": length, "cache-control": "no-store" });
  response.end(body);
}
