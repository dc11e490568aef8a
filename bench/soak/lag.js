// How late this process itself is: nobody can be served in time by one that does not run.

const EVERY_MS = 20;
const REMEMBERED_MS = 5_000;

export class Lag {
  #timer;
  #due = performance.now() + EVERY_MS;
  #late = [];
  worst = 0;

  constructor() {
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
    this.#timer.unref();
  }

  /** The longest in the last seconds. */
  get recent() {
    const since = performance.now() - REMEMBERED_MS;
    while (this.#late.length > 0 && this.#late[0].at < since) this.#late.shift();
    return Math.max(0, performance.now() - this.#due, ...this.#late.map(({ late }) => late));
  }

  close() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look() {
    const now = performance.now();
    const late = now - this.#due;
    this.#due = now + EVERY_MS;
    this.worst = Math.max(this.worst, late);
    if (late > EVERY_MS) this.#late.push({ at: now, late });
  }
}
