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
  #begunAt: Milliseconds;
  #last: Milliseconds;
  #sent = false;
  #heardAt: Milliseconds | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#begunAt = clock.now();
    this.#last = this.#begunAt;
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

  /** From the beginning of that ping to the end of its last phase. */
  get total(): Milliseconds {
    return this.#last - this.#begunAt;
  }

  /** What the server says that the statement took it; `null` when it says nothing. */
  get serverTime(): Milliseconds | null {
    return this.#serverTime;
  }

  /** A ping begins now. */
  begin(): void {
    this.#phases = {};
    this.#serverTime = null;
    this.#sent = false;
    this.#heardAt = undefined;
    this.#begunAt = this.#clock.now();
    this.#last = this.#begunAt;
  }

  /**
   * The client has its answer. It came when the last message did: what reading it takes the client, 0.2 to 0.5 ms after a
   * pause, is no part of the wire. Of a file, there is no message.
   */
  answered(phase: "request" | "statement"): void {
    this.#end(phase, this.#heardAt ?? this.#clock.now());
    // Hello and statement go out together. No server takes longer than its answer does to come.
    const { hello = 0, [phase]: answer = 0 } = this.#phases;
    if (this.#serverTime !== null && this.#serverTime > hello + answer) this.#serverTime = null;
  }

  passed(phase: HandshakePhase): void {
    this.#end(phase === "file" ? "open" : phase, this.#clock.now());
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

  /**
   * Over an open connection a ping begins here, as that of ping(8) does: what composing it takes the client after a
   * pause, 0.2 to 0.7 ms, is no part of the wire.
   */
  sending(): void {
    if (this.#sent) return;
    this.#sent = true;
    if (Object.keys(this.#phases).length === 0) this.#begunAt = this.#last = this.#clock.now();
  }

  received(text: string): void {
    this.#heardAt = this.#clock.now();
    const greeting = "upgrade" in this.#phases && !("hello" in this.#phases);
    if (greeting && text.includes('"hello_ok"')) this.#end("hello", this.#heardAt);
    this.#serverTime = queryDuration(text) ?? this.#serverTime;
  }

  /** The phase that ran since the end of the one before it is over. */
  #end(phase: Phase, now: Milliseconds): void {
    this.#phases[phase] = now - this.#last;
    this.#last = now;
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
