import type { Client, InArgs, InStatement, TransactionMode } from "@libsql/client";
import { told, type Told } from "../outcome.js";
import type { Case } from "../case.js";

const MODES: readonly TransactionMode[] = ["write", "read", "deferred"];
const TABLE = "CREATE TABLE t (a UNIQUE, b)";
type Statements = (InStatement | [string, InArgs?])[];

const rows = (client: Client): Promise<Told> => told(() => client.execute("SELECT * FROM t"));

/** A batch on a table with one row, and what the table has afterwards. */
const onTable = (name: string, mode: TransactionMode | undefined, statements: Statements): Case => ({
  name,
  run: async (client) => {
    await client.executeMultiple(`${TABLE}; INSERT INTO t VALUES (1, 'there before')`);
    const outcome = await told(() => client.batch(statements, mode));
    return [outcome, await rows(client)];
  },
});

const inMode = (mode: TransactionMode): readonly Case[] => [
  onTable(`reads in a ${mode} batch`, mode, [
    "SELECT 1 + 1",
    { sql: "SELECT ?", args: ["boomerang"] },
    { sql: "SELECT :x AS x", args: { x: "y" } },
    ["SELECT ?", [7]],
    ["SELECT :x", { x: 8 }],
    ["SELECT 9"],
    "SELECT * FROM t",
  ]),
  onTable(`writes in a ${mode} batch`, mode, [
    "SELECT count(*) AS n FROM t",
    "INSERT INTO t VALUES (2, 'two') RETURNING 2 * a AS twice",
    ["INSERT INTO t VALUES (?, ?)", [3, null]],
    "SELECT * FROM t",
    "DELETE FROM t WHERE a = 2",
  ]),
  onTable(`takes back a ${mode} batch that breaks a constraint`, mode, [
    "INSERT INTO t VALUES (2, 'two')",
    "INSERT INTO t VALUES (1, 'once more')",
    "INSERT INTO t VALUES (3, 'three')",
  ]),
  ...[0, 1, 2].map((at) =>
    onTable(
      `says that statement ${at} of a ${mode} batch failed`,
      mode,
      [0, 1, 2].map((i) => (i === at ? "SELECT nothing_like_it" : `SELECT ${i}`)),
    ),
  ),
  onTable(`hears of a syntax error in a ${mode} batch`, mode, ["SELECT 1", "SELEC 2", "SELECT 3"]),
  onTable(`does nothing in an empty ${mode} batch`, mode, []),
];

export const BATCH_CASES: readonly Case[] = [
  ...MODES.flatMap(inMode),
  onTable("reads and writes in a batch without a mode", undefined, [
    "SELECT * FROM t",
    "INSERT INTO t VALUES (2, 'two')",
  ]),
  onTable("refuses a batch in a mode that there is not", "exclusive" as TransactionMode, ["SELECT 1"]),
  onTable("refuses undefined in a batch", "write", [
    "INSERT INTO t VALUES (2, 'two')",
    { sql: "SELECT ?", args: [undefined as unknown as null] },
  ]),
  onTable("refuses infinity in a batch", "write", [
    "INSERT INTO t VALUES (2, 'two')",
    ["SELECT ?", [Number.POSITIVE_INFINITY]],
  ]),
  onTable("is told to ROLLBACK in a batch", "write", [
    "INSERT INTO t VALUES (2, 'two')",
    "ROLLBACK",
    "SELECT 1",
  ]),
  onTable("is told to COMMIT in a batch", "write", ["INSERT INTO t VALUES (2, 'two')", "COMMIT"]),
  onTable("is told to BEGIN in a batch", "write", ["BEGIN", "INSERT INTO t VALUES (2, 'two')"]),
  onTable("changes the schema in a batch", "write", [
    "CREATE TABLE u (x)",
    "INSERT INTO u VALUES (1)",
    "ALTER TABLE u ADD COLUMN y DEFAULT 5",
    "SELECT * FROM u",
    "DROP TABLE u",
  ]),
  {
    name: "runs a batch of hundreds of different statements",
    run: async (client) => {
      const results = await client.batch(
        Array.from({ length: 300 }, (_, i) => `SELECT ${i} AS n`),
        "read",
      );
      return results.map((result) => result.rows[0]?.n);
    },
  },
  {
    name: "runs a batch of hundreds of the same statements",
    run: async (client) => {
      const statements = Array.from({ length: 400 }, (_, i) => ({
        sql: `SELECT ? AS n, ${i % 7}`,
        args: [i],
      }));
      return (await client.batch(statements, "read")).map((result) => [
        result.rows[0]?.n,
        result.rows[0]?.[1],
      ]);
    },
  },
  {
    name: "runs many batches at one time, each wholly or not at all",
    run: async (client) => {
      await client.executeMultiple("CREATE TABLE t (a); CREATE TABLE u (a)");
      const sums = await Promise.all(
        Array.from({ length: 30 }, async (_, i) => {
          const [, , t, u] = await client.batch(
            [
              ["INSERT INTO t VALUES (?)", [i]],
              ["INSERT INTO u VALUES (?)", [i * 10]],
              "SELECT sum(a) FROM t",
              "SELECT sum(a) FROM u",
            ],
            "write",
          );
          return Number(t?.rows[0]?.[0]) * 10 === u?.rows[0]?.[0];
        }),
      );
      return [
        sums,
        await client.execute("SELECT sum(a) FROM t"),
        await client.execute("SELECT sum(a) FROM u"),
      ];
    },
  },
];

/** A parent and its child: with foreign keys on, the parent can't be dropped. */
const FAMILY = `CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (p REFERENCES parent (id));
  INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1)`;

export const MIGRATE_CASES: readonly Case[] = [
  {
    name: "migrates a schema",
    run: async (client) => [
      await client.migrate([
        TABLE,
        "ALTER TABLE t ADD COLUMN c",
        { sql: "INSERT INTO t VALUES (?, 2, 3)", args: [1] },
      ]),
      await rows(client),
    ],
  },
  {
    name: "migrates wholly or not at all",
    run: async (client) => [
      await told(() => client.migrate([TABLE, "ALTER TABLE missing ADD COLUMN b"])),
      await rows(client),
    ],
  },
  {
    name: "migrates with foreign keys off, and has them on again",
    run: async (client) => {
      await client.executeMultiple(FAMILY);
      const outcome = await told(() =>
        client.migrate([
          "CREATE TABLE new_parent (id INTEGER PRIMARY KEY, name)",
          "INSERT INTO new_parent SELECT id, 'x' FROM parent",
          "DROP TABLE parent",
          "ALTER TABLE new_parent RENAME TO parent",
        ]),
      );
      const after = ["SELECT * FROM parent", "SELECT * FROM child", "INSERT INTO child VALUES (99)"];
      const outcomes = [outcome];
      for (const sql of after) outcomes.push(await told(() => client.execute(sql)));
      return outcomes;
    },
  },
  {
    name: "has foreign keys on again after a migration that failed",
    run: async (client) => {
      await client.executeMultiple(FAMILY);
      const failed = await told(() => client.migrate(["DROP TABLE parent", "SELECT nope"]));
      return [failed, await told(() => client.execute("INSERT INTO child VALUES (99)"))];
    },
  },
  { name: "migrates nothing", run: (client) => client.migrate([]) },
];
