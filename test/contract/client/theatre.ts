import { createClient, type Client, type Config } from "@libsql/client";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve, type TestServer } from "../../support/servers.js";
import type { Case, Transport } from "./case.js";
import { CONTESTANTS, type Kind } from "./contestants.js";
import { outcomeOf, type Outcome } from "./outcome.js";

/** Where cases are played by clients of one kind: databases of their own, empty at the start of each. */
export class Theatre implements AsyncDisposable {
  readonly #kind: Kind;
  readonly #transport: Transport;
  readonly #folder = mkdtempSync(join(tmpdir(), "turso-pool-test-"));
  #server: TestServer | undefined;
  #files = 0;

  private constructor(kind: Kind, transport: Transport) {
    this.#kind = kind;
    this.#transport = transport;
  }

  static async open(kind: Kind, transport: Transport): Promise<Theatre> {
    const theatre = new Theatre(kind, transport);
    if (transport === "ws" || transport === "http") theatre.#server = await serve(transport);
    return theatre;
  }

  async play(played: Case): Promise<Outcome> {
    const url = await this.#emptyDatabase();
    const clients: Client[] = [];
    const create = (more: Partial<Config> = {}): Client => {
      const client = CONTESTANTS[this.#kind]({ url, ...more });
      clients.push(client);
      return client;
    };
    try {
      const outcome = await outcomeOf(() =>
        played.run(create(played.config), { transport: this.#transport, create }),
      );
      return nameless(outcome, url);
    } finally {
      for (const client of clients) if (!client.closed) client.close();
    }
  }

  async #emptyDatabase(): Promise<string> {
    if (this.#transport === "memory") return ":memory:";
    if (this.#server === undefined) return `file:${join(this.#folder, `${++this.#files}.db`)}`;
    await empty(this.#server.server.url("ws"));
    return this.#server.url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function empty(url: string): Promise<void> {
  const client = createClient({ url });
  try {
    const { rows } = await client.execute(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('items', 'sqlite_sequence')",
    );
    await client.migrate(rows.map((row) => `DROP TABLE ${row.name as string}`));
  } finally {
    client.close();
  }
}

/** An outcome without what differs from one database to the next: where it is. */
function nameless(outcome: Outcome, url: string): Outcome {
  const { host } = url === ":memory:" ? { host: "" } : new URL(url);
  const text = JSON.stringify(outcome).replaceAll(url, "<url>");
  return JSON.parse(host === "" ? text : text.replaceAll(host, "<host>")) as Outcome;
}
