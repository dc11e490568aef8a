import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type EmbeddedServer,
  type EmbeddedServerOptions,
  startEmbeddedServer,
} from "#dist/server/embedded-server.js";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { WebSocket } from "ws";

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Does something when the test ends, however it ends; the last one first. */
export function onTestEnd(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup);
}

/** A server for one test. That it leaves nothing behind is part of every test. */
export async function startServer(options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer(options);
  onTestEnd(async () => {
    await server.close();
    expect(isAlive(server.pid)).toBe(false);
  });
  return server;
}

/** A server for all tests of a file or group that leave it as it was. */
export function sharedServer(): () => EmbeddedServer {
  let server: EmbeddedServer | undefined;
  beforeAll(async () => {
    server = await startEmbeddedServer();
  });
  afterAll(() => server?.close());
  return () => {
    if (!server) throw new Error("the server has not started");
    return server;
  };
}

/** A folder for one test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "turso-pool-test-"));
  onTestEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Asks until the answer is yes; the test's own timeout ends a wait in vain. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly json: () => Readonly<Record<string, unknown>>;
}

export async function post(
  server: EmbeddedServer,
  path: string,
  body: unknown,
  jwt?: string,
): Promise<Answer> {
  const response = await fetch(server.url("http") + path, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: jwt === undefined ? {} : { authorization: `Bearer ${jwt}` },
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    headers: response.headers,
    json: () => JSON.parse(text) as Readonly<Record<string, unknown>>,
  };
}

/** A pipeline of statements, by their SQL. */
export function pipeline(sqls: readonly string[], baton: unknown = null): object {
  return { baton, requests: sqls.map((sql) => ({ type: "execute", stmt: { sql } })) };
}

/** A WebSocket that keeps what it is sent. */
export class RawSocket {
  readonly messages: Readonly<Record<string, unknown>>[] = [];
  readonly ws: WebSocket;
  readonly closed: Promise<readonly [code: number, reason: string]>;

  private constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on("message", (data: Buffer) =>
      this.messages.push(JSON.parse(data.toString()) as Readonly<Record<string, unknown>>),
    );
    ws.on("error", () => undefined);
    this.closed = new Promise((resolve) =>
      ws.on("close", (code, reason) => resolve([code, reason.toString()])),
    );
    onTestEnd(() => ws.terminate());
  }

  static async open(url: string, protocols?: string | string[], ca?: string): Promise<RawSocket> {
    const options = ca === undefined ? {} : { ca };
    const ws = protocols === undefined ? new WebSocket(url, options) : new WebSocket(url, protocols, options);
    const socket = new RawSocket(ws);
    await new Promise((resolve, reject) => ws.on("open", resolve).on("error", reject));
    return socket;
  }

  send(...messages: readonly object[]): void {
    for (const message of messages) this.ws.send(JSON.stringify(message));
  }

  request(id: number, request: object): void {
    this.send({ type: "request", request_id: id, request });
  }

  async answer(id: number): Promise<Readonly<Record<string, unknown>>> {
    const find = () => this.messages.find((message) => message.request_id === id);
    await until(() => find() !== undefined);
    return find() ?? {};
  }
}
