import type { Client, Config } from "@libsql/client";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import type { ArgType, SqlDriverAdapter, SqlQuery } from "@prisma/driver-adapter-utils";
import { describe, expect, test } from "vitest";
import { emptyDatabase, TRANSPORTS, type Database } from "./database.js";

/** Prisma's own adapter but for where its client comes from. */
class PooledPrisma extends PrismaLibSql {
  readonly #create: (config: Config) => Client;

  constructor(database: Database) {
    super({ url: database.url });
    this.#create = (config) => database.create(config);
  }

  override createClient(config: Config): Client {
    return this.#create(config);
  }
}

async function open(database: Database): Promise<SqlDriverAdapter> {
  const adapter = await new PooledPrisma(database).connect();
  await adapter.executeScript(`
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, score REAL, picture BLOB);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL REFERENCES users (id));`);
  return adapter;
}

function query(sql: string, ...args: unknown[]): SqlQuery {
  const argTypes = args.map((arg): ArgType => ({
    scalarType: arg instanceof Uint8Array ? "bytes" : typeof arg === "number" ? "float" : "string",
    arity: "scalar",
  }));
  return { sql, args, argTypes };
}

const insert = (name: string): SqlQuery => query("INSERT INTO users (name) VALUES (?)", name);
const names = async (adapter: Pick<SqlDriverAdapter, "queryRaw">): Promise<unknown[]> =>
  (await adapter.queryRaw(query("SELECT name FROM users ORDER BY id"))).rows.map(([name]) => name);

describe.each(TRANSPORTS)("@prisma/adapter-libsql on the pooled client over %s", (transport) => {
  test("writes and reads values with the types of their columns", async () => {
    await using database = await emptyDatabase(transport);
    const adapter = await open(database);
    const picture = new Uint8Array([0, 1, 255]);
    const written = await adapter.executeRaw(
      query("INSERT INTO users (name, score, picture) VALUES (?, ?, ?)", "Ann", 1.5, picture),
    );
    expect(written).toBe(1);
    const { columnNames, columnTypes, rows } = await adapter.queryRaw(query("SELECT * FROM users"));
    expect(columnNames).toEqual(["id", "name", "score", "picture"]);
    expect(columnTypes).toHaveLength(4);
    expect(rows).toEqual([[1, "Ann", 1.5, picture]]);
  });

  test("knows which constraint was broken, where the engine says so", async () => {
    await using database = await emptyDatabase(transport);
    const adapter = await open(database);
    await adapter.executeRaw(insert("Ann"));
    const kind = transport === "file" ? "UniqueConstraintViolation" : "sqlite";
    await expect(adapter.executeRaw(insert("Ann"))).rejects.toMatchObject({ cause: { kind } });
  });

  test("commits a transaction", async () => {
    await using database = await emptyDatabase(transport);
    const adapter = await open(database);
    const transaction = await adapter.startTransaction("SERIALIZABLE");
    expect(await transaction.executeRaw(insert("Ann"))).toBe(1);
    await transaction.executeRaw(insert("Bob"));
    expect(await names(transaction)).toEqual(["Ann", "Bob"]);
    await transaction.commit();
    expect(await names(adapter)).toEqual(["Ann", "Bob"]);
  });

  test("rolls back a transaction", async () => {
    await using database = await emptyDatabase(transport);
    const adapter = await open(database);
    const transaction = await adapter.startTransaction();
    await transaction.executeRaw(insert("Ann"));
    await transaction.rollback();
    expect(await names(adapter)).toEqual([]);
  });

  test("goes on in a transaction after a statement that failed, and with savepoints", async () => {
    await using database = await emptyDatabase(transport);
    const adapter = await open(database);
    const transaction = await adapter.startTransaction();
    await transaction.executeRaw(insert("Ann"));
    await expect(transaction.executeRaw(insert("Ann"))).rejects.toThrow();
    await transaction.executeRaw(query("SAVEPOINT s"));
    await transaction.executeRaw(insert("Bob"));
    await transaction.executeRaw(query("ROLLBACK TO s"));
    await transaction.commit();
    expect(await names(adapter)).toEqual(["Ann"]);
  });

  test("has transactions one after another, however many are started at once", async () => {
    await using database = await emptyDatabase(transport);
    const adapter = await open(database);
    await Promise.all(
      ["Ann", "Bob", "Cem"].map(async (name) => {
        const transaction = await adapter.startTransaction();
        await transaction.executeRaw(insert(name));
        await transaction.commit();
      }),
    );
    expect((await names(adapter)).sort()).toEqual(["Ann", "Bob", "Cem"]);
  });

  test("closes its client when it is disposed of", async () => {
    await using database = await emptyDatabase(transport);
    const clients: Client[] = [];
    const watching: Database = {
      ...database,
      create: (config) => {
        const client = database.create(config);
        clients.push(client);
        return client;
      },
    };
    const adapter = await new PooledPrisma(watching).connect();
    await adapter.queryRaw(query("SELECT 1"));
    await adapter.dispose();
    expect(clients.map((client) => client.closed)).toEqual([true]);
  });
});
