import type { InArgs, InStatement } from "@libsql/client";
import { REMOTE, type Case } from "../case.js";

const signed = (sign: string): readonly Case[] => [
  {
    name: `binds ${sign}names with and without the sign`,
    run: (client) =>
      client.execute({ sql: `SELECT ${sign}b AS b, ${sign}a AS a`, args: { a: "one", [`${sign}b`]: "two" } }),
  },
  {
    name: `binds a ${sign}name wherever it stands`,
    run: (client) =>
      client.execute(`SELECT ${sign}b AS x, ${sign}a AS y, ${sign}b || ${sign}a AS z`, {
        a: "one",
        b: "two",
      }),
  },
  {
    name: `binds ${sign}names beside numbers`,
    run: (client) => client.execute(`SELECT ${sign}b, ${sign}a, ?1`, { a: "one", [`${sign}b`]: "two" }),
  },
];

const asked = (name: string, statement: InStatement, rest: Partial<Case> = {}): Case => ({
  name,
  run: (client) => client.execute(statement),
  ...rest,
});

const withArgs = (name: string, sql: string, args: InArgs | undefined, rest: Partial<Case> = {}): Case => ({
  name,
  run: (client) => client.execute(sql, args),
  ...rest,
});

export const ARGUMENT_CASES: readonly Case[] = [
  asked("executes a string", "SELECT 42 AS answer"),
  asked("executes an object without arguments", { sql: "SELECT 42 AS answer" }),
  asked("executes an object with a list of arguments", { sql: "SELECT ?, ?", args: ["one", 2] }),
  asked("executes an object with named arguments", { sql: "SELECT :a, :b", args: { a: 1, b: "two" } }),
  withArgs("takes a list as second argument", "SELECT ?, ?", ["one", 2]),
  withArgs("takes names as second argument", "SELECT :a, :b", { a: 1, b: "two" }),
  withArgs("takes undefined as second argument", "SELECT 1", undefined),
  {
    name: "heeds no second argument beside an object",
    run: (client) => {
      const execute = client.execute.bind(client) as (stmt: InStatement, args: InArgs) => Promise<unknown>;
      return execute({ sql: "SELECT ?", args: ["in the object"] }, ["beside it"]);
    },
  },
  withArgs("takes an empty list for no parameters", "SELECT 1", []),
  withArgs("takes no names for no parameters", "SELECT 1", {}),
  withArgs("misses arguments of a list", "SELECT ? AS a, ? AS b", ["only one"]),
  withArgs("misses all arguments", "SELECT ? AS a", []),
  withArgs("is given too many in a list", "SELECT ? AS a", [1, 2]),
  withArgs("misses a name", "SELECT :a AS a, :b AS b", { a: 1 }),
  withArgs("is given a name that is not asked for", "SELECT :a AS a", { a: 1, nope: 2 }),
  withArgs("takes ?NNN", "SELECT ?2, ?3, ?1", ["one", "two", "three"], { on: REMOTE }),
  withArgs("takes ?NNN with holes", "SELECT ?3, ?1", ["one", "two", "three"], { on: REMOTE }),
  withArgs("takes ?NNN and ? together", "SELECT ?2, ?, ?3", ["one", "two", "three"], { on: REMOTE }),
  withArgs("tells names apart by their case", "SELECT :a AS x, :A AS y", { a: 1, A: 2 }),
  ...[":", "@", "$"].flatMap(signed),
  {
    name: "binds a thousand arguments",
    run: (client) => {
      const args = Array.from({ length: 1000 }, (_, i) => i);
      return client.execute(`SELECT ${args.map(() => "?").join(" + ")} AS sum`, args);
    },
  },
  {
    name: "leaves the caller's statement and arguments alone",
    run: async (client) => {
      const statement = { sql: "SELECT ?, ?", args: [1, 2] };
      const names = { ":a": 1 };
      await client.execute(statement);
      await client.batch([{ sql: "SELECT :a", args: names }], "read");
      return [statement, names];
    },
  },
];
