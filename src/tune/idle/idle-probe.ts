import type { Clock, Timer } from "../../core/clock.js";
import type { Milliseconds } from "../../core/duration.js";
import { TursoPoolError } from "../../core/errors.js";
import { pause } from "../../core/pause.js";
import type { Seats } from "../seats.js";
import type { Observation } from "./cuts.js";
import type { Waiting } from "./knowledge.js";
import type { Idler, Prober } from "./prober.js";

/** What probes need to be made. */
export interface ProbeContext {
  readonly clock: Clock;
  readonly seats: Seats;
  /** For opening, the first statement included. */
  readonly openTimeout: Milliseconds;
  readonly patience: Milliseconds;
  /** The database, for errors to name. */
  readonly where: string;
  /** A statement is sent. */
  readonly sent: () => void;
}

/** How a probe ended. */
export type ProbeEnd =
  | { readonly kind: "seen"; readonly observation: Observation }
  | { readonly kind: "not opened"; readonly error: unknown }
  /** It got no answer, and nobody else would have: the database is gone, or stands still. */
  | { readonly kind: "nobody answers"; readonly since: Milliseconds; readonly error: unknown }
  | { readonly kind: "given up" };

/** The other side takes a moment to see that a connection was closed, and until then counts it. */
const FAREWELL: Milliseconds = 25;

/** One connection that is opened, idles, and is asked whether it still answers. */
export class IdleProbe {
  readonly begunAt: Milliseconds;
  readonly ended: Promise<ProbeEnd>;
  readonly #prober: Prober;
  readonly #context: ProbeContext;
  readonly #idle: Milliseconds;
  readonly #over = new AbortController();
  #cap: Milliseconds = Infinity;
  #idleSince: Milliseconds | undefined;
  #lead: Milliseconds = 0;
  #alarm: { readonly timer: Timer; readonly ring: () => void } | undefined;

  /** @param after it is opened so much later */
  constructor(prober: Prober, idle: Milliseconds, after: Milliseconds, context: ProbeContext) {
    this.#prober = prober;
    this.#idle = idle;
    this.#context = context;
    this.begunAt = context.clock.now() + after;
    context.seats.take();
    this.ended = this.#run(after).finally(() => context.seats.leave());
  }

  get waiting(): Waiting {
    const since = this.#idleSince ?? this.begunAt;
    return { idle: Math.min(this.#idle, this.#cap), age: this.#context.clock.now() - since };
  }

  get isOpen(): boolean {
    return this.#idleSince !== undefined;
  }

  /** It need not idle for longer than this. */
  capAt(cap: Milliseconds): void {
    if (cap === this.#cap) return;
    this.#cap = cap;
    if (this.#alarm !== undefined) this.#setAlarm(this.#alarm.ring);
  }

  giveUp(): void {
    this.#over.abort();
  }

  async #run(after: Milliseconds): Promise<ProbeEnd> {
    const { clock } = this.#context;
    const over = this.#over.signal;
    await pause(clock, after, over);
    let idler: Idler | undefined;
    try {
      idler = await this.#inTime(this.#context.openTimeout, (signal) => this.#prober.open(signal));
    } catch (error) {
      return over.aborted ? { kind: "given up" } : { kind: "not opened", error };
    }
    try {
      return await this.#watch(idler);
    } finally {
      await idler.close();
      await pause(clock, FAREWELL, over);
    }
  }

  async #watch(idler: Idler): Promise<ProbeEnd> {
    const { clock, patience, sent } = this.#context;
    const since = clock.now();
    this.#idleSince = since;
    this.#lead = idler.lead ?? 0;
    const closedAt = await this.#idleOn(idler);
    if (closedAt !== undefined) return seen(closedAt - since, closedAt, "closed");
    if (this.#isOver()) return { kind: "given up" };
    const idle = clock.now() - since;
    try {
      sent();
      await this.#inTime(patience, (signal) => idler.ask(signal));
      return seen(this.#prober.idlesUntilAnswered ? clock.now() - since : idle, clock.now(), null);
    } catch (error) {
      if (this.#isOver()) return { kind: "given up" };
      if (error instanceof Silence) return this.#silent(idler, idle);
      return seen(this.#prober.idlesUntilAnswered ? clock.now() - since : idle, clock.now(), "refused");
    }
  }

  async #silent(idler: Idler, idle: Milliseconds): Promise<ProbeEnd> {
    const at = this.#context.clock.now();
    const { confirm } = this.#prober;
    if (confirm !== undefined) {
      await idler.close();
      try {
        await this.#inTime(this.#context.openTimeout, confirm);
      } catch (error) {
        return this.#isOver() ? { kind: "given up" } : { kind: "nobody answers", since: at, error };
      }
    }
    return seen(idle, at, "silent");
  }

  #isOver(): boolean {
    return this.#over.signal.aborted;
  }

  /** Resolves when it has idled for long enough, or before with the moment at which it was closed. */
  async #idleOn(idler: Idler): Promise<Milliseconds | undefined> {
    const { clock } = this.#context;
    const over = this.#over.signal;
    const closedAt = await new Promise<Milliseconds | undefined>((resolve) => {
      idler.onClose(() => resolve(clock.now()));
      over.addEventListener("abort", () => resolve(undefined), { once: true });
      if (over.aborted) resolve(undefined);
      this.#setAlarm(() => resolve(undefined));
    });
    this.#alarm?.timer.cancel();
    this.#alarm = undefined;
    return closedAt;
  }

  #setAlarm(ring: () => void): void {
    const { clock } = this.#context;
    this.#alarm?.timer.cancel();
    const due = (this.#idleSince ?? 0) + Math.min(this.#idle, this.#cap) - this.#lead;
    this.#alarm = { timer: clock.schedule(Math.max(0, due - clock.now()), ring), ring };
  }

  async #inTime<T>(time: Milliseconds, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, where } = this.#context;
    const late = new AbortController();
    const timer = clock.schedule(time, () => late.abort(new Silence(where, time)));
    try {
      return await work(AbortSignal.any([late.signal, this.#over.signal]));
    } finally {
      timer.cancel();
    }
  }
}

/** Nothing was heard in time. */
class Silence extends TursoPoolError {
  constructor(where: string, time: Milliseconds) {
    super("CONNECT_TIMEOUT", `${where}: no answer within ${Math.round(time)} ms`, {
      hint: "Check the host, the port and any firewall on the way, or raise --connect-timeout.",
    });
  }
}

function seen(idle: Milliseconds, at: Milliseconds, lost: Observation["lost"]): ProbeEnd {
  return { kind: "seen", observation: { idle, at, lost } };
}
