import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Clients of HTTP/1.1 wait for each answer; Node would take in any number of requests before the first is answered. */
const MAX_UNANSWERED = 256;

/** Closes a socket on which too many requests wait for their answer. */
export class Pipelining {
  readonly #unanswered = new WeakMap<Socket, number>();

  /** @returns false when the socket was closed. */
  take({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const count = (this.#unanswered.get(socket) ?? 0) + 1;
    this.#unanswered.set(socket, count);
    response.once("close", () => this.#unanswered.set(socket, (this.#unanswered.get(socket) ?? 1) - 1));
    if (count > MAX_UNANSWERED) socket.destroy();
    return !socket.destroyed;
  }
}
