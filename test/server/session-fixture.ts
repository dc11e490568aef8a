import { type Authenticator, openToAll } from "../../src/server/auth.js";
import type { HranaVersion } from "../../src/server/protocol.js";
import { type WsPeer, WsSession } from "../../src/server/ws-session.js";
import { type EngineFixture, getOn } from "./fixture.js";

/** A message of the server, as far as the tests look at it. */
export interface Message {
  readonly type: string;
  readonly request_id?: number;
  readonly response?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: string; readonly message: string };
}

/** A session and its client, without a socket between them. */
export class SessionFixture implements WsPeer {
  readonly session: WsSession;
  readonly sent: Message[] = [];
  closed: readonly [code: number, reason: string] | undefined;
  readonly congestion = undefined;
  #lastRequestId = 0;

  constructor(engine: EngineFixture, version: HranaVersion, authenticator: Authenticator = openToAll) {
    const { context, cache } = engine;
    this.session = new WsSession({
      peer: this,
      version,
      authenticator,
      streams: context,
      cache,
      maxResultBytes: 1_000_000,
    });
  }

  send(message: string): void {
    this.sent.push(JSON.parse(message) as Message);
  }

  close(code: number, reason: string): void {
    this.closed = [code, reason];
  }

  hello(jwt: string | null = null): void {
    this.session.receive(JSON.stringify({ type: "hello", jwt }));
  }

  /** Sends requests in one go, and returns the answers in the order of the requests. */
  async ask(...requests: readonly object[]): Promise<(Message | undefined)[]> {
    const ids = requests.map((request) => {
      const id = ++this.#lastRequestId;
      this.session.receive(JSON.stringify({ type: "request", request_id: id, request }));
      return id;
    });
    await getOn();
    return ids.map((id) => this.sent.find((message) => message.request_id === id));
  }
}

export const open = { type: "open_stream", stream_id: 1 };

export function execute(sql: string): { type: "execute"; stream_id: number; stmt: { sql: string } } {
  return { type: "execute", stream_id: 1, stmt: { sql } };
}

export function batch(...sqls: string[]): { steps: { stmt: { sql: string } }[] } {
  return { steps: sqls.map((sql) => ({ stmt: { sql } })) };
}
