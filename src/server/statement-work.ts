import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { PunctualAlarm } from "../core/punctual-alarm.js";

/** How much a database has to do, as far as it is emulated. */
export interface WorkConfig {
  /** What every statement takes, at least. */
  readonly statementTime: Milliseconds;
  /** Statements that run at one time; `undefined` for any number. */
  readonly parallel: number | undefined;
}

interface Statement {
  readonly cameAt: Milliseconds;
  readonly done: () => void;
}

/**
 * Statements as of a database that has much to do: each takes its time, so many at one time, first come first served.
 * Nobody's thread is blocked for it, and the engine's own work comes on top.
 */
export class StatementWork {
  readonly #statementTime: Milliseconds;
  readonly #parallel: number;
  readonly #clock: Clock;
  readonly #alarm: PunctualAlarm;
  /** All take equally long, so those that began first are done first. */
  readonly #running: { readonly due: Milliseconds; readonly statement: Statement }[] = [];
  readonly #waiting: Statement[] = [];
  #isClosed = false;

  constructor({ statementTime, parallel = Infinity }: WorkConfig, clock: Clock) {
    this.#statementTime = statementTime;
    this.#parallel = parallel;
    this.#clock = clock;
    this.#alarm = new PunctualAlarm(clock, () => this.#finish());
  }

  /** Settles when a statement that comes now has had its turn and its time. Never rejects. */
  take(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isClosed) return resolve();
      const statement = { cameAt: this.#clock.now(), done: resolve };
      if (this.#running.length < this.#parallel) this.#begin(statement, statement.cameAt);
      else this.#waiting.push(statement);
    });
  }

  /** Lets all statements go at once, and those that come later. */
  close(): void {
    this.#isClosed = true;
    this.#alarm.close();
    for (const { statement } of this.#running.splice(0)) statement.done();
    for (const statement of this.#waiting.splice(0)) statement.done();
  }

  #begin(statement: Statement, at: Milliseconds): void {
    const due = at + this.#statementTime;
    this.#running.push({ due, statement });
    this.#alarm.setNoLaterThan(due);
  }

  #finish(): void {
    const now = this.#clock.now();
    for (let first = this.#running[0]; first !== undefined && first.due <= now; first = this.#running[0]) {
      this.#running.shift();
      first.statement.done();
      const next = this.#waiting.shift();
      // The place was free when its statement was due; that the alarm was late takes nothing from what can be done.
      if (next !== undefined) this.#begin(next, Math.max(first.due, next.cameAt));
    }
    const [first] = this.#running;
    if (first !== undefined) this.#alarm.setNoLaterThan(first.due);
  }
}
