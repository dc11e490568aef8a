import { existsSync } from "node:fs";
import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";
import type { Connect, Connection } from "../libsql/connection.js";
import { ping } from "../libsql/ping.js";
import type { Target } from "../libsql/target.js";
import type { WireListener } from "../libsql/wire.js";
import { failureOf, tooLate } from "./failure.js";
import type { PhaseTimes } from "./phases.js";
import type { Rehearsal } from "./rehearsal.js";
import { Trace } from "./trace.js";
import { wireFacts, type WireFacts } from "./wire-facts.js";

/**
 * Whether pings open connections: the first one does and the others share its connection (`kept`), each does
 * (`cold`), or none does, as one is opened beforehand (`warm`). A connection that was lost is opened anew.
 */
export type ConnectionUse = "kept" | "cold" | "warm";

/** What one ping found. `cold`: over a connection that it opened itself. */
export type Ping =
  | {
      readonly kind: "cold" | "warm";
      readonly outcome: "answered";
      readonly total: Milliseconds;
      readonly phases: PhaseTimes;
      readonly serverTime: Milliseconds | null;
      /** Phases of the connection that was opened beforehand, which are in no other figure of it. */
      readonly opening: PhaseTimes | undefined;
    }
  | { readonly kind: "cold" | "warm"; readonly outcome: "failed"; readonly error: TursoPoolError };

export interface ProbeOptions {
  readonly target: Target;
  readonly use: ConnectionUse;
  /** For all of a ping, from its first step to the answer. */
  readonly timeout: Milliseconds;
  readonly clock: Clock;
  /** Opens connections that tell this listener of their wire. */
  readonly connector: (wire: WireListener) => Connect;
  readonly rehearsal?: Pick<Rehearsal, "before"> | undefined;
}

interface Kept {
  readonly connection: Connection;
  readonly trace: Trace;
}

/** Pings one database, one ping after the other. */
export class Probe {
  readonly #options: ProbeOptions;
  #kept: Kept | undefined;
  #hasPinged = false;
  #facts: WireFacts | undefined;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  /** Of the first connection over which an answer came. */
  get facts(): WireFacts | undefined {
    return this.#facts;
  }

  /**
   * Sends one statement and waits for its answer. A ping that the signal stops is none: `undefined`.
   * Rejects only for bugs.
   */
  async ping(signal: AbortSignal, timeout = this.#options.timeout): Promise<Ping | undefined> {
    const { target, clock, use } = this.#options;
    const stopped = (): boolean => signal.aborted;
    if (stopped()) return undefined;
    const before = use === "warm" && !this.#hasPinged;
    this.#hasPinged = true;
    const kept = this.#kept?.connection.open === true ? this.#kept : undefined;
    if (!kept) await this.#drop();
    const kind = kept || before ? "warm" : "cold";
    await this.#options.rehearsal?.before(kind);
    const trace = kept?.trace ?? new Trace(clock);
    const attempt = new AbortController();
    const stop = (): void => attempt.abort(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    let isOpen = kept !== undefined;
    const raise = timeout < this.#options.timeout ? "--wait-ready" : "--timeout";
    const timer = clock.schedule(timeout, () => {
      attempt.abort(tooLate(target, { timeout, raise, isOpen, phases: trace.phases }));
    });
    try {
      trace.begin();
      const connection = kept?.connection ?? (await this.#open(trace, attempt.signal));
      await this.#ask(connection, trace, attempt.signal);
      if (!before) return this.#answered(kind, trace);
      const opening = trace.phases;
      isOpen = true;
      trace.begin();
      await this.#ask(connection, trace, attempt.signal);
      return this.#answered(kind, trace, opening);
    } catch (error) {
      await this.#drop();
      if (stopped()) return undefined;
      return { kind, outcome: "failed", error: failureOf(error, target) };
    } finally {
      timer.cancel();
      signal.removeEventListener("abort", stop);
      if (use === "cold") await this.#drop();
    }
  }

  /** Closes the connection that is kept. Idempotent. */
  async close(): Promise<void> {
    await this.#drop();
  }

  async #open(trace: Trace, signal: AbortSignal): Promise<Connection> {
    const { target, connector } = this.#options;
    // The engine would make the file.
    if (target.kind === "local" && target.transport === "file" && isMissing(target.path)) {
      throw new TursoPoolError("UNREACHABLE", `${target.display}: the file does not exist`, {
        hint: "Correct the path.",
      });
    }
    const connection = await connector(trace)(signal);
    this.#kept = { connection, trace };
    return connection;
  }

  async #ask({ client }: Connection, trace: Trace, signal: AbortSignal): Promise<void> {
    const { target } = this.#options;
    // Only what reads a page of a file finds out whether it is a database.
    const sql = target.kind === "local" ? "SELECT count(*) FROM sqlite_schema" : undefined;
    await ping(client, target.display, signal, sql);
    trace.answered(target.transport === "http" && "tcp" in trace.phases ? "request" : "statement");
  }

  #answered(kind: "cold" | "warm", trace: Trace, opening?: PhaseTimes): Ping {
    // Not before: asking for a certificate takes time.
    this.#facts ??= wireFacts(trace);
    const { total, phases, serverTime } = trace;
    return { kind, outcome: "answered", total, phases, serverTime, opening };
  }

  async #drop(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    await kept?.connection.close();
  }
}

function isMissing(path: string): boolean {
  return !existsSync(path);
}
