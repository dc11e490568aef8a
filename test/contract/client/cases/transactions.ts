import type { Transaction, TransactionMode } from "@libsql/client";
import type { Case } from "../case.js";
import { told } from "../outcome.js";
import { insert, MODES, story } from "./story.js";

/** What a transaction says to whoever goes on after its end. */
const afterwards = async (tx: Transaction): Promise<unknown[]> => [
  tx.closed,
  await told(() => tx.execute("SELECT 1")),
  await told(() => tx.batch(["SELECT 1"])),
  await told(() => tx.batch([])),
  await told(() => tx.executeMultiple("SELECT 1")),
  await told(() => tx.commit()),
  await told(() => tx.rollback()),
  await told(() => tx.close()),
  tx.closed,
];

const inMode = (mode: TransactionMode): readonly Case[] => [
  story(`commits in a ${mode} transaction`, mode, async (tx) => [
    await insert(tx, "one"),
    await insert(tx, "two"),
    await told(() => tx.execute("SELECT count(*) FROM t")),
    await told(() => tx.commit()),
    ...(await afterwards(tx)),
  ]),
  story(`rolls back in a ${mode} transaction`, mode, async (tx) => [
    await insert(tx, "one"),
    await told(() => tx.rollback()),
    ...(await afterwards(tx)),
  ]),
  story(`closes a ${mode} transaction, which rolls it back`, mode, async (tx) => [
    await insert(tx, "one"),
    await told(() => tx.close()),
    ...(await afterwards(tx)),
  ]),
  story(`commits a ${mode} transaction of nothing`, mode, async (tx) => [
    tx.closed,
    await told(() => tx.commit()),
    ...(await afterwards(tx)),
  ]),
  story(`rolls back a ${mode} transaction of nothing`, mode, async (tx) => [
    await told(() => tx.rollback()),
    ...(await afterwards(tx)),
  ]),
  story(`closes a ${mode} transaction of nothing`, mode, async (tx) => [await told(() => tx.close())]),
  story(`runs statements, batches and scripts in a ${mode} transaction`, mode, async (tx) => [
    await told(() => tx.executeMultiple("SELECT 1; SELECT 2")),
    await told(() =>
      tx.batch(["SELECT 1", { sql: "SELECT :a", args: { a: 2 } }, ["SELECT ?", [3]] as never]),
    ),
    await told(() => tx.execute({ sql: "SELECT @x", args: { x: "named" } })),
    await told(() => tx.commit()),
  ]),
];

export const TRANSACTION_CASES: readonly Case[] = [
  ...MODES.flatMap(inMode),
  story("writes in a transaction without a mode", undefined, async (tx) => [
    await insert(tx, "one"),
    await told(() => tx.commit()),
  ]),
  {
    name: "refuses a transaction in a mode that there is not",
    run: async (client) => {
      const tx = await client.transaction("exclusive" as TransactionMode);
      try {
        return [await told(() => tx.execute("SELECT 1")), tx.closed];
      } finally {
        tx.close();
      }
    },
  },
  story("goes on in a transaction after a statement that failed", "write", async (tx) => [
    await told(() => tx.execute("SELECT foo")),
    await insert(tx, "one"),
    await insert(tx, "one"),
    await told(() => tx.execute("SELEC 1")),
    tx.closed,
    await told(() => tx.commit()),
  ]),
  story("says which statement of a transaction's batch failed, and goes on", "write", async (tx) => [
    await told(() =>
      tx.batch([
        "INSERT INTO t VALUES ('one')",
        "INSERT INTO t VALUES ('one')",
        "INSERT INTO t VALUES ('two')",
      ]),
    ),
    await told(() => tx.execute("SELECT a FROM t")),
    await told(() => tx.commit()),
  ]),
  story("says that the first statement of a transaction failed", "write", async (tx) => [
    await told(() => tx.batch(["SELECT nope", "SELECT 1"])),
    tx.closed,
    await told(() => tx.commit()),
  ]),
  story("runs a script as the first thing in a transaction", "write", async (tx) => [
    await told(() => tx.executeMultiple("INSERT INTO t VALUES ('one'); INSERT INTO t VALUES ('two')")),
    await told(() => tx.commit()),
  ]),
  story("stops a transaction's script at its first error, and goes on", "write", async (tx) => [
    await told(() =>
      tx.executeMultiple(
        "INSERT INTO t VALUES ('one'); INSERT INTO t VALUES ('one'); INSERT INTO t VALUES ('two')",
      ),
    ),
    await told(() => tx.execute("SELECT a FROM t")),
    await told(() => tx.commit()),
  ]),
  story("does nothing in an empty batch of a transaction", "write", async (tx) => [
    await told(() => tx.batch([])),
    await insert(tx, "one"),
    await told(() => tx.batch([])),
    await told(() => tx.commit()),
  ]),
  story("refuses undefined and infinity in a transaction, and goes on", "write", async (tx) => [
    await told(() => tx.execute({ sql: "SELECT ?", args: [undefined as unknown as null] })),
    tx.closed,
    await told(() => tx.execute({ sql: "SELECT ?", args: [Number.NaN] })),
    await insert(tx, "one"),
    await told(() => tx.batch([["SELECT ?", [undefined]] as never])),
    await told(() => tx.commit()),
  ]),
  story(
    "runs statements of a transaction that were sent at one time, in their order",
    "write",
    async (tx) => [
      ...(await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          told(() => tx.execute({ sql: "INSERT INTO t VALUES (?) RETURNING a", args: [i] })),
        ),
      )),
      await told(() => tx.commit()),
    ],
  ),
  story("commits after statements that nobody waited for", "write", async (tx) => {
    const pending = [insert(tx, "one"), insert(tx, "two")];
    return [await told(() => tx.commit()), await Promise.all(pending)];
  }),
  story("rolls back after statements that nobody waited for", "write", async (tx) => {
    const pending = [insert(tx, "one"), insert(tx, "two")];
    return [await told(() => tx.rollback()), await Promise.all(pending)];
  }),
  story("has savepoints in a transaction", "write", async (tx) => [
    await told(() => tx.execute("SAVEPOINT s")),
    await insert(tx, "one"),
    await told(() => tx.execute("ROLLBACK TO s")),
    await insert(tx, "two"),
    await told(() => tx.execute("RELEASE s")),
    await told(() => tx.commit()),
  ]),
  story("is told to BEGIN in a transaction", "write", async (tx) => [
    await insert(tx, "one"),
    await told(() => tx.execute("BEGIN")),
    await told(() => tx.commit()),
  ]),
  story("is given arguments beside the SQL of a transaction's statement", "write", async (tx) => {
    const execute = tx.execute.bind(tx) as (sql: string, args: unknown[]) => Promise<unknown>;
    return [await told(() => execute("SELECT ? AS x", ["second argument"])), tx.closed];
  }),
];
