// The contestants' processes, and how they are told what to do.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { CONTESTANTS } from "./contestants.js";

/** One contestant, in a process of its own: what one does is no load on another's event loop. */
class Contestant {
  #process;
  #lastId = 0;
  #waiting = new Map();
  #recovered;

  constructor(name, caFile) {
    this.name = name;
    this.title = CONTESTANTS[name].title;
    this.#process = fork(fileURLToPath(new URL("worker.js", import.meta.url)), [name], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
    });
    this.#process.on("message", ({ id, result, recovered }) => {
      if (recovered !== undefined) return this.#recovered?.(recovered);
      this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    });
    this.#process.once("exit", (code, signal) => {
      if (this.#waiting.size > 0) throw new Error(`${name} ended: ${signal ?? code}`);
    });
  }

  tell(act, options) {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#process.send({ id, act, options });
    });
  }

  /** The fault is over. Resolves when it has been told, with a promise of when all its callers were well. */
  async healed() {
    const recovery = new Promise((resolve) => (this.#recovered = resolve));
    const healedAt = await this.tell("healed");
    return { recovery: recovery.then((at) => at - healedAt) };
  }

  end() {
    this.#process.kill();
  }
}

export const company = (caFile) => Object.keys(CONTESTANTS).map((name) => new Contestant(name, caFile));
