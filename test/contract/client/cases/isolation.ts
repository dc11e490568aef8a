import { REMOTE, SHARED, type Case } from "../case.js";
import { told } from "../outcome.js";
import { insert, MODES, rows, story } from "./story.js";

export const ISOLATION_CASES: readonly Case[] = [
  story(
    "shows others nothing of a transaction before its commit",
    "write",
    async (tx, client) => [
      await insert(tx, "one"),
      await rows(client),
      await told(() => tx.commit()),
      await rows(client),
    ],
    SHARED,
  ),
  story(
    "reads in a transaction what was there when it began to read",
    "read",
    async (tx, client) => [
      await told(() => tx.execute("SELECT a FROM t")),
      await told(() => client.execute("INSERT INTO t VALUES ('meanwhile')")),
      await told(() => tx.execute("SELECT a FROM t")),
      await told(() => tx.commit()),
    ],
    REMOTE,
  ),
  {
    name: "has one transaction after another",
    run: async (client) => {
      await client.execute("CREATE TABLE t (a)");
      for (let i = 0; i < 5; i++) {
        const tx = await client.transaction(i % 2 === 0 ? "write" : "deferred");
        await tx.execute({ sql: "INSERT INTO t VALUES (?)", args: [i] });
        await (i % 2 === 0 ? tx.commit() : tx.rollback());
      }
      return rows(client);
    },
  },
  {
    name: "has transactions that read side by side",
    on: SHARED,
    run: async (client) => {
      await client.executeMultiple("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
      const transactions = await Promise.all(MODES.slice(1).map((mode) => client.transaction(mode)));
      const read = await Promise.all(transactions.map((tx) => told(() => tx.execute("SELECT a FROM t"))));
      const ended = await Promise.all(transactions.map((tx) => told(() => tx.commit())));
      return [read, ended, transactions.map((tx) => tx.closed)];
    },
  },
  {
    name: "lets one transaction write after the other",
    on: REMOTE,
    run: async (client) => {
      await client.execute("CREATE TABLE t (a)");
      const first = await client.transaction("write");
      await first.execute("INSERT INTO t VALUES (1)");
      const second = client.transaction("write").then(async (tx) => {
        await tx.execute("INSERT INTO t VALUES (2)");
        await tx.commit();
        return tx.closed;
      });
      await first.commit();
      return [await second, await rows(client)];
    },
  },
  {
    name: "refuses to write in a transaction that read before somebody else wrote",
    on: REMOTE,
    run: async (client) => {
      await client.execute("CREATE TABLE t (a)");
      const late = await client.transaction("deferred");
      await late.execute("SELECT a FROM t");
      await client.execute("INSERT INTO t VALUES (1)");
      const written = await told(() => late.execute("INSERT INTO t VALUES (2)"));
      return [written, late.closed, await told(() => late.rollback()), await rows(client)];
    },
  },
];
