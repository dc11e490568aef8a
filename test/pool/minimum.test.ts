import { describe, expect, it } from "vitest";
import { connectionPool, settle, watch } from "../support/pool-fixture.js";

/** When, in milliseconds, connections were attempted during `duration`. */
async function attemptTimes(
  { database, clock }: ReturnType<typeof connectionPool>,
  duration: number,
): Promise<number[]> {
  const times: number[] = [];
  const start = clock.now();
  for (let seen = database.attempts; clock.now() < start + duration; seen = database.attempts) {
    await clock.advance(1);
    for (let i = seen; i < database.attempts; i++) times.push(clock.now() - start);
  }
  return times;
}

describe("the minimum of connections", () => {
  it("is opened at construction", async () => {
    const { pool, database } = connectionPool({ minConnections: 3 });
    await settle();
    expect(database.open).toHaveLength(3);
    expect(pool.statistics()).toMatchObject({ idleConnections: 3, totalCheckouts: 0 });
  });

  it("is one unless told otherwise", async () => {
    const { database } = connectionPool({ minConnections: undefined } as object);
    await settle();
    expect(database.attempts).toBe(1);
  });

  it("serves callers who come while it is being opened, without opening more", async () => {
    const { pool, database, clock } = connectionPool({ minConnections: 2 }, { opens: { after: 20 } });
    const callers = [watch(pool.acquire()), watch(pool.acquire())];
    await clock.advance(20);
    expect(callers.map((caller) => caller.state)).toEqual(["resolved", "resolved"]);
    expect(database.attempts).toBe(2);
  });

  it("is refilled when a connection is lost", async () => {
    const { database, clock } = connectionPool({ minConnections: 2 });
    await clock.advance(10_000);
    database.open[0]?.drop();
    await settle();
    expect(database.open).toHaveLength(2);
    expect(database.attempts).toBe(3);
  });

  it("is refilled when a holder destroys a connection", async () => {
    const { pool, database } = connectionPool({ minConnections: 1 });
    (await pool.acquire()).destroy();
    await settle();
    expect(database.open).toHaveLength(1);
  });

  it("is tried again while opening fails, each time after about twice as long", async () => {
    const failing = connectionPool({ minConnections: 1 }, { opens: { then: "fail" }, random: () => 1 });
    await settle();
    expect(failing.database.attempts).toBe(1);
    const times = await attemptTimes(failing, 100_000);
    expect(times).toEqual([500, 1_500, 3_500, 7_500, 15_500, 31_500, 61_500, 91_500]);
  });

  it("is tried again earlier by chance, so that many pools do not come back at the same moment", async () => {
    const failing = connectionPool({ minConnections: 1 }, { opens: { then: "fail" }, random: () => 0 });
    await settle();
    expect(await attemptTimes(failing, 2_000)).toEqual([250, 750, 1_750]);
  });

  it("counts openings that fail together as one failure", async () => {
    const failing = connectionPool({ minConnections: 3 }, { opens: { then: "fail" }, random: () => 1 });
    await settle();
    expect(await attemptTimes(failing, 2_000)).toEqual([500, 500, 500, 1_500, 1_500, 1_500]);
  });

  it("is complete again after trouble, and the next trouble starts with a short wait", async () => {
    const failing = connectionPool({ minConnections: 2 }, { opens: { then: "fail" }, random: () => 1 });
    await failing.clock.advance(10_000);
    failing.database.opens = {};
    await failing.clock.advance(10_000);
    expect(failing.database.open).toHaveLength(2);
    await failing.clock.advance(60_000);
    failing.database.opens = { then: "fail" };
    for (const connection of failing.database.open) connection.drop();
    await settle();
    // What was lost comes back within half a second, by chance; what then fails waits half a second first, then one.
    expect(await attemptTimes(failing, 2_000)).toEqual([500, 500, 1_000, 1_000, 2_000, 2_000]);
  });

  it("comes back at a moment of its own when a server drops everybody's connections at once", async () => {
    const times = await Promise.all(
      [0, 0.25, 0.5, 0.75].map(async (chance) => {
        const pool = connectionPool({ minConnections: 1 }, { random: () => chance });
        await settle();
        await pool.clock.advance(10_000);
        for (const connection of pool.database.open) connection.drop();
        await settle();
        const atOnce = pool.database.attempts === 2;
        return atOnce ? [0] : attemptTimes(pool, 1_000);
      }),
    );
    expect(times).toEqual([[0], [125], [250], [375]]);
  });

  it("is not hammered out of a server that accepts connections only to drop them", async () => {
    const { pool, database, clock } = connectionPool({ minConnections: 2 });
    const dropper = connectionPool({
      minConnections: 2,
      clock,
      open: async (signal) => {
        const connection = await database.connect(signal);
        clock.schedule(1, () => connection.drop());
        return connection;
      },
    });
    await clock.advance(120_000);
    expect(database.attempts).toBeLessThan(60);
    await Promise.all([pool.close(), dropper.pool.close()]);
  });

  it("is nothing when pooling is off", async () => {
    const { database } = connectionPool({ minConnections: 3, enablePooling: false });
    await settle();
    expect(database.attempts).toBe(0);
  });
});
