import type { Client, Config } from "@libsql/client";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../../support/servers.js";
import { CONTESTANTS } from "../client/contestants.js";

export const TRANSPORTS = ["ws", "http", "file"] as const;

/** An empty database for one test, and pooled clients of it. */
export interface Database extends AsyncDisposable {
  readonly url: string;
  /** Gone with the database. */
  readonly folder: string;
  readonly client: Client;
  create(config: Config): Client;
}

export async function emptyDatabase(transport: (typeof TRANSPORTS)[number]): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), "turso-pool-test-"));
  const server = transport === "file" ? undefined : await serve(transport);
  const url = server?.url ?? `file:${join(folder, "test.db")}`;
  const clients: Client[] = [];
  const create = (config: Config): Client => {
    const client = CONTESTANTS.pooled(config);
    clients.push(client);
    return client;
  };
  return {
    url,
    folder,
    client: create({ url }),
    create,
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) if (!client.closed) client.close();
      await server?.[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
