import { setImmediate } from "node:timers/promises";
import { createClient, type Client } from "@libsql/client/http";
import { Agent, buildConnector } from "undici";
import { unlessAborted } from "../../core/unless-aborted.js";
import { statementError } from "../../libsql/connection-errors.js";
import { ping } from "../../libsql/ping.js";
import type { RemoteTarget } from "../../libsql/target.js";
import { Transport } from "../../libsql/transport.js";
import type { Prober } from "./prober.js";

/** A database over HTTP, and whom to trust. */
export interface HttpWay {
  readonly target: RemoteTarget;
  readonly ca: string | undefined;
}

/** A plain `createClient()` with a socket pool of its own, as `fetch` has: when that lets go of its socket. */
export function plainClients({ target, ca }: HttpWay): Prober {
  return {
    layer: "client",
    open: async (signal) => {
      const transport = new Transport();
      const connect = connector(ca);
      const agent = new Agent({
        connect: (options, callback) =>
          connect(options, (error, socket) => {
            if (error !== null) return callback(error, null);
            socket.once("close", () => transport.closed());
            callback(null, socket);
          }),
      });
      const client = clientOver(agent, target);
      const close = async (): Promise<void> => {
        client.close();
        await agent.destroy();
      };
      try {
        await ping(client, target.display, signal);
      } catch (error) {
        await close();
        throw error;
      }
      return {
        ask: (asking) => ping(client, target.display, asking),
        onClose: (listener) => transport.onClose(listener),
        close,
      };
    },
  };
}

/** A transaction that reads and pauses: its stream lives at the server, whatever becomes of sockets. */
export function pausedTransactions({ target, ca }: HttpWay): Prober {
  return {
    layer: "stream",
    // Asking begins with a new socket, which takes its time.
    idlesUntilAnswered: true,
    open: async (signal) => {
      // Without keep-alive: every request has a socket of its own.
      const agent = new Agent({ pipelining: 0, connect: connector(ca), headersTimeout: LONGEST_GOODBYE_MS });
      let lastRequest: Promise<unknown> = Promise.resolve();
      const client = clientOver(agent, target, (answer) => {
        lastRequest = answer;
      });
      const transaction = await client.transaction("read");
      const execute = (asking: AbortSignal): Promise<void> =>
        answered(asking, target.display, transaction.execute("SELECT 1"));
      let closing: Promise<void> | undefined;
      const close = async (): Promise<void> => {
        transaction.close();
        // It says goodbye in a later turn, and nobody is told when the server has heard it.
        await setImmediate();
        await lastRequest.catch(() => undefined);
        client.close();
        await agent.destroy();
      };
      const askedAt = performance.now();
      try {
        await execute(signal);
      } catch (error) {
        await agent.destroy();
        throw error;
      }
      return {
        lead: performance.now() - askedAt,
        ask: execute,
        // Nobody tells when it expires.
        onClose: () => undefined,
        close: () => (closing ??= close()),
      };
    },
  };
}

/** A server that does not answer is not waited for much longer than this when all is over. */
const LONGEST_GOODBYE_MS = 1_000;

function connector(ca: string | undefined): buildConnector.connector {
  return buildConnector(ca === undefined ? {} : { ca });
}

function clientOver(
  agent: Agent,
  target: RemoteTarget,
  requested?: (answer: Promise<unknown>) => void,
): Client {
  return createClient({
    url: target.baseUrl.href,
    ...(target.authToken !== undefined && { authToken: target.authToken }),
    fetch: (request: Request) => {
      // Node's `fetch` and this undici know each other's dispatchers, but not by type.
      const answer = fetch(request, { dispatcher: agent } as unknown as RequestInit);
      requested?.(answer);
      return answer;
    },
  });
}

/** Waits for an answer, until the signal aborts. The client itself has no way to stop. */
async function answered(signal: AbortSignal, where: string, answer: Promise<unknown>): Promise<void> {
  try {
    await unlessAborted(answer, signal);
  } catch (cause) {
    throw signal.aborted ? (signal.reason as Error) : statementError(where, cause);
  }
}
