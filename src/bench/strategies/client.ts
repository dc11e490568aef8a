import { createClient, type Client, type Config } from "@libsql/client";
import { Agent } from "undici";
import type { Milliseconds } from "../../core/duration.js";
import type { Target } from "../../libsql/target.js";
import type { ClientAccount, PlainClients } from "./plain-clients.js";
import type { Operation, Strategy, StrategyContext } from "./strategy.js";

/**
 * One shared `createClient()` as it comes: what a user has today.
 *
 * It does not say when its connection is ready, so that is watched from outside: over HTTP, how long the
 * request waited for its socket; over WebSocket, whether a socket was ready when the operation began, and if
 * not, when one was. A local client opens its handles within its calls, where nothing can be seen.
 */
export class ClientStrategy implements Strategy {
  readonly name = "client";
  readonly #target: Target;
  #client: Client | undefined;
  readonly #clients: PlainClients;
  readonly #account: ClientAccount;
  readonly #sockets: Agent | undefined;

  constructor({ target, plan, plainClients }: StrategyContext) {
    this.#target = target;
    this.#clients = plainClients;
    this.#account = plainClients.join();
    // Global `fetch` has one set of sockets for all clients of a process: two of them would keep each other's open.
    const isOneOfSeveral = plan.calibrate || plan.against;
    if (target.transport === "http" && isOneOfSeveral) this.#sockets = new Agent();
  }

  async operate(sql: string, startedAt: Milliseconds): Promise<Operation> {
    this.#clients.turn(this.#account);
    // Made in its own turn, because it begins to connect when it is made.
    this.#client ??= createClient(clientConfig(this.#target, this.#sockets));
    const wasReady = this.#account.open > 0;
    let wait: Milliseconds | undefined;
    try {
      await this.#client.execute(sql);
    } finally {
      wait = this.#account.waits.pop();
    }
    const doneAt = performance.now();
    return { overhead: this.#overhead(wasReady, startedAt, wait), doneAt };
  }

  get socketsOpened(): number {
    return this.#account.opened;
  }

  get connectionsOpened(): number | null {
    return this.#target.kind === "remote" ? this.socketsOpened : null;
  }

  statistics(): null {
    return null;
  }

  async close(): Promise<void> {
    this.#client?.close();
    await this.#sockets?.destroy();
    this.#clients.leave();
  }

  #overhead(wasReady: boolean, startedAt: Milliseconds, wait: Milliseconds | undefined): Milliseconds | null {
    const { readyAt } = this.#account;
    if (this.#target.transport === "http") return wait ?? null;
    if (this.#target.transport === "ws") return wasReady ? 0 : Math.max(0, readyAt - startedAt);
    return null;
  }
}

function clientConfig(target: Target, dispatcher: Agent | undefined): Config {
  if (target.kind === "local") return { url: target.url };
  return {
    url: target.baseUrl.href,
    ...(target.authToken !== undefined && { authToken: target.authToken }),
    ...(dispatcher && {
      fetch: (request: Request) => fetch(request, { dispatcher } as unknown as RequestInit),
    }),
  };
}
