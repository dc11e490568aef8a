import { describe, expect, it } from "vitest";
import { connectionPool, rejection, settle, watch } from "../support/pool-fixture.js";

describe("a lease", () => {
  it("gives access to its connection and that connection's client", async () => {
    const { pool, database } = connectionPool();
    const lease = await pool.acquire();
    expect(lease.connection).toBe(database.connections[0]);
    expect(lease.client).toBe(lease.connection.client);
    expect(lease.released).toBe(false);
  });

  it("cannot be used after it was released", async () => {
    const { pool } = connectionPool();
    const lease = await pool.acquire();
    lease.release();
    expect(lease.released).toBe(true);
    expect(() => lease.connection).toThrow("this lease was used after it had been released");
    expect(() => lease.client).toThrow(expect.objectContaining({ code: "LEASE_RELEASED" }));
  });

  it("throws when it is released twice, and the next holder keeps the connection", async () => {
    const { pool, database } = connectionPool({ maxConnections: 1 });
    const first = await pool.acquire();
    first.release();
    const second = await pool.acquire();
    expect(() => first.release()).toThrow(expect.objectContaining({ code: "LEASE_RELEASED" }));
    expect(() => first.destroy()).toThrow(expect.objectContaining({ code: "LEASE_RELEASED" }));
    const third = watch(pool.acquire());
    await settle();
    expect(third.state).toBe("pending");
    expect(second.connection).toBe(database.open[0]);
    expect(pool.statistics()).toMatchObject({ activeConnections: 1, idleConnections: 0, waiting: 1 });
  });

  it("says in the hint what to do about a double release", async () => {
    const { pool } = connectionPool();
    const lease = await pool.acquire();
    lease.release();
    expect(() => lease.release()).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("release it once") as string }),
    );
  });

  it("closes its connection when it is destroyed, and the next caller gets a new one", async () => {
    const { pool, database } = connectionPool({ maxConnections: 1 });
    const lease = await pool.acquire();
    lease.destroy();
    const next = await pool.acquire();
    expect(next.connection).not.toBe(database.connections[0]);
    expect(database.connections[0]?.closeCalls).toBe(1);
    expect(pool.statistics().evictions["destroyed-by-holder"]).toBe(1);
  });

  it("is released at the end of a `using` block, even when that throws", async () => {
    const { pool } = connectionPool();
    const work = async (): Promise<void> => {
      using lease = await pool.acquire();
      throw new Error(`broke with ${lease.connection.id}`);
    };
    await expect(work()).rejects.toThrow("broke with 0");
    expect(pool.statistics()).toMatchObject({ activeConnections: 0, idleConnections: 1 });
  });

  it("is released at the end of an `await using` block", async () => {
    const { pool } = connectionPool();
    {
      await using lease = await pool.acquire();
      expect(pool.statistics().activeConnections).toBe(1);
      expect(lease.released).toBe(false);
    }
    expect(pool.statistics()).toMatchObject({ activeConnections: 0, idleConnections: 1 });
  });

  it("may be released by hand inside a `using` block", async () => {
    const { pool } = connectionPool();
    {
      using lease = await pool.acquire();
      lease.release();
    }
    expect(pool.statistics()).toMatchObject({ activeConnections: 0, idleConnections: 1 });
  });
});

describe("use()", () => {
  it("leases for the duration of the work and returns its result", async () => {
    const { pool } = connectionPool();
    const result = await pool.use(async (connection) => {
      await settle();
      return [connection.id, pool.statistics().activeConnections];
    });
    expect(result).toEqual([0, 1]);
    expect(pool.statistics()).toMatchObject({ activeConnections: 0, idleConnections: 1 });
  });

  it("takes work that is not asynchronous", async () => {
    const { pool } = connectionPool();
    await expect(pool.use((connection) => connection.id)).resolves.toBe(0);
  });

  it("gives the connection back when the work throws, and passes the error on", async () => {
    const { pool } = connectionPool();
    await expect(pool.use(() => Promise.reject(new Error("no such table")))).rejects.toThrow("no such table");
    expect(pool.statistics()).toMatchObject({ activeConnections: 0, idleConnections: 1 });
  });

  it("stops waiting when its signal aborts", async () => {
    const { pool } = connectionPool({ maxConnections: 1 });
    await pool.acquire();
    const caller = new AbortController();
    const error = rejection(pool.use(() => "never", { signal: caller.signal }));
    caller.abort();
    await expect(error).resolves.toMatchObject({ code: "ABORTED" });
  });
});
