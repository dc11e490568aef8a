import type { Config } from "@libsql/client";
import { REMOTE, SHARED, type Case } from "../case.js";
import { told } from "../outcome.js";
import { everyUse } from "./uses.js";

/** Who waits for a connection in vain need not do so for long. */
const soon = (config: Partial<Config>): Partial<Config> =>
  Object.assign(config, { connectionTimeout: 1_000 });

export const CAPACITY_CASES: readonly Case[] = [
  {
    name: "runs dozens of statements at one time",
    run: (client) => Promise.all(Array.from({ length: 60 }, (_, i) => client.execute("SELECT ? AS n", [i]))),
  },
  ...[1, 2, 0, -1, 500].map((concurrency): Case => ({
    name: `runs dozens of statements with a concurrency of ${concurrency}`,
    config: { concurrency },
    run: (client) => Promise.all(Array.from({ length: 40 }, (_, i) => client.execute("SELECT ? AS n", [i]))),
  })),
  {
    name: "executes beside as many open transactions as its concurrency",
    on: SHARED,
    config: soon({ concurrency: 3 }),
    run: async (client) => {
      const transactions = await Promise.all([1, 2, 3].map(() => client.transaction("read")));
      const read = await Promise.all(transactions.map((tx) => told(() => tx.execute("SELECT 1"))));
      const beside = await told(() => client.execute("SELECT 'beside'"));
      const another = await told(() => client.transaction("read").then((tx) => tx.commit()));
      for (const tx of transactions) tx.close();
      return [read, beside, another, await told(() => client.execute("SELECT 'afterwards'"))];
    },
  },
  {
    name: "executes beside 25 open transactions when nobody set its concurrency",
    on: REMOTE,
    config: soon({}),
    run: async (client) => {
      const transactions = await Promise.all(Array.from({ length: 25 }, () => client.transaction("read")));
      const read = await Promise.all(transactions.map((tx) => told(() => tx.execute("SELECT 1"))));
      const beside = await told(() => client.execute("SELECT 'beside'"));
      for (const tx of transactions) tx.close();
      return [read, beside];
    },
  },
  {
    name: "says that a transaction has an in-memory database for itself",
    on: ["memory"],
    run: async (client) => {
      const tx = await client.transaction("write");
      const refused = await everyUse(client);
      await tx.commit();
      return [refused, await everyUse(client)];
    },
  },
  {
    name: "keeps an in-memory database between statements, batches and transactions",
    on: ["memory"],
    run: async (client) => {
      await client.executeMultiple("CREATE TABLE t (a)");
      await client.batch(["INSERT INTO t VALUES (1)"], "write");
      const tx = await client.transaction();
      await tx.execute("INSERT INTO t VALUES (2)");
      await tx.commit();
      const rolledBack = await client.transaction();
      await rolledBack.execute("INSERT INTO t VALUES (3)");
      rolledBack.close();
      return client.execute("SELECT * FROM t");
    },
  },
  {
    name: "has an in-memory database of its own",
    on: ["memory"],
    run: async (client, stage) => {
      await client.execute("CREATE TABLE t (a)");
      return stage.create().execute("SELECT * FROM t");
    },
  },
  {
    name: "shares its data with others of the same URL",
    on: SHARED,
    run: async (client, stage) => {
      await client.executeMultiple("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
      const other = stage.create();
      await other.execute("INSERT INTO t VALUES (2)");
      return client.execute("SELECT * FROM t");
    },
  },
  {
    name: "waits for a lock as long as its timeout says",
    on: ["file"],
    config: { timeout: 4321 },
    run: (client) =>
      Promise.all([client.execute("PRAGMA busy_timeout"), client.execute("PRAGMA busy_timeout")]),
  },
  {
    name: "waits for a lock in transactions, too",
    on: ["file"],
    config: { timeout: 4321 },
    run: async (client) => {
      const tx = await client.transaction("read");
      const [inside, beside] = [
        await tx.execute("PRAGMA busy_timeout"),
        await client.execute("PRAGMA busy_timeout"),
      ];
      await tx.commit();
      return [inside, beside];
    },
  },
  {
    name: "says at once that a file is locked",
    on: ["file"],
    run: async (client, stage) => {
      await client.execute("CREATE TABLE t (a)");
      const holder = await stage.create().transaction("write");
      const outcomes = [
        await told(() => client.execute("INSERT INTO t VALUES (1)")),
        await told(() => client.batch(["INSERT INTO t VALUES (1)"], "write")),
        await told(() => client.transaction("write")),
        await told(() => client.execute("SELECT * FROM t")),
      ];
      await holder.rollback();
      return [outcomes, await told(() => client.execute("INSERT INTO t VALUES (1)"))];
    },
  },
  {
    name: "calls the fetch that it was given",
    on: ["http"],
    run: async (_client, stage) => {
      let calls = 0;
      const counting = (request: Request): Promise<Response> => {
        calls++;
        return fetch(request);
      };
      const client = stage.create({ fetch: counting });
      const result = await client.execute("SELECT 1");
      return [result, calls > 0];
    },
  },
  {
    name: "says what the fetch that it was given says",
    on: ["http"],
    run: async (_client, stage) => {
      const broken = (): Promise<Response> => Promise.reject(new Error("no fetch today"));
      const client = stage.create({ fetch: broken });
      return [
        await told(() => client.execute("INSERT INTO t VALUES (1)")),
        await told(() => client.batch(["DELETE FROM t"])),
      ];
    },
  },
];
