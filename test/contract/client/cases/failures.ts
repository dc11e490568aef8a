import type { Client, Config } from "@libsql/client";
import { setTimeout as sleep } from "node:timers/promises";
import type { EmbeddedServer, EmbeddedServerOptions } from "#dist/server/embedded-server.js";
import type { TcpProxy } from "../../../support/tcp-proxy.js";
import { told, type Told } from "../outcome.js";

/** A server of its own, and a network to it that can be made to fail. */
export interface FailingStage {
  readonly server: EmbeddedServer;
  readonly proxy: TcpProxy;
  create(config?: Partial<Config>): Client;
}

export interface FailureCase {
  readonly name: string;
  readonly on?: readonly ("ws" | "http")[];
  readonly options?: EmbeddedServerOptions;
  readonly config?: Partial<Config>;
  run(client: Client, stage: FailingStage): unknown;
}

/** Only the pooled client knows of it: how long it looks for a connection where nobody listens. */
const IMPATIENT: Partial<Config> & { readonly connectionTimeout: number } = { connectionTimeout: 1_000 };

const TABLE = "CREATE TABLE t (a)";
const count = async (stage: FailingStage): Promise<Told> =>
  told(async () => (await stage.create().execute("SELECT count(*) AS n FROM t")).rows[0]?.n);

const everyUse = async (client: Client): Promise<unknown[]> => [
  await told(() => client.execute("SELECT 1")),
  await told(() => client.batch(["SELECT 1"])),
  await told(() => client.migrate(["SELECT 1"])),
  await told(() => client.executeMultiple("SELECT 1")),
  await told(async () => {
    const tx = await client.transaction("write");
    try {
      await tx.execute("SELECT 1");
    } finally {
      tx.close();
    }
  }),
];

/** A transaction that wrote, lost what it ran on, and goes on writing as if nothing had happened. */
const goesOn = async (
  client: Client,
  stage: FailingStage,
  lose: () => Promise<unknown>,
): Promise<unknown[]> => {
  await client.execute(TABLE);
  const tx = await client.transaction("write");
  await tx.execute("INSERT INTO t VALUES ('before')");
  await lose();
  const next = await told(() => tx.execute("INSERT INTO t VALUES ('after')"));
  const closed = tx.closed;
  const later = await told(() => tx.execute("INSERT INTO t VALUES ('later')"));
  const batch = await told(() => tx.batch(["INSERT INTO t VALUES ('batch')"]));
  const script = await told(() => tx.executeMultiple("INSERT INTO t VALUES ('script')"));
  const committed = await told(() => tx.commit());
  const rolledBack = await told(() => tx.rollback());
  return [next, closed, later, batch, script, committed, rolledBack, await count(stage)];
};

export const FAILURE_CASES: readonly FailureCase[] = [
  {
    name: "says that nobody listens",
    run: async (_client, stage) => {
      await stage.proxy[Symbol.asyncDispose]();
      return everyUse(stage.create(IMPATIENT));
    },
  },
  {
    name: "says that the server went away in the middle of a statement",
    options: { statementTimeMs: 1_000 },
    run: async (client, stage) => {
      const pending = told(() => client.execute("SELECT 1"));
      await sleep(300);
      stage.proxy.drop("reset");
      return pending;
    },
  },
  {
    name: "goes on after its idle connections were reset",
    run: async (client, stage) => {
      await client.execute(TABLE);
      stage.proxy.drop("reset");
      await sleep(100);
      return [await told(() => client.execute("INSERT INTO t VALUES (1)")), await count(stage)];
    },
  },
  {
    name: "ends a transaction whose connection was reset",
    run: (client, stage) =>
      goesOn(client, stage, async () => {
        stage.proxy.drop("reset");
        await sleep(100);
      }),
  },
  {
    name: "says that a transaction is over when it knows that its connection was reset",
    on: ["ws"],
    run: async (client, stage) => {
      const tx = await client.transaction("write");
      await tx.execute("SELECT 1");
      stage.proxy.drop("reset");
      await sleep(100);
      return [tx.closed, await told(() => tx.commit()), tx.closed];
    },
  },
  {
    name: "ends a transaction whose stream expired",
    on: ["http"],
    options: { streamExpiryMs: 50 },
    run: (client, stage) => goesOn(client, stage, () => sleep(300)),
  },
  {
    name: "ends a transaction that was idle while another waited",
    run: (client, stage) =>
      goesOn(client, stage, async () => {
        const other = await stage.create().transaction("write");
        await other.execute("DELETE FROM t");
        await other.rollback();
      }),
  },
  {
    name: "says that a database needs a token",
    options: { authJwtKeyFile: "" },
    run: (client) => everyUse(client),
  },
  {
    name: "says that a token is wrong",
    options: { authJwtKeyFile: "" },
    config: { authToken: "s3cr3t.that.is-wrong" },
    run: (client) => everyUse(client),
  },
  {
    name: "says that a request is too large",
    options: { limits: { maxBodyBytes: 10_000 } },
    run: async (client) => [
      await told(() => client.execute("SELECT length(?)", ["x".repeat(100_000)])),
      await told(() => client.execute("SELECT 1")),
    ],
  },
  {
    name: "says that a result is too large",
    options: { limits: { maxResultBytes: 10_000 } },
    run: async (client) => [
      await told(() => client.execute("SELECT hex(zeroblob(100000))")),
      await told(() => client.execute("SELECT 1")),
    ],
  },
];
