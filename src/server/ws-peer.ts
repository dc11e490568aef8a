import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { WsPeer } from "./ws-session.js";

/** More than this that the client has not taken: it gets no further results, and is not read from. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024;
const POLL_MS = 10;
/** A close frame's reason has 123 bytes (RFC 6455, section 5.5). */
const MAX_REASON = 120;

/** A WebSocket as a session sees it, with back-pressure both ways. */
export class SocketPeer implements WsPeer {
  readonly #ws: WebSocket;
  readonly #socket: Socket;

  constructor(ws: WebSocket, socket: Socket) {
    this.#ws = ws;
    this.#socket = socket;
  }

  send(message: string): void {
    this.#corkForThisTurn();
    // A send that fails has nobody to tell; the close that follows tells the session.
    this.#ws.send(message, () => undefined);
  }

  close(code: number, reason: string): void {
    let text = reason.slice(0, MAX_REASON);
    while (Buffer.byteLength(text) > MAX_REASON) text = text.slice(0, -1);
    this.#ws.close(code, text);
  }

  get congestion(): Promise<void> | undefined {
    return this.#isCongested ? poll(() => !this.#isCongested) : undefined;
  }

  /** Stops reading while `condition` holds or the client is slow: TCP then slows it down. */
  holdBackWhile(condition: () => boolean): void {
    const mustWait = (): boolean => this.#isOpen && (condition() || this.#isCongested);
    if (this.#ws.isPaused || !mustWait()) return;
    this.#ws.pause();
    void poll(() => !mustWait()).then(() => this.#ws.resume());
  }

  get #isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }

  get #isCongested(): boolean {
    return this.#isOpen && this.#ws.bufferedAmount > MAX_UNSENT_BYTES;
  }

  /** Answers of one turn of the event loop leave in one packet: a client sends open, execute, close at once. */
  #corkForThisTurn(): void {
    const socket = this.#socket;
    if (socket.writableCorked > 0) return;
    socket.cork();
    setImmediate(() => socket.uncork());
  }
}

function poll(isDone: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (isDone()) resolve();
      else setTimeout(look, POLL_MS).unref();
    };
    look();
  });
}
