// Callers that read and write through one client, and the account of what each of their calls came to.
import { clearTimeout } from "node:timers";
import { seededRandom } from "../../dist/core/random.js";

/** The same on the clocks of all processes of this machine. */
export const now = () => performance.timeOrigin + performance.now();

/** What is in the table `facts`. */
export const FACTS = 10;
export const factOf = (id) => `fact ${id} of ${FACTS}`;

/**
 * Each caller waits for its answer, then a while, then asks again: as often a read as a write. Nobody retries, and
 * nobody has a deadline: after `patience` a call counts as hung, and its caller goes on with another.
 */
export class Load {
  #options;
  #callers;
  #calls = [];
  #state = "running";
  #wake = new Set();
  #unanswered;
  #recovered;

  /** @param options `execute`, `callers`, `seed`, `pause: [least, most]`, `patience`, in milliseconds */
  constructor(options) {
    this.#options = options;
    this.#callers = Array.from({ length: options.callers }, (_, index) => this.#caller(index));
  }

  /** Whoever pauses asks now. */
  burst() {
    for (const wake of [...this.#wake]) wake();
  }

  /** Nobody asks anything until {@link resume}. */
  hold() {
    this.#state = "holding";
  }

  resume() {
    this.#state = "running";
    this.burst();
  }

  /** The fault is over: resolves when each caller has had an answer to what it asked since. */
  healed() {
    this.#unanswered = new Set(Array.from({ length: this.#options.callers }, (_, index) => index));
    this.healedAt = now();
    return new Promise((resolve) => (this.#recovered = resolve));
  }

  /** Asks nothing more; waits for what was asked as long as for anything. */
  async stop() {
    this.#state = "stopped";
    this.burst();
    await Promise.all(this.#callers);
    return this.#calls;
  }

  async #caller(index) {
    const { seed, pause } = this.#options;
    const random = seededRandom(seed * 1_000 + index);
    for (let count = 0; ; count++) {
      await this.#pause(pause[0] + random() * (pause[1] - pause[0]));
      while (this.#state === "holding") await this.#pause(60_000);
      if (this.#state === "stopped") return;
      const fact = 1 + Math.floor(random() * FACTS);
      await (random() < 0.5 ? this.#read(index, fact) : this.#write(index, `${index}-${count}`));
    }
  }

  #pause(delay) {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#wake.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, delay);
      this.#wake.add(wake);
    });
  }

  async #read(caller, fact) {
    const call = { caller, kind: "read" };
    const rows = await this.#ask(call, { sql: "SELECT fact FROM facts WHERE id = ?", args: [fact] });
    if (call.end === "answered" && (rows.length !== 1 || rows[0]?.[0] !== factOf(fact))) call.end = "wrong";
  }

  async #write(caller, key) {
    await this.#ask(
      { caller, kind: "write", key },
      { sql: "INSERT INTO writes (key) VALUES (?)", args: [key] },
    );
  }

  async #ask(call, statement) {
    const { execute, patience } = this.#options;
    call.at = now();
    let timer;
    const patient = new Promise((resolve) => (timer = setTimeout(() => resolve("hung"), patience)));
    // What throws instead of rejecting is an error like any other.
    const answer = (async () => execute(statement))();
    answer.catch(() => undefined);
    let rows;
    try {
      const first = await Promise.race([answer, patient]);
      if (first === "hung") call.end = "hung";
      else {
        call.end = "answered";
        ({ rows } = first);
      }
    } catch (error) {
      call.end = "failed";
      call.code = typeof error?.code === "string" ? error.code : null;
      call.outcome = error?.outcome ?? null;
      call.message = String(error?.message ?? error).slice(0, 200);
    }
    clearTimeout(timer);
    call.took = now() - call.at;
    this.#calls.push(call);
    if (call.end !== "answered" || this.#unanswered === undefined || call.at < this.healedAt) return rows;
    if (this.#unanswered.delete(call.caller) && this.#unanswered.size === 0) this.#recovered(now());
    return rows;
  }
}
