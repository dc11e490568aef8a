import { fork, type ChildProcess } from "node:child_process";
import type { LookupAddress, LookupOptions } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { fileURLToPath } from "node:url";

export interface LookupRequest {
  readonly id: number;
  readonly host: string;
  readonly options: LookupOptions;
}

export interface LookupAnswer {
  readonly id: number;
  /** `undefined` where there is none. */
  readonly error: { readonly code: string | undefined; readonly message: string } | undefined;
  readonly address: string | LookupAddress[];
  readonly family: number | undefined;
}

type Callback = Parameters<LookupFunction>[2];

/**
 * Looks names up in a process of its own. A lookup (getaddrinfo) cannot be stopped, and not even `process.exit()`
 * gets past one: it waits for the thread that it runs in, which takes as long as the resolver's patience, where a
 * name server does not answer. The detour takes 0.2 ms.
 */
export class NameLookup implements Disposable {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Callback>();
  #lastId = 0;

  constructor() {
    this.#process = fork(fileURLToPath(new URL("./lookup-process.js", import.meta.url)), [], {
      execArgv: [],
      stdio: "ignore",
      // A group of its own: Ctrl-C is the command's to act on. It ends when the channel does.
      detached: true,
    });
    this.#process.on("message", (answer: LookupAnswer) => this.#answered(answer));
    this.#process.on("error", () => this.#ended());
    this.#process.on("exit", () => this.#ended());
    // Whoever waits for an answer has a timeout, which keeps this process alive.
    this.#process.unref();
    this.#process.channel?.unref();
  }

  /** Whether looking this host up asks anybody. */
  static isNeededFor(host: string): boolean {
    return isIP(host) === 0 && host !== "localhost";
  }

  readonly lookup: LookupFunction = (host, options, callback) => {
    const id = ++this.#lastId;
    this.#waiting.set(id, callback);
    const request: LookupRequest = { id, host, options };
    this.#process.send(request, (error) => error && this.#ended());
  };

  /** Ends the process, whatever it is waiting for. Idempotent. */
  [Symbol.dispose](): void {
    this.#waiting.clear();
    this.#process.kill("SIGKILL");
  }

  #answered({ id, error, address, family }: LookupAnswer): void {
    const callback = this.#waiting.get(id);
    this.#waiting.delete(id);
    callback?.(error ? Object.assign(new Error(error.message), { code: error.code }) : null, address, family);
  }

  #ended(): void {
    const error = Object.assign(new Error("the process that looks names up has ended"), {
      code: "EAI_AGAIN",
    });
    for (const callback of this.#waiting.values()) callback(error, "");
    this.#waiting.clear();
  }
}
