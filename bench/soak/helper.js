// A process of its own beside the soak's, so that what it needs is not taken for the pool's: its memory, sockets and timers.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The side that asks. */
export class Helper {
  #child;
  #waiting = new Map();
  #lastId = 0;

  /** @param file a module of this folder that calls {@link serve} */
  constructor(file) {
    this.#child = fork(fileURLToPath(new URL(file, import.meta.url)), [], { execArgv: [] });
    this.#child.on("message", ({ id, value, error }) => {
      const { resolve, reject } = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) resolve(value);
      else reject(new Error(`${file}: ${error}`));
    });
    this.#child.on("exit", (code, signal) => {
      for (const { reject } of this.#waiting.values()) {
        reject(new Error(`${file} has ended (${signal ?? code})`));
      }
      this.#waiting.clear();
    });
  }

  /** Calls one of its methods. */
  ask(method, ...args) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, method, args }, (failure) => {
        if (!failure) return;
        this.#waiting.delete(id);
        reject(failure);
      });
    });
  }

  async end() {
    const exited = once(this.#child, "exit");
    if (this.#child.connected) this.#child.disconnect();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await exited;
  }
}

/** The side that answers; it ends with the other one, after `end`. */
export function serve(methods, end = () => undefined) {
  process.on("message", async ({ id, method, args }) => {
    let answer;
    try {
      answer = { id, value: await methods[method](...args) };
    } catch (error) {
      answer = { id, error: error.stack };
    }
    if (process.connected) process.send(answer, () => undefined);
  });
  process.on("disconnect", async () => {
    await end();
    process.exit();
  });
  // Ctrl-C goes to the whole group; the soak itself says when it is over.
  process.on("SIGINT", () => undefined);
}
