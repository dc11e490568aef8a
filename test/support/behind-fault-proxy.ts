import type { Socket } from "node:net";
import { FaultProxy } from "#dist/rehearse/proxy/fault-proxy.js";
import { eventually } from "./eventually.js";
import { PlainClient } from "./plain-client.js";
import { rawServer } from "./raw-server.js";

/** A server that hears, behind a proxy, and clients of it; afterwards it is checked that nothing is left open. */
export async function behindFaultProxy(onSocket: (socket: Socket) => void, seed = 1) {
  let heard = "";
  const server = await rawServer((socket) => {
    socket.on("data", (bytes: Buffer) => (heard += bytes.toString("latin1")));
    onSocket(socket);
  });
  const proxy = await FaultProxy.listen({ host: "127.0.0.1", port: server.port, seed });
  const clients: PlainClient[] = [];
  return {
    server,
    proxy,
    /** All that reached the server, on whichever connection. */
    heard: () => heard,
    client: async (): Promise<PlainClient> => {
      const client = await PlainClient.to(proxy.port);
      clients.push(client);
      return client;
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) await client[Symbol.asyncDispose]();
      await eventually(() => proxy.open === 0);
      await proxy.close();
      await eventually(() => server.open === 0);
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Says what it hears. */
export const echo = (socket: Socket): void => {
  socket.on("data", (bytes: Buffer) => socket.write(bytes));
};
