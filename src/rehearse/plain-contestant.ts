import { connect } from "node:net";
import { createClient } from "@libsql/client";
import { Agent, buildConnector, type Dispatcher } from "undici";
import type { RemoteTarget } from "../libsql/target.js";
import type { Contestant, ContestantMaker, Place } from "./contestant.js";

/**
 * One shared client of `@libsql/client`, as it comes, but for its way to the database.
 *
 * Over HTTP the global `fetch` is led through the proxy, with undici's defaults: the names that TLS and the server see are
 * the target's. A WebSocket of the plain client cannot be led that way, so its URL names the proxy; with TLS that
 * would be the wrong name, and it speaks HTTPS instead.
 */
export function plainContestant(target: RemoteTarget, ca: string | undefined): ContestantMaker {
  const isWebSocket = target.transport === "ws" && !target.tls;
  return {
    name: "plain",
    transport: isWebSocket ? "ws" : target.tls ? "https" : "http",
    make: (via) => (isWebSocket ? overWebSocket(target, via) : overHttp(target, via, ca)),
  };
}

function overWebSocket(target: RemoteTarget, via: Place): Contestant {
  const url = new URL(target.baseUrl);
  url.host = `${via.host}:${via.port}`;
  const client = createClient({ url: url.href, ...token(target) });
  return { client, close: async () => client.close() };
}

function overHttp(target: RemoteTarget, via: Place, ca: string | undefined): Contestant {
  const agent = new Agent({ connect: through(via, ca) });
  const url = new URL(target.baseUrl.href.replace(/^ws/, "http"));
  const client = createClient({
    url: url.href,
    // The types are of the undici that is in Node, whose `fetch` takes any dispatcher.
    fetch: (request: Request) =>
      fetch(request, { dispatcher: agent as Dispatcher } as unknown as RequestInit),
    ...token(target),
  });
  return {
    client,
    close: async () => {
      client.close();
      await agent.destroy();
    },
  };
}

/** undici's own connector, on a socket that leads to the proxy. */
function through(via: Place, ca: string | undefined): buildConnector.connector {
  const connector = buildConnector(ca === undefined ? {} : { ca });
  return (options, callback) => {
    if (options.protocol !== "https:") {
      return connector({ ...options, hostname: via.host, port: String(via.port) }, callback);
    }
    const httpSocket = connect({ ...via, noDelay: true });
    const refused = (error: Error): void => callback(error, null);
    httpSocket.once("error", refused);
    httpSocket.once("connect", () => {
      httpSocket.off("error", refused);
      connector({ ...options, httpSocket }, callback);
    });
  };
}

function token({ authToken }: RemoteTarget): { authToken?: string } {
  return authToken === undefined ? {} : { authToken };
}
