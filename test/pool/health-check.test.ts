import { describe, expect, it } from "vitest";
import { TursoPoolError } from "../../src/core/errors.js";
import { connectionPool, keepAlivePool, rejection, settle, watch } from "../support/pool-fixture.js";

describe("healthCheck()", () => {
  it("is true when a connection answers, and keeps that connection", async () => {
    const { pool, database } = connectionPool();
    await expect(pool.healthCheck()).resolves.toBe(true);
    expect(database.pingsSent).toBe(1);
    expect(pool.statistics()).toMatchObject({ totalHealthChecksPassed: 1, idleConnections: 1 });
  });

  it("is false when the connection does not, and closes it", async () => {
    const { pool, database } = connectionPool();
    database.pings = { then: "fail" };
    await expect(pool.healthCheck()).resolves.toBe(false);
    await settle();
    expect(database.open).toHaveLength(0);
    expect(pool.statistics()).toMatchObject({ totalHealthChecksFailed: 1 });
    expect(pool.statistics().evictions["health-check-failed"]).toBe(1);
  });

  it("is false when there is no answer within healthCheckTimeout", async () => {
    const { pool, database, clock } = connectionPool({ healthCheckTimeout: 100 });
    database.pings = { then: "deaf" };
    const check = watch(pool.healthCheck());
    await clock.advance(99);
    expect(check.state).toBe("pending");
    await clock.advance(1);
    expect(check.value).toBe(false);
  });

  it("throws, with the cause, when no connection could be opened", async () => {
    const cause = new Error("connect ECONNREFUSED");
    const { pool } = connectionPool({}, { opens: { then: "fail", error: cause } });
    expect(await rejection(pool.healthCheck())).toMatchObject({ code: "OPEN_FAILED", cause });
  });

  it("throws when the database rejects the token, because no retry will help", async () => {
    const { pool, database } = connectionPool();
    database.pings = { then: "fail", error: new TursoPoolError("AUTH_REJECTED", "401") };
    expect(await rejection(pool.healthCheck())).toMatchObject({ code: "AUTH_REJECTED" });
    expect(pool.statistics()).toMatchObject({ totalHealthChecksFailed: 1, activeConnections: 0 });
  });

  it("ends with its signal, and does not reuse a connection that may still answer the old ping", async () => {
    const { pool, database } = connectionPool();
    database.pings = { then: "deaf" };
    const caller = new AbortController();
    const check = watch(pool.healthCheck({ signal: caller.signal }));
    await settle();
    caller.abort(new Error("enough"));
    await settle();
    expect(check.error).toMatchObject({ code: "ABORTED" });
    expect(database.open).toHaveLength(0);
    expect(pool.statistics()).toMatchObject({ totalHealthChecksFailed: 0, activeConnections: 0 });
  });

  it("is the same on a keep-alive pool", async () => {
    const { pool, database } = keepAlivePool();
    await expect(pool.healthCheck()).resolves.toBe(true);
    database.pings = { then: "fail" };
    await expect(pool.healthCheck()).resolves.toBe(false);
  });
});
