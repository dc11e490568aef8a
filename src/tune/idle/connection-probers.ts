import type { Connection } from "../../libsql/connection.js";
import { connectTo } from "../../libsql/connector.js";
import type { LayerName } from "../result.js";
import type { Way } from "../site.js";
import type { Idler, Prober } from "./prober.js";

/** A connection of ours that has answered a statement: a WebSocket, or one over HTTP. */
export function usedConnections(layer: Extract<LayerName, "ws" | "http">, way: Way): Prober {
  return {
    layer,
    open: async (signal) => {
      const connection = await connect(way, signal);
      try {
        await connection.ping(signal);
      } catch (error) {
        await connection.close();
        throw error;
      }
      return idler(connection);
    },
  };
}

/** A connection over which nothing was asked yet, so that a server's limit for answered ones does not run. */
export function freshConnections(way: Way): Prober {
  const used = usedConnections("http", way);
  return {
    layer: "tcp",
    open: async (signal) => idler(await connect(way, signal)),
    confirm: async (signal) => (await used.open(signal)).close(),
  };
}

/** The server's own limit is looked for: its announcement shall not make us leave before. */
function connect({ target, ca }: Way, signal: AbortSignal): Promise<Connection> {
  return connectTo(target, { ca, heedKeepAliveHint: false })(signal);
}

function idler(connection: Connection): Idler {
  return {
    ask: (signal) => connection.ping(signal),
    onClose: (listener) => connection.onClose(listener),
    close: () => connection.close(),
  };
}
