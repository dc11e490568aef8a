import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import type { HandshakePhase } from "../libsql/handshake.js";
import type { WireListener } from "../libsql/wire.js";
import type { Phase, PhaseTimes } from "./phases.js";

/** Times the phases of pings over one connection, by what is seen on its wire. */
export class Trace implements WireListener {
  readonly #clock: Clock;
  #tcp: Socket | undefined;
  #tls: TLSSocket | undefined;
  #subprotocol: string | undefined;
  #phases: Partial<Record<Phase, Milliseconds>> = {};
  #serverTime: Milliseconds | null = null;
  #last: Milliseconds;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#last = clock.now();
  }

  get tcp(): Socket | undefined {
    return this.#tcp;
  }

  get tls(): TLSSocket | undefined {
    return this.#tls;
  }

  get subprotocol(): string | undefined {
    return this.#subprotocol;
  }

  /** Of the ping that was begun last. */
  get phases(): PhaseTimes {
    return this.#phases;
  }

  /** What the server says that the statement took it; `null` when it says nothing. */
  get serverTime(): Milliseconds | null {
    return this.#serverTime;
  }

  /** A ping begins now. */
  begin(): void {
    this.#phases = {};
    this.#serverTime = null;
    this.#last = this.#clock.now();
  }

  /** The phase that ran since the last call is over. */
  end(phase: Phase): void {
    const now = this.#clock.now();
    this.#phases[phase] = now - this.#last;
    this.#last = now;
  }

  passed(phase: HandshakePhase): void {
    this.end(phase === "file" ? "open" : phase);
  }

  connected(socket: Socket): void {
    this.#tcp = socket;
  }

  secured(socket: TLSSocket): void {
    this.#tls = socket;
  }

  upgraded(subprotocol: string): void {
    this.#subprotocol = subprotocol;
  }

  received(text: string): void {
    const greeting = "upgrade" in this.#phases && !("hello" in this.#phases);
    if (greeting && text.includes('"hello_ok"')) this.end("hello");
    this.#serverTime = queryDuration(text) ?? this.#serverTime;
  }
}

/**
 * What sqld and our server say that a statement took them, in the result of a Hrana statement. Only this is read:
 * parsing the whole message is the client's work, and would count as the wire's.
 */
function queryDuration(text: string): Milliseconds | undefined {
  const [, value] = /"query_duration_ms":\s*(\d[\d.eE+-]*)/.exec(text) ?? [];
  const duration = Number(value);
  return Number.isFinite(duration) ? duration : undefined;
}
