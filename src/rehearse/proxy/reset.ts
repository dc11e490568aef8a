import type { Socket } from "node:net";

/**
 * Ends a connection with a RST and nothing before it. Node's `resetAndDestroy()` first ends the stream, in its next
 * turn, and so sends a FIN, which the other side may see and take for the end.
 */
export function reset(socket: Socket): void {
  if (socket.destroyed) return;
  socket.resetAndDestroy();
  socket.destroy();
}
