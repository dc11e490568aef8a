import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** What a {@link TcpProxy} does to the bytes of its connections. */
export interface ProxyFault {
  /** Forward nothing, in either direction, and let nobody know. */
  blackHole?: boolean;
  /** Hold every chunk back for so long. */
  delayMs?: number;
  /** Reset the connection once so many bytes have come from the server. */
  cutAfter?: number;
}

/** A proxy in front of a server on this machine that does to its connections what networks do. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Applies to connections that are open and, unless `onlyOpen`, to those that come. */
  fault(fault: ProxyFault, onlyOpen?: "onlyOpen"): void;
  /** Ends the client's side of all that are open: with FIN or with RST. */
  drop(how: "end" | "reset"): void;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  fault: ProxyFault;
  fromServer: number;
}

/** Starts a proxy to `port` of 127.0.0.1. */
export async function tcpProxy(port: number): Promise<TcpProxy> {
  const links = new Set<Link>();
  let current: ProxyFault = {};
  const listener = createServer({ noDelay: true }, (client) => {
    const server = connect({ host: "127.0.0.1", port, noDelay: true });
    const link: Link = { client, server, fault: current, fromServer: 0 };
    links.add(link);
    relay(link, client, server);
    relay(link, server, client);
    client.once("close", () => {
      links.delete(link);
      server.destroy();
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    fault: (fault, onlyOpen) => {
      for (const link of links) link.fault = fault;
      if (onlyOpen === undefined) current = fault;
    },
    drop: (how) => {
      for (const { client } of links) {
        if (how === "reset") client.resetAndDestroy();
        else client.end();
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const link of links) link.client.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

function relay(link: Link, from: Socket, to: Socket): void {
  const pass = (action: () => void): void => {
    const { blackHole, delayMs } = link.fault;
    if (blackHole === true) return;
    if (delayMs === undefined) action();
    else setTimeout(action, delayMs);
  };
  from.on("data", (chunk: Buffer) => {
    pass(() => {
      if (from === link.server) link.fromServer += chunk.length;
      const { cutAfter } = link.fault;
      if (cutAfter !== undefined && link.fromServer >= cutAfter) {
        link.client.resetAndDestroy();
        return;
      }
      if (!to.destroyed) to.write(chunk);
    });
  });
  from.on("error", () => undefined);
  from.on("end", () => pass(() => to.end()));
  if (from === link.server) from.on("close", () => pass(() => link.client.destroy()));
}
