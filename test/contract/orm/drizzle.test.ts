import { eq, relations, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/libsql";
import { migrate } from "drizzle-orm/libsql/migrator";
import { blob, integer, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emptyDatabase, TRANSPORTS, type Database } from "./database.js";

const users = sqliteTable("users", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  name: text("name").notNull().unique(),
  score: real("score"),
  active: integer("active", { mode: "boolean" }).notNull().default(true),
  born: integer("born", { mode: "timestamp_ms" }),
  picture: blob("picture", { mode: "buffer" }),
  settings: text("settings", { mode: "json" }).$type<{ theme: string }>(),
});
const posts = sqliteTable("posts", {
  id: integer("id").primaryKey(),
  author: integer("author").references(() => users.id),
  title: text("title").notNull(),
});
const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
const postsRelations = relations(posts, ({ one }) => ({
  author: one(users, { fields: [posts.author], references: [users.id] }),
}));
const schema = { users, posts, usersRelations, postsRelations };

const SCHEMA = [
  `CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, score REAL,
    active INTEGER NOT NULL DEFAULT 1, born INTEGER, picture BLOB, settings TEXT)`,
  "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id), title TEXT NOT NULL)",
];

async function open(database: Database) {
  await database.client.migrate(SCHEMA);
  return drizzle(database.client, { schema });
}

describe.each(TRANSPORTS)("drizzle-orm on the pooled client over %s", (transport) => {
  test("inserts and selects values of every kind", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    const ann = {
      name: "Ann",
      score: 1.5,
      active: false,
      born: new Date("2001-02-03T04:05:06.789Z"),
      picture: Buffer.from([0, 1, 255]),
      settings: { theme: "dark" },
    };
    const [inserted] = await db.insert(users).values(ann).returning();
    expect(inserted).toEqual({ id: 1, ...ann });
    await db.insert(users).values({ name: "Bob" });
    expect(await db.select().from(users).where(eq(users.name, "Ann"))).toEqual([{ id: 1, ...ann }]);
    expect(await db.select({ n: sql<number>`count(*)` }).from(users)).toEqual([{ n: 2 }]);
    expect(await db.$count(users)).toBe(2);
  });

  test("updates and deletes, and says how many", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    await db.insert(users).values([{ name: "Ann" }, { name: "Bob" }, { name: "Cem" }]);
    expect((await db.update(users).set({ score: 2 })).rowsAffected).toBe(3);
    expect((await db.delete(users).where(eq(users.name, "Bob"))).rowsAffected).toBe(1);
    expect(await db.select({ name: users.name }).from(users)).toEqual([{ name: "Ann" }, { name: "Cem" }]);
  });

  test("finds rows with what they are related to", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    await db.insert(users).values({ name: "Ann" });
    await db.insert(posts).values([
      { author: 1, title: "one" },
      { author: 1, title: "two" },
    ]);
    const ann = await db.query.users.findFirst({ columns: { name: true }, with: { posts: true } });
    expect(ann).toEqual({
      name: "Ann",
      posts: [
        { id: 1, author: 1, title: "one" },
        { id: 2, author: 1, title: "two" },
      ],
    });
  });

  test("runs prepared statements many times at once", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    await db.insert(users).values(Array.from({ length: 20 }, (_, i) => ({ name: `user ${i}` })));
    const byName = db
      .select({ id: users.id })
      .from(users)
      .where(eq(users.name, sql.placeholder("name")))
      .prepare();
    const found = await Promise.all(Array.from({ length: 20 }, (_, i) => byName.get({ name: `user ${i}` })));
    expect(found).toEqual(Array.from({ length: 20 }, (_, i) => ({ id: i + 1 })));
  });

  test("commits a transaction", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    const count = await db.transaction(async (tx) => {
      await tx.insert(users).values({ name: "Ann" });
      await tx.insert(users).values({ name: "Bob" });
      return tx.$count(users);
    });
    expect([count, await db.$count(users)]).toEqual([2, 2]);
  });

  test("rolls back a transaction, by its own wish and by an error", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    await db.insert(users).values({ name: "Ann" });
    const given = db.transaction(async (tx) => {
      await tx.insert(users).values({ name: "Bob" });
      tx.rollback();
    });
    await expect(given).rejects.toThrow("Rollback");
    const broken = db.transaction(async (tx) => {
      await tx.insert(users).values({ name: "Cem" });
      await tx.insert(users).values({ name: "Ann" });
    });
    await expect(broken).rejects.toMatchObject({ cause: { code: "SQLITE_CONSTRAINT" } });
    expect(await db.select({ name: users.name }).from(users)).toEqual([{ name: "Ann" }]);
  });

  test("rolls back a transaction in a transaction alone", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    await db.transaction(async (tx) => {
      await tx.insert(users).values({ name: "Ann" });
      const inner = tx.transaction(async (nested) => {
        await nested.insert(users).values({ name: "Bob" });
        throw new Error("not Bob");
      });
      await expect(inner).rejects.toThrow("not Bob");
    });
    expect(await db.select({ name: users.name }).from(users)).toEqual([{ name: "Ann" }]);
  });

  test("runs a batch wholly or not at all", async () => {
    await using database = await emptyDatabase(transport);
    const db = await open(database);
    const [, names, count] = await db.batch([
      db.insert(users).values([{ name: "Ann" }, { name: "Bob" }]),
      db.select({ name: users.name }).from(users),
      db.select({ n: sql<number>`count(*)` }).from(users),
    ]);
    expect([names, count]).toEqual([[{ name: "Ann" }, { name: "Bob" }], [{ n: 2 }]]);
    const broken = db.batch([
      db.insert(users).values({ name: "Cem" }),
      db.insert(users).values({ name: "Ann" }),
    ]);
    await expect(broken).rejects.toMatchObject({ code: "SQLITE_CONSTRAINT", statementIndex: 1 });
    expect(await db.$count(users)).toBe(2);
  });

  test("migrates, and does so once", async () => {
    await using database = await emptyDatabase(transport);
    const migrationsFolder = join(database.folder, "migrations");
    mkdirSync(join(migrationsFolder, "meta"), { recursive: true });
    writeFileSync(join(migrationsFolder, "0000_first.sql"), SCHEMA.join("\n--> statement-breakpoint\n"));
    const entry = { idx: 0, version: "6", when: 1_700_000_000_000, tag: "0000_first", breakpoints: true };
    const journal = { version: "7", dialect: "sqlite", entries: [entry] };
    writeFileSync(join(migrationsFolder, "meta", "_journal.json"), JSON.stringify(journal));
    const db = drizzle(database.client);
    await migrate(db, { migrationsFolder });
    await db.insert(users).values({ name: "Ann" });
    await migrate(db, { migrationsFolder });
    expect(await db.$count(users)).toBe(1);
  });
});
