// Calls of one client: each must end in time, with a result or an error that has a code.
import { LibsqlError, PooledClientError } from "../../dist/index.js";

/** What a busy machine may add to a deadline, beside the lag of this process. */
const GRACE_MS = 250;
const LOOK_EVERY_MS = 500;

export class Calls {
  #name;
  #violations;
  #lag;
  #underWay = new Set();
  #watch;
  #onIdle;
  /** Calls by what they were, and errors by code. */
  counts = new Map();
  errors = new Map();
  longestOverrun = 0;

  constructor(name, violations, lag) {
    this.#name = name;
    this.#violations = violations;
    this.#lag = lag;
    this.#watch = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#watch.unref();
  }

  get underWay() {
    return this.#underWay.size;
  }

  /** Makes a call that has to end within `timeout`. Resolves with `{ value }` or `{ error }`. */
  async call(what, timeout, work) {
    const call = { what, timeout, startedAt: performance.now(), isLate: false };
    this.#underWay.add(call);
    count(this.counts, what);
    try {
      return { value: await work() };
    } catch (error) {
      this.#note(what, error);
      return { error };
    } finally {
      this.#underWay.delete(call);
      this.#check(call);
      if (this.#underWay.size === 0) this.#onIdle?.();
    }
  }

  /** Resolves with true when no call is under way, with false after so long. */
  idle(patience) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#onIdle(false), patience);
      this.#onIdle = (isIdle = true) => {
        clearTimeout(timer);
        this.#onIdle = undefined;
        resolve(isIdle);
      };
      if (this.#underWay.size === 0) this.#onIdle();
    });
  }

  close() {
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  #look() {
    for (const call of this.#underWay) this.#check(call);
  }

  #check(call) {
    const over = performance.now() - call.startedAt - call.timeout;
    if (over <= 0) return;
    const lag = this.#lag.recent;
    if (over > lag) this.longestOverrun = Math.max(this.longestOverrun, over - lag);
    if (call.isLate || over <= GRACE_MS + 2 * lag) return;
    call.isLate = true;
    this.#violations.add(
      "deadline",
      `${this.#name}: ${call.what} took ${Math.round(call.timeout + over)} ms of ${call.timeout} (lag ${Math.round(lag)} ms)`,
    );
  }

  #note(what, error) {
    const code = error?.code;
    const isCoded = error instanceof LibsqlError && typeof code === "string" && code !== "";
    if (!isCoded) {
      const seen = error instanceof Error ? error.stack : String(error);
      this.#violations.add("coded error", `${this.#name}: ${what}: ${seen}`);
    }
    const outcome = error instanceof PooledClientError ? error.outcome : "answered";
    count(this.errors, `${isCoded ? code : "(none)"}\t${outcome}`);
  }
}

export function count(counts, key, by = 1) {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
