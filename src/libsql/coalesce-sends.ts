import type { Socket } from "node:net";
import { nextTick } from "node:process";
import type WebSocket from "ws";

/**
 * Sends all messages of one turn of the event loop as one write.
 *
 * A statement is three Hrana messages (open a stream, execute, close it), which `ws` would write one by one:
 * three packets, three TLS records, three system calls.
 * @param sending is told right before each write.
 */
export function coalesceSends(webSocket: WebSocket, socket: Socket, sending?: () => void): void {
  const send = webSocket.send.bind(webSocket) as (data: string) => void;
  let corked = false;
  const uncork = (): void => {
    corked = false;
    sending?.();
    socket.uncork();
  };
  webSocket.send = (data: unknown): void => {
    if (!corked) {
      corked = true;
      socket.cork();
      // Runs when the promises of this turn are done, before anything is read.
      nextTick(uncork);
    }
    send(data as string);
  };
}
