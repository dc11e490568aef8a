import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import type { Milliseconds } from "../core/duration.js";
import type { Connection } from "./connection.js";
import { HandshakeTimer, type Handshake } from "./handshake.js";

/** A socket whose handshake is done. */
export interface ObservedSocket {
  /** The connection of ours that it belongs to; `undefined` for a plain client's. */
  readonly connection: Connection | undefined;
  /** `undefined` where the client that opened it does not show the phases (global `fetch`). */
  readonly handshake: Handshake | undefined;
  /** What the listener's `opening` returned for it. */
  readonly owner: unknown;
}

/** Who wants to know, as it happens. */
export interface SocketListener {
  /** A plain client begins to open a socket; what is returned is told with it later, as its owner. */
  opening?(): unknown;
  opened?(socket: ObservedSocket): void;
  closed?(socket: ObservedSocket): void;
  /** A request of a plain HTTP client got its socket, after waiting for it. */
  requestWaited?(wait: Milliseconds): void;
}

/** Some of this process's sockets: how many were opened, and how many of them are open. */
export class SocketGroup {
  readonly #listener: SocketListener;
  readonly #known: WeakSet<Socket>;
  #opened = 0;
  #open = 0;

  constructor(known: WeakSet<Socket>, listener: SocketListener) {
    this.#known = known;
    this.#listener = listener;
  }

  get opened(): number {
    return this.#opened;
  }

  get open(): number {
    return this.#open;
  }

  /** A connection of ours begins to open this socket. It counts from the moment the server can have seen it. */
  claim(socket: Socket): void {
    this.#known.add(socket);
    socket.once("connect", () => this.#count(socket));
  }

  /** TLS runs over a claimed socket, as this one. */
  secured(socket: Socket): void {
    this.#known.add(socket);
  }

  /** A connection of ours is ready on a claimed socket. */
  ready(socket: Socket, connection: Connection, handshake: Handshake): void {
    this.#tell(socket, { connection, handshake, owner: undefined });
  }

  /** A plain client's socket is ready. */
  found(socket: Socket, handshake: Handshake | undefined, owner: unknown): void {
    this.#count(socket);
    this.#tell(socket, { connection: undefined, handshake, owner });
  }

  #count(socket: Socket): void {
    this.#opened++;
    this.#open++;
    socket.once("close", () => this.#open--);
  }

  #tell(socket: Socket, observed: ObservedSocket): void {
    this.#listener.opened?.(observed);
    socket.once("close", () => this.#listener.closed?.(observed));
  }
}

type Channel = readonly [name: string, handler: (message: unknown) => void];

/**
 * Counts the sockets that libSQL clients of this process open, times their handshakes, knows whose they are,
 * and tells when they close.
 *
 * Connections of ours register their sockets with a group. All others belong to plain `@libsql/client` clients
 * and are found where Node reports them: undici's connections (global `fetch`) and the upgrade requests of `ws`.
 * @see https://nodejs.org/api/diagnostics_channel.html#built-in-channels
 */
export class SocketObserver {
  /** Sockets of plain clients, since `start()`. */
  readonly others: SocketGroup;
  readonly #known = new WeakSet<Socket>();
  readonly #requestedAt = new WeakMap<object, Milliseconds>();

  #listener: SocketListener = {};

  constructor() {
    this.others = new SocketGroup(this.#known, {
      opened: (socket) => this.#listener.opened?.(socket),
      closed: (socket) => this.#listener.closed?.(socket),
    });
  }

  /** Begins to watch plain clients, and tells `listener` of their sockets and requests. */
  start(listener: SocketListener = {}): void {
    this.#listener = listener;
    for (const [name, handler] of this.#channels) subscribe(name, handler);
  }

  stop(): void {
    for (const [name, handler] of this.#channels) unsubscribe(name, handler);
  }

  /** A group for connections of ours. */
  group(listener: SocketListener = {}): SocketGroup {
    return new SocketGroup(this.#known, listener);
  }

  readonly #channels: readonly Channel[] = [
    ["undici:client:connected", (message) => this.#undiciConnected(message as { socket: Socket })],
    ["undici:request:create", (message) => this.#undiciRequest(message as { request: object })],
    [
      "undici:client:sendHeaders",
      (message) => this.#undiciSends(message as { request: object; socket: Socket }),
    ],
    ["http.client.request.start", (message) => this.#httpRequest(message as { request: ClientRequest })],
  ];

  #undiciConnected({ socket }: { socket: Socket }): void {
    if (!this.#known.has(socket)) this.others.found(socket, undefined, this.#listener.opening?.());
  }

  #undiciRequest({ request }: { request: object }): void {
    this.#requestedAt.set(request, performance.now());
  }

  #undiciSends({ request, socket }: { request: object; socket: Socket }): void {
    const since = this.#requestedAt.get(request);
    if (since !== undefined && !this.#known.has(socket))
      this.#listener.requestWaited?.(performance.now() - since);
  }

  #httpRequest({ request }: { request: ClientRequest }): void {
    const timer = new HandshakeTimer();
    const owner = this.#listener.opening?.();
    const watch = (socket: Socket): void => {
      if (this.#known.has(socket)) return;
      socket.once("lookup", () => timer.end("dns"));
      socket.once("connect", () => timer.end("tcp"));
      socket.once("secureConnect", () => timer.end("tls"));
      request.once("upgrade", () => {
        timer.end("upgrade");
        this.others.found(socket, timer.done(), owner);
      });
    };
    if (request.socket === null) request.once("socket", watch);
    else watch(request.socket);
  }
}
