import { createClient, LibsqlError, type Client, type IntMode, type TransactionMode } from "@libsql/client";
import { describe, expect, it, vi } from "vitest";
import { connector, type LibsqlConnection } from "#dist/index.js";
import { eventually } from "../support/eventually.js";
import { serve, type TestServer } from "../support/servers.js";

const SCHEMES = ["ws", "http"] as const;
const MODES: readonly TransactionMode[] = ["write", "read", "deferred"];
const connect = (to: TestServer, intMode?: IntMode): Promise<LibsqlConnection> =>
  connector({ url: to.url, intMode })(new AbortController().signal);

type Step = (client: Client) => Promise<unknown>;

/** Whatever a stranger's test suite does to a client, one after the other. */
const STEPS: readonly Step[] = [
  (c) => c.execute("CREATE TABLE p (id INTEGER PRIMARY KEY, v)"),
  (c) => c.execute({ sql: "INSERT INTO p (v) VALUES (?)", args: ["positional"] }),
  (c) => c.execute("INSERT INTO p (v) VALUES (?)", ["second argument"]),
  (c) => c.execute({ sql: "INSERT INTO p (v) VALUES (:a), (@b), ($c)", args: { a: 1.5, b: null, c: true } }),
  (c) =>
    c.execute({ sql: "INSERT INTO p (v) VALUES (?), (?)", args: [2n ** 53n + 1n, new Date(86_400_000)] }),
  (c) => c.execute({ sql: "INSERT INTO p (v) VALUES (?)", args: [new Uint8Array([0, 1, 255])] }),
  (c) => c.execute({ sql: "INSERT INTO p (v) VALUES (?)", args: [2n ** 64n] }),
  (c) => c.execute({ sql: "SELECT ?, ?", args: [Number.NaN, Infinity] }),
  (c) => c.execute({ sql: "SELECT ?", args: [] }),
  (c) => c.execute({ sql: "SELECT ?", args: [Symbol("x") as unknown as string] }),
  (c) => c.execute("SELECT id, v, typeof(v) FROM p WHERE v IS NOT 9007199254740993 ORDER BY id"),
  (c) => c.execute("SELECT v FROM p WHERE v = 9007199254740993"),
  (c) => c.execute("SELECT 1; SELECT 2"),
  (c) => c.execute(""),
  (c) => c.execute("SELEC 1"),
  (c) => c.execute("INSERT INTO p (id) VALUES (1)"),
  (c) => c.execute("SELECT * FROM nothing"),
  (c) => c.executeMultiple("CREATE TABLE q (a UNIQUE); INSERT INTO q VALUES (1); INSERT INTO q VALUES (2)"),
  (c) => c.executeMultiple("INSERT INTO q VALUES (3); INSERT INTO q VALUES (1); INSERT INTO q VALUES (4)"),
  (c) => c.execute("SELECT count(*) FROM q"),
  ...MODES.flatMap((mode, i): Step[] => [
    (c) => c.batch([`SELECT ${i}`, { sql: "SELECT :x AS x", args: { x: "y" } }, ["SELECT ?", [7]]], mode),
    (c) => c.batch(["INSERT INTO q VALUES (10)", "INSERT INTO q VALUES (1)", "SELECT 1"], mode),
    (c) => c.execute("SELECT group_concat(a) FROM q"),
    async (c) => {
      const transaction = await c.transaction(mode);
      await transaction.execute("SELECT 1");
      await transaction.batch([{ sql: "SELECT ?", args: [i] }]);
      await transaction.commit();
      return [transaction.closed, await transaction.execute("SELECT 1").catch(outcome)];
    },
    async (c) => {
      const transaction = await c.transaction(mode);
      const written = await transaction.execute(`INSERT INTO q VALUES (${20 + i})`).catch(outcome);
      await transaction.executeMultiple("SELECT 1; SELECT 2");
      await transaction.rollback();
      return [written, transaction.closed];
    },
    async (c) => {
      const transaction = await c.transaction(mode);
      await transaction.execute("SELECT 1");
      transaction.close();
      return [transaction.closed, await transaction.commit().catch(outcome)];
    },
  ]),
  (c) => c.batch([]),
  (c) => c.migrate(["CREATE TABLE m (a)", "ALTER TABLE m ADD COLUMN b", { sql: "SELECT 1", args: [] }]),
  (c) => c.migrate(["CREATE TABLE m (a)"]),
  (c) => c.execute("SELECT id, name FROM items LIMIT 5000"),
  (c) => c.execute("SELECT hex(zeroblob(400000)) AS big, zeroblob(200000) AS blob"),
  (c) => Promise.all(Array.from({ length: 30 }, (_, i) => c.execute({ sql: "SELECT ?", args: [i] }))),
  (c) => Promise.all([c.execute("SELECT 1"), c.execute("SELEC").catch(outcome), c.batch(["SELECT 2"])]),
  async (c) => c.sync(),
  (c) => Promise.resolve([c.closed, c.protocol]),
];

/** What came of a step, in a form that can be compared. */
function outcome(error: unknown): unknown {
  if (!(error instanceof LibsqlError))
    return { name: (error as Error).name, message: (error as Error).message };
  const { code, extendedCode, rawCode, message } = error;
  return { libsql: true, code, extendedCode, rawCode, message };
}

async function run(client: Client): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  for (const step of STEPS) outcomes.push(await step(client).catch(outcome));
  return outcomes;
}

describe.each(SCHEMES)("the client of a connection over %s", (scheme) => {
  it.each(["number", "bigint", "string"] as const)(
    "does what createClient()'s does, with integers as %s",
    async (intMode) => {
      await using plainServer = await serve(scheme);
      await using server = await serve(scheme);
      const plain = createClient({ url: plainServer.url, intMode });
      const connection = await connect(server, intMode);
      const [expected, actual] = [await run(plain), await run(connection.client)];
      for (const [i, step] of STEPS.entries()) expect(actual[i], step.toString()).toEqual(expected[i]);
      plain.close();
      await connection.close();
    },
  );

  it("ends the connection when it is closed, so that nobody gets a connection with a closed client", async () => {
    await using server = await serve(scheme);
    const connection = await connect(server);
    await connection.client.execute("SELECT 1");
    connection.client.close();
    expect([connection.client.closed, connection.open]).toEqual([true, false]);
    await expect(connection.client.execute("SELECT 1")).rejects.toBeInstanceOf(LibsqlError);
    await eventually(async () => (await server.server.metrics()).socketsOpen === 0);
    await connection.close();
  });

  it("fails what is under way when the connection is closed, and leaves no rejection unhandled", async () => {
    await using server = await serve(scheme);
    const connection = await connect(server);
    const slow =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT count(*) FROM n";
    const pending = [connection.client.execute(slow), connection.client.execute("SELECT 1")];
    const transaction = await connection.client.transaction("deferred");
    const settled = Promise.allSettled(pending);
    await connection.close();
    for (const result of await settled) expect(result).toMatchObject({ status: "rejected" });
    await expect(transaction.execute("SELECT 1")).rejects.toThrow();
    transaction.close();
  });
});

it("a WebSocket client keeps its socket and an open transaction for hours, on whichever clock", async () => {
  await using server = await serve("ws");
  const connection = await connect(server);
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    const transaction = await connection.client.transaction("write");
    await transaction.execute("CREATE TABLE t (a)");
    for (const step of [51_000, 61_000, 3_600_000, -7_200_000, 61_000]) {
      vi.setSystemTime(Date.now() + step);
      await connection.client.execute("SELECT 1");
      await transaction.execute("INSERT INTO t VALUES (1)");
    }
    await transaction.commit();
    const rows = await connection.client.execute("SELECT count(*) AS n FROM t");
    expect(rows.rows[0]?.n).toBe(5);
    expect(connection.open).toBe(true);
  } finally {
    vi.useRealTimers();
  }
  expect((await server.server.metrics()).socketsAccepted).toBe(1);
  await connection.close();
});

it("closing the client of a local database ends its connection", async () => {
  const connection = await connector({ url: ":memory:" })(new AbortController().signal);
  connection.client.close();
  expect(connection.open).toBe(false);
  await connection.close();
});
