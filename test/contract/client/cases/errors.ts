import { told } from "../outcome.js";
import type { Case } from "../case.js";

const SCHEMA = `
  CREATE TABLE parent (id INTEGER PRIMARY KEY);
  CREATE TABLE t (
    id INTEGER PRIMARY KEY, u TEXT UNIQUE, n TEXT NOT NULL DEFAULT '', c INTEGER CHECK (c > 0),
    p REFERENCES parent (id), x, y, UNIQUE (x, y)
  );
  CREATE TABLE strict_t (i INTEGER) STRICT;
  CREATE TABLE w (k TEXT PRIMARY KEY) WITHOUT ROWID;
  INSERT INTO t (id, u, x, y) VALUES (1, 'taken', 1, 1); INSERT INTO w VALUES ('k');
  CREATE TRIGGER no_way BEFORE DELETE ON t BEGIN SELECT raise(ABORT, 'not to be deleted'); END;`;

const MISTAKES: readonly (readonly [name: string, sql: string])[] = [
  ["a syntax error", "SELEC 1"],
  ["a statement that ends too early", "SELECT"],
  ["an unknown token", "SELECT #"],
  ["a table that is not there", "SELECT * FROM missing"],
  ["a column that is not there", "SELECT nope FROM t"],
  ["a function that is not there", "SELECT nope()"],
  ["a table that is there already", "CREATE TABLE t (a)"],
  ["a primary key that is taken", "INSERT INTO t (id) VALUES (1)"],
  ["a unique column that is taken", "INSERT INTO t (u) VALUES ('taken')"],
  ["unique columns that are taken", "INSERT INTO t (x, y) VALUES (1, 1)"],
  ["a primary key without rowid that is taken", "INSERT INTO w VALUES ('k')"],
  ["NULL where there must be a value", "INSERT INTO t (n) VALUES (NULL)"],
  ["a failed CHECK", "INSERT INTO t (c) VALUES (0)"],
  ["a foreign key without a parent", "INSERT INTO t (p) VALUES (99)"],
  ["a value of the wrong type", "INSERT INTO strict_t VALUES ('text')"],
  ["a trigger that says no", "DELETE FROM t"],
  ["a number of values that is wrong", "INSERT INTO strict_t VALUES (1, 2)"],
  ["a rowid that is no integer", "INSERT INTO t (id) VALUES ('text')"],
  ["JSON that is none", "SELECT json('{')"],
  ["an integer that overflows", "SELECT abs(-9223372036854775808)"],
  ["a COMMIT out of the blue", "COMMIT"],
  ["a ROLLBACK out of the blue", "ROLLBACK"],
  ["a RELEASE out of the blue", "RELEASE missing"],
];

export const ERROR_CASES: readonly Case[] = [
  ...MISTAKES.map(([name, sql]): Case => ({
    name: `says what is wrong with ${name}, everywhere that it can stand`,
    run: async (client) => {
      await client.executeMultiple(SCHEMA);
      const tx = await client.transaction("write");
      const inside = [await told(() => tx.execute(sql)), await told(() => tx.batch(["SELECT 1", sql]))];
      tx.close();
      return [
        inside,
        await told(() => client.execute(sql)),
        await told(() => client.batch(["SELECT 1", sql, "SELECT 2"], "write")),
        await told(() => client.migrate([sql])),
        await told(() => client.executeMultiple(`SELECT 1; ${sql}`)),
        await told(() => client.execute("SELECT * FROM t")),
      ];
    },
  })),
  {
    name: "keeps an error's cause",
    run: (client) =>
      client.execute("SELEC 1").catch((error: unknown) => {
        const { cause } = error as Error;
        return [cause instanceof Error, (cause as Error).constructor.name];
      }),
  },
  {
    name: "is as good as new after errors",
    run: async (client) => {
      await Promise.all(Array.from({ length: 30 }, () => told(() => client.execute("SELEC 1"))));
      return Promise.all(Array.from({ length: 30 }, (_, i) => client.execute("SELECT ?", [i])));
    },
  },
  {
    name: "leaves a transaction that SQL began behind in nobody's way",
    run: async (client) => {
      await client.execute("CREATE TABLE t (a)");
      const begun = await told(() => client.execute("BEGIN IMMEDIATE"));
      return [
        begun,
        await told(() => client.execute("INSERT INTO t VALUES (1)")),
        await told(() => client.execute("SELECT * FROM t")),
        await told(() => client.batch(["INSERT INTO t VALUES (2)"], "write")),
      ];
    },
  },
];
