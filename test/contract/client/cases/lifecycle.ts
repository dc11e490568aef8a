import { LOCAL, REMOTE, SHARED, type Case } from "../case.js";
import { told } from "../outcome.js";
import { everyUse, USES } from "./uses.js";

export const LIFECYCLE_CASES: readonly Case[] = [
  { name: "says its protocol and that it is open", run: (client) => [client.protocol, client.closed] },
  {
    name: "is closed after close(), once and for all",
    run: async (client) => {
      await client.execute("SELECT 1");
      const closing = [await told(() => client.close()), client.closed];
      return [closing, await told(() => client.close()), client.closed, client.protocol];
    },
  },
  {
    name: "is closed without ever having been used",
    run: async (client) => [await told(() => client.close()), client.closed],
  },
  ...USES.map(([name, use]): Case => ({
    name: `refuses ${name} after close()`,
    run: async (client) => {
      await client.execute("SELECT 1");
      client.close();
      return use(client);
    },
  })),
  {
    name: "can do everything after reconnect()",
    run: async (client) => [
      await client.execute("SELECT 1"),
      await told(() => client.reconnect()),
      client.closed,
      await everyUse(client),
    ],
  },
  {
    name: "can do everything after close() and reconnect()",
    run: async (client) => {
      await client.execute("SELECT 1");
      client.close();
      return [await told(() => client.reconnect()), client.closed, await everyUse(client)];
    },
  },
  {
    name: "can be closed again after reconnect()",
    run: async (client) => {
      await told(() => client.reconnect());
      client.close();
      return client.closed;
    },
  },
  {
    name: "has its data after reconnect()",
    on: SHARED,
    run: async (client) => {
      await client.executeMultiple("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
      await told(() => client.reconnect());
      return client.execute("SELECT * FROM t");
    },
  },
  {
    name: "begins an in-memory database afresh with reconnect()",
    on: ["memory"],
    run: async (client) => {
      await client.execute("CREATE TABLE t (a)");
      await told(() => client.reconnect());
      return client.execute("SELECT * FROM t");
    },
  },
  {
    name: "ends its transactions when it is closed",
    on: SHARED,
    run: async (client, stage) => {
      await client.execute("CREATE TABLE t (a)");
      const tx = await client.transaction("write");
      await tx.execute("INSERT INTO t VALUES (1)");
      client.close();
      return [tx.closed, await told(() => stage.create().execute("SELECT * FROM t"))];
    },
  },
  {
    name: "refuses to go on in a transaction when it is closed",
    run: async (client) => {
      const tx = await client.transaction("write");
      await tx.execute("SELECT 1");
      client.close();
      return told(() => tx.execute("SELECT 1"));
    },
  },
  {
    name: "refuses to commit a transaction when it is closed",
    run: async (client) => {
      const tx = await client.transaction("write");
      await tx.execute("SELECT 1");
      client.close();
      return told(() => tx.commit());
    },
  },
  {
    name: "rolls back a transaction quietly when it is closed",
    run: async (client) => {
      const tx = await client.transaction("write");
      await tx.execute("SELECT 1");
      client.close();
      return told(() => tx.rollback());
    },
  },
  {
    name: "ends its transactions with reconnect()",
    run: async (client) => {
      const tx = await client.transaction("write");
      await tx.execute("SELECT 1");
      await told(() => client.reconnect());
      return [tx.closed, await told(() => tx.execute("SELECT 1"))];
    },
  },
  { name: "has nothing to sync with", on: REMOTE, run: (client) => client.sync() },
  { name: "has nothing to sync a local database with", on: LOCAL, run: (client) => client.sync() },
  {
    name: "refuses sync() after close()",
    run: (client) => {
      client.close();
      return client.sync();
    },
  },
];
