import { told } from "../outcome.js";
import type { Case } from "../case.js";

/** A script, and what the table has afterwards. */
const script = (name: string, sql: string): Case => ({
  name,
  run: async (client) => [
    await told(() => client.executeMultiple(sql)),
    await told(() => client.execute("SELECT * FROM t")),
    await told(() => client.execute("INSERT INTO t VALUES ('afterwards')")),
  ],
});

export const SCRIPT_CASES: readonly Case[] = [
  script("runs a script", "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2); INSERT INTO t VALUES (4);"),
  script("runs a script without a last semicolon", "CREATE TABLE t (a); INSERT INTO t VALUES (1)"),
  script(
    "runs a script with rows and comments",
    "-- first\nCREATE TABLE t (a); /* ; */ SELECT 1; SELECT ';';\n",
  ),
  script(
    "stops a script at an error",
    "CREATE TABLE t (a); INSERT INTO t VALUES (1); INSERT INTO t VALUES (foo()); INSERT INTO t VALUES (2)",
  ),
  script(
    "stops a script at a constraint",
    "CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)",
  ),
  script(
    "stops a script at a syntax error",
    "CREATE TABLE t (a); INSERT INTO t VALUES (1); INSER INTO t; INSERT INTO t VALUES (2)",
  ),
  script("commits what a script commits", "CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1); COMMIT"),
  script(
    "rolls back what a script rolls back",
    "CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1); ROLLBACK",
  ),
  script(
    "rolls back a script's transaction that failed",
    "CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1); INSERT INTO t VALUES (foo()); COMMIT",
  ),
  script(
    "rolls back what a script left open",
    "CREATE TABLE t (a); INSERT INTO t VALUES (0); BEGIN; INSERT INTO t VALUES (1)",
  ),
  script(
    "makes triggers and views in a script",
    "CREATE TABLE t (a); CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = a || '!'; END; INSERT INTO t VALUES ('x')",
  ),
  { name: "runs a script of nothing", run: (client) => client.executeMultiple("") },
  { name: "runs a script of comments", run: (client) => client.executeMultiple("-- nothing\n;;") },
];
