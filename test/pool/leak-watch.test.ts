import { describe, expect, it } from "vitest";
import { connectionPool, settle } from "../support/pool-fixture.js";

/** A pool that suspects leases of more than a second, and whom it suspected of what, at which time. */
function watchedPool(leakThreshold = 1_000) {
  const { pool, clock } = connectionPool({ leakThreshold });
  const told: [connection: number, heldMs: number, at: number][] = [];
  pool.on("leakSuspected", ({ connection, heldMs }) => told.push([connection.id, heldMs, clock.now()]));
  return { pool, clock, told };
}

describe("a lease that is held for too long", () => {
  it("is suspected exactly when the threshold is reached, and once", async () => {
    const { pool, clock, told } = watchedPool();
    const lease = await pool.acquire();
    await clock.advance(999);
    expect(told).toEqual([]);
    await clock.advance(1);
    await settle();
    expect(told).toEqual([[0, 1_000, 1_000]]);
    await clock.advance(10_000);
    expect(told).toHaveLength(1);
    expect(pool.statistics()).toMatchObject({ totalLeaksSuspected: 1, leaseAgesMs: [11_000] });
    lease.release();
    expect(pool.statistics()).toMatchObject({ totalLeaksSuspected: 1, leaseAgesMs: [] });
  });

  it("is suspected in time whenever it began", async () => {
    const { pool, clock, told } = watchedPool();
    // Before, at, and after the looks, the first of which is at 1,000.
    const starts = [0, 300, 999, 1_000, 1_001, 1_700, 2_000];
    for (const start of starts) {
      await clock.advance(start - clock.now());
      await pool.acquire();
    }
    await clock.advance(5_000);
    expect(told).toEqual(starts.map((start, connection) => [connection, 1_000, start + 1_000]));
    expect(pool.statistics().totalLeaksSuspected).toBe(starts.length);
  });

  it("is suspected again when the same connection is forgotten by its next holder", async () => {
    const { pool, clock, told } = watchedPool();
    const lease = await pool.acquire();
    await clock.advance(1_500);
    lease.release();
    await pool.acquire();
    await clock.advance(1_500);
    expect(told).toEqual([
      [0, 1_000, 1_000],
      [0, 1_000, 2_500],
    ]);
  });

  it("is suspected late, and once, when the machine slept", async () => {
    const { pool, clock, told } = watchedPool();
    await pool.acquire();
    clock.sleep(7_000);
    await clock.advance(0);
    await clock.advance(7_000);
    expect(told).toEqual([[0, 7_000, 7_000]]);
  });

  it("is not suspected when it is given back at the last moment, or when there is no threshold", async () => {
    const { pool, clock, told } = watchedPool();
    const lease = await pool.acquire();
    await clock.advance(999);
    lease.release();
    const unlimited = connectionPool();
    await unlimited.pool.acquire();
    await unlimited.clock.advance(10 ** 9);
    await clock.advance(10_000);
    expect(told).toEqual([]);
    expect(unlimited.pool.statistics().totalLeaksSuspected).toBe(0);
  });
});

it("a closing pool still suspects; a closed one nobody, and it leaves no timer", async () => {
  const { pool, clock, told } = watchedPool();
  await pool.acquire();
  const closing = pool.close({ timeout: 5_000 });
  await clock.advance(5_000);
  await closing;
  expect(told).toHaveLength(1);
  await clock.advance(5_000);
  expect(told).toHaveLength(1);
  expect(clock.pendingTimers).toBe(0);
});
