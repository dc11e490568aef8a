import { LibsqlDialect } from "@libsql/kysely-libsql";
import { Kysely, sql, type Generated } from "kysely";
import { describe, expect, test } from "vitest";
import { emptyDatabase, TRANSPORTS, type Database } from "./database.js";

interface Schema {
  users: { id: Generated<number>; name: string; score: number | null };
}

async function open({ client }: Database): Promise<Kysely<Schema>> {
  const db = new Kysely<Schema>({ dialect: new LibsqlDialect({ client }) });
  await db.schema
    .createTable("users")
    .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
    .addColumn("name", "text", (column) => column.notNull().unique())
    .addColumn("score", "real")
    .execute();
  return db;
}

const names = async (db: Kysely<Schema>): Promise<string[]> =>
  (await db.selectFrom("users").select("name").orderBy("id").execute()).map(({ name }) => name);

describe.each(TRANSPORTS)("@libsql/kysely-libsql on the pooled client over %s", (transport) => {
  test("inserts and selects", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    const result = await db.insertInto("users").values({ name: "Ann", score: 1.5 }).executeTakeFirst();
    expect([result.insertId, result.numInsertedOrUpdatedRows]).toEqual([1n, 1n]);
    const bob = await db.insertInto("users").values({ name: "Bob" }).returningAll().executeTakeFirst();
    expect(bob).toEqual({ id: 2, name: "Bob", score: null });
    expect(await db.selectFrom("users").selectAll().where("score", ">", 1).execute()).toEqual([
      { id: 1, name: "Ann", score: 1.5 },
    ]);
  });

  test("updates and deletes, and says how many", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    await db
      .insertInto("users")
      .values([{ name: "Ann" }, { name: "Bob" }, { name: "Cem" }])
      .execute();
    const updated = await db.updateTable("users").set({ score: 3 }).executeTakeFirst();
    const deleted = await db.deleteFrom("users").where("name", "=", "Bob").executeTakeFirst();
    expect([updated.numUpdatedRows, deleted.numDeletedRows]).toEqual([3n, 1n]);
    expect(await names(db)).toEqual(["Ann", "Cem"]);
  });

  test("says what is wrong with a statement as a LibsqlError", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    await db.insertInto("users").values({ name: "Ann" }).execute();
    await expect(db.insertInto("users").values({ name: "Ann" }).execute()).rejects.toMatchObject({
      name: "LibsqlError",
      code: "SQLITE_CONSTRAINT",
    });
  });

  test("runs many queries at once", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    const rows = await Promise.all(
      Array.from({ length: 30 }, (_, i) => sql<{ i: number }>`SELECT ${i} AS i`.execute(db)),
    );
    expect(rows.map((result) => result.rows[0]?.i)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  test("commits a transaction", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    const seen = await db.transaction().execute(async (tx) => {
      await tx.insertInto("users").values({ name: "Ann" }).execute();
      await tx.insertInto("users").values({ name: "Bob" }).execute();
      return names(tx);
    });
    expect([seen, await names(db)]).toEqual([
      ["Ann", "Bob"],
      ["Ann", "Bob"],
    ]);
  });

  test("rolls back a transaction that threw, and has another one", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    const broken = db.transaction().execute(async (tx) => {
      await tx.insertInto("users").values({ name: "Ann" }).execute();
      throw new Error("changed my mind");
    });
    await expect(broken).rejects.toThrow("changed my mind");
    expect(await names(db)).toEqual([]);
    await db.transaction().execute((tx) => tx.insertInto("users").values({ name: "Bob" }).execute());
    expect(await names(db)).toEqual(["Bob"]);
  });

  test("leaves the client open when it is destroyed, as its owner opened it", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    await db.destroy();
    expect(database.client.closed).toBe(false);
  });
});
