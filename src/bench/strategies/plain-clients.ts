import type { Milliseconds } from "../../core/duration.js";
import type { ObservedSocket, SocketObserver } from "../../libsql/socket-observer.js";

/** What is seen from outside of one plain client's sockets. */
export interface ClientAccount {
  opened: number;
  open: number;
  /** When the latest of its sockets was ready. */
  readyAt: Milliseconds;
  /** Waits of requests whose operation is not over yet. Which is whose does not matter to a distribution. */
  readonly waits: Milliseconds[];
}

/**
 * Tells whose a plain client's socket is. Nothing in the socket says so; but clients of a run are made and used in turn,
 * so it is the one's whose turn it was when the socket began to open.
 */
export class PlainClients {
  readonly #observer: SocketObserver;
  #current: ClientAccount | undefined;
  #users = 0;

  constructor(observer: SocketObserver) {
    this.#observer = observer;
  }

  /** A client is about to be made. */
  join(): ClientAccount {
    if (this.#users++ === 0) {
      this.#observer.start({
        opening: () => this.#current,
        opened: (socket) => this.#opened(socket),
        closed: (socket) => this.#closed(socket),
        requestWaited: (wait) => this.#current?.waits.push(wait),
      });
    }
    const account: ClientAccount = { opened: 0, open: 0, readyAt: -Infinity, waits: [] };
    this.#current = account;
    return account;
  }

  /** It is this client's turn. */
  turn(account: ClientAccount): void {
    this.#current = account;
  }

  /** A client has closed. */
  leave(): void {
    if (--this.#users === 0) this.#observer.stop();
  }

  #opened({ owner }: ObservedSocket): void {
    const account = owner as ClientAccount | undefined;
    if (account === undefined) return;
    account.opened++;
    account.open++;
    account.readyAt = performance.now();
  }

  #closed({ owner }: ObservedSocket): void {
    const account = owner as ClientAccount | undefined;
    if (account !== undefined) account.open--;
  }
}
