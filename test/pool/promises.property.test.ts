import fc from "fast-check";
import { describe, it } from "vitest";
import { seededRandom } from "../../src/core/random.js";
import { ConnectionPool } from "../../src/pool/connection-pool.js";
import { KeepAlivePool } from "../../src/pool/keep-alive-pool.js";
import { histories } from "../support/pool-actions.js";
import { PoolHarness } from "../support/pool-harness.js";

/** Each about a millisecond. For a long hunt: `RUNS=20000 npx vitest run --project unit promises`. */
const numRuns = Number(process.env.RUNS ?? 400);
const seeds = fc.nat();
const timing = { connectionTimeout: 500, healthCheckTimeout: 200 };

const poolOptions = fc.record({
  maxConnections: fc.integer({ min: 1, max: 4 }),
  minConnections: fc.constantFrom(0, 1),
  maxWaiters: fc.constantFrom(Infinity, 2),
  maxLifetime: fc.constantFrom(Infinity, 2_000),
  idleTimeout: fc.constantFrom(Infinity, 1_500),
  enablePooling: fc.constantFrom(true, true, true, false),
});

const keepAliveOptions = fc.record({
  maxConnections: fc.integer({ min: 1, max: 4 }),
  minConnections: fc.constantFrom(0, 1),
  maxLifetime: fc.constantFrom(Infinity, 5_000),
  idleTimeout: fc.constantFrom(Infinity, 3_000),
  enableProactivePing: fc.constantFrom(true, true, true, false),
});

describe("whatever happens, in whatever order", () => {
  it("a connection pool keeps its promises", { timeout: 60_000 }, async () => {
    const property = fc.asyncProperty(poolOptions, seeds, histories, async (chosen, seed, history) => {
      const limits = {
        max: chosen.maxConnections,
        timeout: timing.connectionTimeout,
        checkAge: 400,
        idleDoubt: Infinity,
        pingTimeout: timing.healthCheckTimeout,
      };
      const harness = new PoolHarness(limits, (database, clock) => {
        const injected = { open: database.connect, clock, random: seededRandom(seed) };
        return new ConnectionPool({ ...chosen, ...timing, ...injected, healthCheckAge: limits.checkAge });
      });
      await harness.run(history);
    });
    await fc.assert(property, { numRuns });
  });

  it("a keep-alive pool keeps its promises", { timeout: 60_000 }, async () => {
    const pinging = { keepAliveInterval: 700, pingTimeout: 200, staleThreshold: 900 };
    const property = fc.asyncProperty(keepAliveOptions, seeds, histories, async (chosen, seed, history) => {
      const limits = {
        max: chosen.maxConnections,
        timeout: timing.connectionTimeout,
        checkAge: pinging.staleThreshold,
        idleDoubt: chosen.enableProactivePing ? pinging.keepAliveInterval + pinging.pingTimeout : Infinity,
        pingTimeout: pinging.pingTimeout,
      };
      const harness = new PoolHarness(limits, (database, clock) => {
        const injected = { open: database.connect, clock, random: seededRandom(seed) };
        return new KeepAlivePool({ ...chosen, ...timing, ...pinging, ...injected });
      });
      await harness.run(history);
    });
    await fc.assert(property, { numRuns });
  });
});
