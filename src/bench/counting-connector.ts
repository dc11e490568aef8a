import type { Connect } from "../libsql/connection.js";
import { connectTo } from "../libsql/connector.js";
import type { LibsqlConnection } from "../libsql/libsql-connection.js";
import type { SocketObserver } from "../libsql/socket-observer.js";
import type { Target } from "../libsql/target.js";

/** Opens connections to one target and counts them, and their sockets. */
export class CountingConnector {
  readonly connect: Connect<LibsqlConnection>;
  readonly #sockets;
  #connections = 0;

  constructor(target: Target, observer: SocketObserver) {
    this.#sockets = observer.group();
    const open = connectTo(target, { sockets: this.#sockets });
    this.connect = async (signal) => {
      const connection = await open(signal);
      this.#connections++;
      return connection;
    };
  }

  get socketsOpened(): number {
    return this.#sockets.opened;
  }

  get connectionsOpened(): number {
    return this.#connections;
  }
}
