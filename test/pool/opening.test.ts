import { describe, expect, it } from "vitest";
import { TursoPoolError } from "../../src/core/errors.js";
import { connectionPool, fill, rejection, settle, watch } from "../support/pool-fixture.js";

describe("opening a connection", () => {
  it("tells the first waiter at once when it fails, with the cause; the others go on", async () => {
    const { pool, database, clock } = connectionPool({ maxConnections: 1 });
    const refused = new Error("connect ECONNREFUSED");
    database.nextOpens = [{ after: 5, then: "fail", error: refused }];
    const first = watch(pool.acquire());
    const second = watch(pool.acquire());
    await clock.advance(5);
    expect(first.error).toMatchObject({
      code: "OPEN_FAILED",
      message: "could not open a connection: connect ECONNREFUSED",
      cause: refused,
    });
    expect(second.state).toBe("resolved");
    expect(pool.statistics()).toMatchObject({ totalOpenFailures: 1, totalCreated: 1 });
  });

  it("passes on the hint of the cause", async () => {
    const { pool } = connectionPool(
      {},
      {
        opens: {
          then: "fail",
          error: new TursoPoolError("AUTH_REJECTED", "401", { hint: "Make a new token." }),
        },
      },
    );
    expect(await rejection(pool.acquire())).toMatchObject({ code: "OPEN_FAILED", hint: "Make a new token." });
  });

  it("is tried once for each caller, not again and again", async () => {
    const { pool, database, clock } = connectionPool({}, { opens: { then: "fail" } });
    const callers = Array.from({ length: 30 }, () => watch(pool.acquire()));
    await clock.advance(60_000);
    expect(callers.every((caller) => caller.error?.code === "OPEN_FAILED")).toBe(true);
    expect(database.attempts).toBe(30);
  });

  it("takes an open function that throws, or rejects with something that is no Error", async () => {
    const throwing = connectionPool({
      open: () => {
        throw new Error("at once");
      },
    });
    await expect(throwing.pool.acquire()).rejects.toThrow("could not open a connection: at once");
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- libraries do that
    const rejecting = connectionPool({ open: () => Promise.reject("just text") });
    await expect(rejecting.pool.acquire()).rejects.toThrow("could not open a connection: just text");
  });

  it("is told to stop when it takes longer than connectionTimeout", async () => {
    const options = { maxConnections: 1, connectionTimeout: 100 };
    const { pool, database, clock } = connectionPool(options, { opens: { then: "hang" } });
    const caller = watch(pool.acquire());
    await clock.advance(50);
    const later = watch(pool.acquire());
    await clock.advance(50);
    expect(database.abortedOpens).toBe(1);
    expect(caller.error?.code).toBe("ACQUIRE_TIMEOUT");
    expect(later.error).toMatchObject({
      code: "OPEN_FAILED",
      cause: { code: "CONNECT_TIMEOUT", message: "the connection was not open within 100 ms" },
    });
  });

  it("occupies its place until it has stopped", async () => {
    const { pool, database, clock } = connectionPool({ maxConnections: 1, connectionTimeout: 100 });
    database.nextOpens = [{ then: "deaf" }];
    watch(pool.acquire());
    await clock.advance(100);
    const next = watch(pool.acquire());
    await clock.advance(100);
    expect(next.error?.code).toBe("ACQUIRE_TIMEOUT");
    expect(database.peak).toBe(1);
  });

  it("gives the connection to whoever waits first when it is done", async () => {
    const { pool, clock } = connectionPool({ maxConnections: 2 }, { opens: { after: 50 } });
    const order: string[] = [];
    const holder = pool.acquire();
    await clock.advance(50);
    void pool.acquire().then(() => order.push("a"));
    void pool.acquire().then(() => order.push("b"));
    await clock.advance(10);
    (await holder).release();
    await settle();
    expect(order).toEqual(["a"]);
    await clock.advance(40);
    expect(order).toEqual(["a", "b"]);
  });

  it("fails when the connection closes as soon as it is open, and is not repeated for the same caller", async () => {
    const { pool, database } = connectionPool();
    const connect = database.connect;
    const dropping = connectionPool({
      open: async (signal) => {
        const connection = await connect(signal);
        connection.drop();
        return connection;
      },
    });
    const error = await rejection(dropping.pool.acquire());
    expect(error).toMatchObject({
      code: "OPEN_FAILED",
      message: "could not open a connection: the connection was closed as soon as it was open",
      cause: { code: "CONNECTION_CLOSED" },
    });
    expect(database.attempts).toBe(1);
    expect(pool.statistics().totalCreated).toBe(0);
  });

  it("waits for the closing of a bad connection, which occupies its place", async () => {
    const { pool, database, clock } = connectionPool({ maxConnections: 1 });
    database.closes = { after: 30, then: "fail" };
    (await pool.acquire()).destroy();
    const next = watch(pool.acquire());
    await clock.advance(29);
    expect(next.state).toBe("pending");
    await clock.advance(1);
    expect(next.state).toBe("resolved");
    expect(database.peak).toBe(1);
  });

  it("leaves idle connections alone when it fails", async () => {
    const { pool, database, clock } = connectionPool({ maxConnections: 2 });
    await fill(pool, clock, 1);
    database.opens = { then: "fail" };
    const [kept, failed] = [watch(pool.acquire()), watch(pool.acquire())];
    await settle();
    expect([kept.state, failed.state]).toEqual(["resolved", "rejected"]);
  });
});
