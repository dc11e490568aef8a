import { dirname } from "node:path";
import { existsSync } from "node:fs";
import { createClient } from "@libsql/client/sqlite3";
import { TursoPoolError } from "../core/errors.js";
import { HandshakeTimer } from "./handshake.js";
import type { ConnectionOptions, LibsqlConnection } from "./libsql-connection.js";
import { ping } from "./ping.js";
import type { LocalTarget } from "./target.js";
import { Transport } from "./transport.js";

/**
 * Opens one handle of a database in a file or in memory. Each handle of `:memory:` is a database of its own.
 * The engine is synchronous: opening blocks, and there is nothing to abort.
 */
export function openFileConnection(target: LocalTarget, options: ConnectionOptions): LibsqlConnection {
  const { wire } = options;
  const timer = new HandshakeTimer(wire && ((phase) => wire.passed(phase)));
  const client = open(target, options);
  timer.end("file");
  const transport = new Transport();
  const closeHandle = client.close.bind(client);
  // Closing the client is closing the connection, whoever does it.
  client.close = () => {
    closeHandle();
    transport.closed();
  };
  return {
    client,
    handshake: timer.done(),
    // Nothing goes over a wire, so nothing gets lost on the way and nobody has to ask.
    bytesSent: undefined,
    isReadOnly: () => Promise.resolve(false),
    keepsProcessAlive: () => undefined,
    get open() {
      return transport.open;
    },
    ping: (signal) => ping(client, target.display, signal),
    onClose: (listener) => transport.onClose(listener),
    close: () => {
      client.close();
      return Promise.resolve();
    },
  };
}

function open(target: LocalTarget, options: ConnectionOptions) {
  try {
    return createClient({
      ...options.local,
      url: target.url,
      concurrency: 1,
      intMode: options.intMode ?? "number",
    });
  } catch (cause) {
    const folder = dirname(target.path);
    const missing = target.transport === "file" && !existsSync(folder);
    const what = missing ? `the folder ${folder} does not exist` : "the file could not be opened";
    throw new TursoPoolError("UNREACHABLE", `${target.display}: ${what}`, {
      hint: missing
        ? "Create the folder, or correct the path."
        : "Check that it is a database and that you may read it.",
      cause,
    });
  }
}
