import type { Milliseconds } from "../core/duration.js";

/** Where the time of opening one connection went. A phase that this transport has not is `null`. */
export interface Handshake {
  /** Looking the name up; `null` for an address. */
  readonly dns: Milliseconds | null;
  /** TCP's three-way handshake. */
  readonly tcp: Milliseconds | null;
  readonly tls: Milliseconds | null;
  /** The HTTP upgrade to WebSocket. */
  readonly upgrade: Milliseconds | null;
  /** Opening the file of a local database. */
  readonly file: Milliseconds | null;
  /** All of it, from the first step to the moment at which a statement can be sent. */
  readonly total: Milliseconds;
}

/** A phase of opening a connection. */
export type HandshakePhase = Exclude<keyof Handshake, "total">;

/** Measures the phases of a handshake, one after the other. */
export class HandshakeTimer {
  readonly #ended: ((phase: HandshakePhase) => void) | undefined;
  readonly #start: Milliseconds;
  readonly #phases: Record<HandshakePhase, Milliseconds | null> = {
    dns: null,
    tcp: null,
    tls: null,
    upgrade: null,
    file: null,
  };
  #last: Milliseconds;

  /** @param ended is told of each phase as it ends. */
  constructor(ended?: (phase: HandshakePhase) => void) {
    this.#ended = ended;
    this.#start = performance.now();
    this.#last = this.#start;
  }

  /** The phase that ran since the last call is over. */
  end(phase: HandshakePhase): void {
    const now = performance.now();
    this.#phases[phase] = now - this.#last;
    this.#last = now;
    this.#ended?.(phase);
  }

  done(): Handshake {
    return Object.freeze({ ...this.#phases, total: this.#last - this.#start });
  }
}
