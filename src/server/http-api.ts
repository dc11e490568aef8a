import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../core/clock.js";
import { plan } from "./answer.js";
import { AuthError, type Authenticator, bearerToken } from "./auth.js";
import { cursorEntries } from "./cursor.js";
import { decodeBatchBody, decodeCursorBody, decodeExecuteBody, decodePipelineBody } from "./decode.js";
import { ProtocolError, RequestError } from "./hrana-errors.js";
import { BodyTooLarge, readBody, refuseBody, sendJson, sendText } from "./http-body.js";
import { writeEntries } from "./http-cursor.js";
import type { HttpStreamLease, HttpStreams } from "./http-streams.js";
import { type ServerMetrics, formatMetrics } from "./metrics.js";
import { turnAfter } from "./next-turn.js";
import { planBatch, type RequestContext } from "./program.js";
import type {
  CursorEntry,
  HranaVersion,
  PipelineRequest,
  StreamRequest,
  StreamResponse,
} from "./protocol.js";
import { ResultBudget, ResultTooLarge } from "./result-budget.js";
import type { SqlCache } from "./sql-cache.js";
import type { Permission } from "./sql-stream.js";
import { refuseWebPage } from "./web-pages.js";

export interface HttpApiOptions {
  readonly streams: HttpStreams;
  readonly authenticator: Authenticator;
  readonly cache: SqlCache;
  readonly metrics: ServerMetrics;
  readonly clock: Clock;
  /** Only for programs of this machine. */
  readonly isLocal: boolean;
  readonly maxBodyBytes: number;
  readonly maxResultBytes: number;
}

/** What a handler of a POST has. */
interface Call {
  readonly body: string;
  readonly permission: Permission;
  readonly response: ServerResponse;
}

type Handler = (call: Call) => Promise<void>;

const VERSION = "sqld-compatible turso-pool server (Hrana 1, 2, 3 JSON)";
/** Hrana over HTTP: `/v1`, `/v2`, `/v3`, and the pages around it. */
export class HttpApi {
  readonly #options: HttpApiOptions;
  readonly #pages: ReadonlyMap<string, () => string>;
  readonly #handlers: ReadonlyMap<string, Handler>;

  constructor(options: HttpApiOptions) {
    this.#options = options;
    this.#pages = new Map([
      ["/health", () => ""],
      ["/version", () => VERSION],
      ["/metrics", () => formatMetrics(options.metrics)],
      ["/v1", () => "This is sqld HTTP API v1"],
      ["/v2", () => "Hello, this is HTTP API v2 (Hrana over HTTP)"],
      ["/v3", () => "Hello, this is HTTP API v3 (Hrana over HTTP)"],
    ]);
    this.#handlers = new Map<string, Handler>([
      ["/v1/execute", (call) => this.#once(call, { type: "execute", stmt: decodeExecuteBody(call.body) })],
      ["/v1/batch", (call) => this.#once(call, { type: "batch", batch: decodeBatchBody(call.body) })],
      ["/v2/pipeline", (call) => this.#pipeline(call, 2)],
      ["/v3/pipeline", (call) => this.#pipeline(call, 3)],
      ["/v3/cursor", (call) => this.#cursor(call)],
    ]);
  }

  /** Answers a request. Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch (error) {
      if (error instanceof BodyTooLarge) await refuseBody(request, response, this.#options.clock);
      else sendFailure(response, error);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#options.metrics.httpRequests++;
    const refusal = this.#options.isLocal ? refuseWebPage(request) : undefined;
    if (refusal) {
      sendText(response, refusal.status, refusal.why);
      return;
    }
    const path = (request.url ?? "/").replace(/\?.*$/s, "");
    const page = this.#pages.get(path);
    const handler = this.#handlers.get(path);
    const method = page ? "GET" : "POST";
    if (!page && !handler) {
      sendText(response, 404, "");
      return;
    }
    if (request.method !== method && !(page && request.method === "HEAD")) {
      response.setHeader("allow", method);
      sendText(response, 405, "");
      return;
    }
    if (page) {
      sendText(response, 200, page());
      return;
    }
    const permission = await this.#options.authenticator.verify(bearerToken(request.headers.authorization));
    const body = await readBody(request, this.#options.maxBodyBytes);
    if (body !== undefined) await handler?.({ body, permission, response });
  }

  /** Hrana 1: one request, no stream afterwards. */
  async #once(call: Call, request: StreamRequest): Promise<void> {
    const lease = await this.#options.streams.acquire(undefined);
    try {
      const context = this.#context(call, lease, 1);
      const { type, ...body } = await runOn(lease, request, context);
      sendJson(call.response, 200, type === request.type ? body : {});
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      sendJson(call.response, hrana1Status(error.code), error.toWire());
    } finally {
      await lease.close();
    }
  }

  async #pipeline(call: Call, version: HranaVersion): Promise<void> {
    const { baton, requests } = decodePipelineBody(call.body);
    const lease = await this.#options.streams.acquire(baton);
    const context = this.#context(call, lease, version);
    const results: unknown[] = [];
    let isOpen = true;
    try {
      for (const [index, request] of requests.entries()) {
        await turnAfter(index);
        if (!isOpen) throw new ProtocolError("policy", "Stream for this baton was closed");
        if (request.type === "close") {
          isOpen = false;
          await lease.close();
        }
        results.push(await resultOf(request, lease, context));
      }
    } catch (error) {
      await lease.close();
      throw error;
    }
    sendJson(call.response, 200, { baton: isOpen ? lease.keep() : null, base_url: null, results });
  }

  async #cursor(call: Call): Promise<void> {
    const { baton, batch } = decodeCursorBody(call.body);
    const lease = await this.#options.streams.acquire(baton);
    const context = this.#context(call, lease, 3);
    let entries: AsyncGenerator<CursorEntry, void, undefined>;
    try {
      entries = cursorEntries(lease.stream, planBatch(batch, context), context);
    } catch (error) {
      await lease.close();
      throw error;
    }
    const written = lease.stream.run(async () => {
      try {
        await writeEntries(call.response, entries);
      } finally {
        await entries.return();
      }
    });
    // The baton goes out first, as sqld does it; a request that shows it early waits for the cursor.
    const head = { baton: lease.keep(written.catch(() => undefined)), base_url: null };
    call.response.writeHead(200, { "content-type": "text/plain" });
    call.response.write(`${JSON.stringify(head)}\n`);
    await written;
    call.response.end();
  }

  #context(call: Call, lease: HttpStreamLease, version: HranaVersion): RequestContext {
    const { cache, maxResultBytes } = this.#options;
    const budget = new ResultBudget(maxResultBytes);
    return { version, permission: call.permission, sqls: lease.sqls, cache, budget };
  }
}

function runOn(
  lease: HttpStreamLease,
  request: StreamRequest,
  context: RequestContext,
): Promise<StreamResponse> {
  const job = plan(request, context);
  return lease.stream.run(() => job(lease.stream));
}

async function resultOf(
  request: PipelineRequest,
  lease: HttpStreamLease,
  context: RequestContext,
): Promise<unknown> {
  try {
    switch (request.type) {
      case "close":
        return { type: "ok", response: { type: "close" } };
      case "store_sql":
      case "close_sql":
        return { type: "ok", response: lease.sqls.answer(request) };
      case "execute":
      case "batch":
      case "sequence":
      case "describe":
      case "get_autocommit":
        return { type: "ok", response: await runOn(lease, request, context) };
    }
  } catch (error) {
    if (error instanceof RequestError) return { type: "error", error: told(error, context).toWire() };
    throw error;
  }
}

/** An error that does not fit any more is told as that. */
function told(error: RequestError, { budget }: RequestContext): RequestError {
  try {
    budget.takeError(error);
    return error;
  } catch {
    return new ResultTooLarge();
  }
}

/** Bodies are sqld's, because clients tell errors apart by their shape and content type. */
function sendFailure(response: ServerResponse, error: unknown): void {
  if (error instanceof ProtocolError) sendText(response, 400, error.message);
  else if (error instanceof AuthError)
    sendJson(response, 401, { error: `Unauthorized: \`${error.message}\`` });
  else if (error instanceof RequestError && error.code === "TOO_MANY_STREAMS")
    sendJson(response, 429, { error: error.message });
  else if (error instanceof RequestError) sendJson(response, 400, error.toWire());
  else sendJson(response, 500, { error: `Internal Error: \`${String(error)}\`` });
}

function hrana1Status(code: string): number {
  if (code === "ARGS_BOTH_POSITIONAL_AND_NAMED") return 501;
  if (code === "TRANSACTION_TIMEOUT") return 503;
  return code.startsWith("SQLITE_") ? 500 : 400;
}
