import { AuthError, type Authenticator } from "./auth.js";
import { decodeClientMessage } from "./decode.js";
import { ProtocolError, RequestError, notSupported } from "./hrana-errors.js";
import type { RequestContext } from "./program.js";
import type { HranaVersion, WsRequest } from "./protocol.js";
import { ResultBudget } from "./result-budget.js";
import type { SqlCache } from "./sql-cache.js";
import { SqlStore } from "./sql-store.js";
import type { Permission, StreamContext } from "./sql-stream.js";
import { WsStreams } from "./ws-streams.js";

/** The connection as a session sees it. */
export interface WsPeer {
  send(message: string): void;
  close(code: number, reason: string): void;
  /** Set while the client does not take its answers: settles when it has. */
  readonly congestion: Promise<void> | undefined;
}

export interface WsSessionOptions {
  readonly peer: WsPeer;
  readonly version: HranaVersion;
  readonly authenticator: Authenticator;
  readonly streams: StreamContext;
  readonly cache: SqlCache;
  readonly maxResultBytes: number;
}

/** As many as sqld stores for a connection; sqld does not bound their length. */
const SQL_STORE_LIMITS = { maxTexts: 150, maxTextLength: 100_000 };

/** One WebSocket that speaks Hrana: greets, tells its streams what to do, and answers. */
export class WsSession {
  readonly #options: WsSessionOptions;
  readonly #sqls = new SqlStore(SQL_STORE_LIMITS);
  readonly #streams: WsStreams;
  #state: "new" | "greeted" | "ended" = "new";
  #permission: Permission = "read-only";
  /** Messages that came while a token is being checked, in order. */
  #held: string[] | undefined;
  #outstandingLength = 0;

  constructor(options: WsSessionOptions) {
    this.#options = options;
    this.#streams = new WsStreams(options.streams, options.peer);
  }

  /** Takes one text message. Never throws. */
  receive(text: string): void {
    if (this.#state === "ended") return;
    if (this.#held) {
      this.#held.push(text);
      this.#outstandingLength += text.length;
      return;
    }
    try {
      const message = decodeClientMessage(text);
      if (message.type === "hello") return this.#greet(message.jwt);
      if (this.#state === "new") throw new ProtocolError("policy", "Received a request before hello message");
      this.#dispatch(message.requestId, message.request, text.length);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A binary message: only Protobuf has them. */
  receiveBinary(): void {
    const why = "Received a binary WebSocket message, which is not supported in this encoding";
    this.#fail(new ProtocolError("unsupported", why));
  }

  /** Requests that have not been answered yet: the connection stops reading when there are too many. */
  get outstanding(): number {
    return this.#streams.outstanding + (this.#held?.length ?? 0);
  }

  /** How long they were. */
  get outstandingLength(): number {
    return this.#outstandingLength;
  }

  /** The connection is gone: ends all streams. Idempotent. */
  end(): Promise<void> {
    this.#state = "ended";
    return this.#streams.close();
  }

  #greet(jwt: string | undefined): void {
    const { authenticator, version } = this.#options;
    const permission = authenticator.verify(jwt);
    if (typeof permission === "string") return this.#welcome(permission, version);
    this.#held = [];
    permission
      .then((granted) => this.#welcome(granted, version))
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        const held = this.#held ?? [];
        this.#held = undefined;
        for (const text of held) {
          this.#outstandingLength -= text.length;
          this.receive(text);
        }
      });
  }

  #welcome(permission: Permission, version: HranaVersion): void {
    if (this.#state === "ended") return;
    if (this.#state === "greeted" && version < 2) throw notSupported("Repeated hello message", 2);
    this.#permission = permission;
    this.#state = "greeted";
    this.#options.peer.send('{"type":"hello_ok"}');
  }

  #dispatch(requestId: number, request: WsRequest, length: number): void {
    let response: Promise<object> | object;
    try {
      response = this.#respond(request);
    } catch (error) {
      return this.#answerError(requestId, error);
    }
    if (!(response instanceof Promise)) return this.#answer(requestId, response);
    this.#outstandingLength += length;
    response
      .then(
        (body) => this.#answer(requestId, body),
        (error: unknown) => this.#answerError(requestId, error),
      )
      .finally(() => (this.#outstandingLength -= length));
  }

  #respond(request: WsRequest): Promise<object> | object {
    const { version, cache, maxResultBytes } = this.#options;
    const context: RequestContext = {
      version,
      cache,
      budget: new ResultBudget(maxResultBytes),
      permission: this.#permission,
      sqls: this.#sqls,
    };
    if (request.type !== "store_sql" && request.type !== "close_sql") {
      return this.#streams.respond(request, context);
    }
    if (version < 2) throw notSupported(`The \`${request.type}\` request`, 2);
    return this.#sqls.answer(request);
  }

  #answer(requestId: number, response: object): void {
    if (this.#state === "ended") return;
    this.#options.peer.send(JSON.stringify({ type: "response_ok", request_id: requestId, response }));
  }

  #answerError(requestId: number, error: unknown): void {
    if (this.#state === "ended") return;
    if (!(error instanceof RequestError)) return this.#fail(error);
    const body = { type: "response_error", request_id: requestId, error: error.toWire() };
    this.#options.peer.send(JSON.stringify(body));
  }

  /** Ends the connection, with the reason that the protocol has for it. */
  #fail(error: unknown): void {
    if (this.#state === "ended") return;
    const { peer } = this.#options;
    this.#state = "ended";
    if (error instanceof AuthError) {
      const wire = { message: `Authentication failed: ${error.message}`, code: error.code };
      peer.send(JSON.stringify({ type: "hello_error", error: wire }));
      peer.close(1000, "Authentication failed");
    } else if (error instanceof ProtocolError) peer.close(error.closeCode, error.message);
    else peer.close(1011, "Internal server error");
  }
}
