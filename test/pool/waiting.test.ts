import { describe, expect, it, vi } from "vitest";
import { connectionPool, fill, rejection, settle, watch } from "../support/pool-fixture.js";

describe("waiting for a connection", () => {
  it("serves callers first come, first served", async () => {
    const { pool } = connectionPool({ maxConnections: 1 });
    const first = await pool.acquire();
    const served: string[] = [];
    for (const name of ["a", "b", "c"]) {
      void pool.acquire().then((lease) => {
        served.push(name);
        lease.release();
      });
    }
    first.release();
    await settle();
    expect(served).toEqual(["a", "b", "c"]);
  });

  it("takes the idle connection that was used last", async () => {
    const { pool, clock } = connectionPool();
    const [, , latest] = await fill(pool, clock, 3);
    const lease = await pool.acquire();
    expect(lease.connection).toBe(latest);
  });

  it("opens a connection only when none is idle", async () => {
    const { pool, database } = connectionPool();
    for (let i = 0; i < 5; i++) (await pool.acquire()).release();
    expect(database.attempts).toBe(1);
  });

  it("opens at most maxConnections, however many ask", async () => {
    const { pool, database, clock } = connectionPool({ maxConnections: 3 }, { opens: { after: 10 } });
    for (let i = 0; i < 20; i++) watch(pool.acquire());
    await clock.advance(100);
    expect(database).toMatchObject({ attempts: 3, peak: 3 });
  });

  it("ends at the deadline, not before and not after", async () => {
    const { pool, clock } = connectionPool({ maxConnections: 1, connectionTimeout: 100 });
    await pool.acquire();
    await clock.advance(50);
    const late = watch(pool.acquire());
    await clock.advance(99);
    expect(late.state).toBe("pending");
    await clock.advance(1);
    expect(late.error).toMatchObject({
      code: "ACQUIRE_TIMEOUT",
      message: "no connection came free within 100 ms (1 of 1 leased, 0 opening, 1 waiting)",
      hint: "Raise maxConnections or connectionTimeout, or release leases sooner.",
    });
    expect(pool.statistics().totalTimeouts).toBe(1);
  });

  it("ends for each caller at its own deadline", async () => {
    const { pool, clock } = connectionPool({ maxConnections: 1, connectionTimeout: 100 });
    await pool.acquire();
    const callers = [watch(pool.acquire())];
    await clock.advance(30);
    callers.push(watch(pool.acquire()));
    await clock.advance(70);
    expect(callers.map((caller) => caller.state)).toEqual(["rejected", "pending"]);
    await clock.advance(30);
    expect(callers.map((caller) => caller.state)).toEqual(["rejected", "rejected"]);
  });

  it("points at the host when openings are what is slow", async () => {
    const { pool, clock } = connectionPool({ connectionTimeout: 100 }, { opens: { then: "deaf" } });
    const caller = watch(pool.acquire());
    await clock.advance(100);
    expect(caller.error?.hint).toContain("check that the host is reachable");
  });

  it("does not begin when the signal has fired already", async () => {
    const { pool, database } = connectionPool();
    const reason = new Error("user went away");
    const error = await rejection(pool.acquire({ signal: AbortSignal.abort(reason) }));
    expect(error).toMatchObject({ code: "ABORTED", cause: reason });
    expect(database.attempts).toBe(0);
  });

  it("ends when the signal fires, and the others move up", async () => {
    const { pool } = connectionPool({ maxConnections: 1 });
    const holder = await pool.acquire();
    const caller = new AbortController();
    const reason = new Error("user went away");
    const first = watch(pool.acquire({ signal: caller.signal }));
    const second = watch(pool.acquire());
    caller.abort(reason);
    await settle();
    expect(first.error).toMatchObject({ code: "ABORTED", cause: reason });
    holder.release();
    await settle();
    expect(second.state).toBe("resolved");
  });

  it("is not affected by a signal that fires after the lease was given", async () => {
    const { pool } = connectionPool();
    const caller = new AbortController();
    const lease = await pool.acquire({ signal: caller.signal });
    caller.abort();
    expect(lease.connection.open).toBe(true);
  });

  it("stops listening to the signal when it ends, however it ends", async () => {
    const { pool, clock } = connectionPool({ maxConnections: 1, connectionTimeout: 100 });
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    const lease = await pool.acquire({ signal });
    watch(pool.acquire({ signal }));
    watch(pool.acquire({ signal }));
    lease.release();
    await clock.advance(100);
    expect(added).toHaveBeenCalled();
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
  });

  it("does not cancel the opening when the caller gives up: the next caller gets it", async () => {
    const { pool, database, clock } = connectionPool({ maxConnections: 1 }, { opens: { after: 50 } });
    const caller = new AbortController();
    watch(pool.acquire({ signal: caller.signal }));
    await clock.advance(20);
    caller.abort();
    const next = watch(pool.acquire());
    await clock.advance(30);
    expect(next.state).toBe("resolved");
    expect(database.attempts).toBe(1);
  });

  it("is refused at once when maxWaiters wait already", async () => {
    const { pool } = connectionPool({ maxConnections: 1, maxWaiters: 1 });
    await pool.acquire();
    const waiting = watch(pool.acquire());
    const error = await rejection(pool.acquire());
    expect(error).toMatchObject({
      code: "TOO_MANY_WAITERS",
      message: "1 callers are waiting already (maxWaiters)",
    });
    expect(waiting.state).toBe("pending");
  });

  it("does not count as waiting while a connection is being opened for the caller", async () => {
    const options = { maxConnections: 2, maxWaiters: 0 };
    const { pool, clock } = connectionPool(options, { opens: { after: 10 } });
    const callers = [watch(pool.acquire()), watch(pool.acquire()), watch(pool.acquire())];
    await clock.advance(10);
    expect(callers.map((caller) => caller.state)).toEqual(["resolved", "resolved", "rejected"]);
  });
});
