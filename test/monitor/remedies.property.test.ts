import fc from "fast-check";
import { expect, it } from "vitest";
import { alertsOf } from "../../src/monitor/health.js";
import { snapshotOf } from "../../src/monitor/snapshot.js";
import { keepAlivePool } from "../support/pool-fixture.js";

const milliseconds = fc.oneof(fc.integer({ min: 1, max: 400_000 }), fc.constant(Infinity));
const options = fc.record({
  keepAliveInterval: milliseconds,
  staleThreshold: milliseconds,
  pingTimeout: milliseconds,
  healthCheckTimeout: milliseconds,
  connectionTimeout: fc.integer({ min: 1, max: 400_000 }),
  maxConnections: fc.integer({ min: 1, max: 50 }),
  enableKeepalive: fc.boolean(),
  enableProactivePing: fc.boolean(),
  enableHealthCheck: fc.boolean(),
});
const count = fc.integer({ min: 0, max: 40 });
const time = fc.option(fc.double({ min: 0, max: 400_000, noNaN: true }));
const history = fc.record({
  total_created: count,
  total_open_failures: count,
  total_connections_created: count,
  total_connections_refreshed: count,
  total_proactive_pings: count,
  total_ping_failures: count,
  total_lost_while_idle: count,
  total_silent_while_idle: count,
  total_timeouts: count,
  total_refused: count,
  peak_waiting: count,
  median_idle_before_loss_ms: time,
});

it("no remedy sets what the pool refuses, says what is set already, or makes no sense in words", () => {
  fc.assert(
    fc.property(options, history, time, time, (chosen, statistics, p95_ms, p50_ms) => {
      let setup: ReturnType<typeof keepAlivePool>;
      try {
        setup = keepAlivePool(chosen);
      } catch {
        return fc.pre(false);
      }
      const fresh = snapshotOf(setup.pool);
      const busy = {
        ...fresh,
        statistics: { ...fresh.statistics, ...statistics },
        create_time: { ...fresh.create_time, p50_ms: p95_ms, p95_ms },
        use_time: { ...fresh.use_time, p50_ms, count: 10, sum_ms: 10 * (p50_ms ?? 0) },
      };
      for (const { settings, remedy, seen } of alertsOf(busy, { leakThreshold: 30_000 })) {
        expect(`${seen} ${remedy}`).not.toMatch(/Infinity|NaN|null|undefined/);
        for (const { option, from, to } of settings) {
          const was = (chosen as Record<string, unknown>)[option];
          expect(from ?? Infinity).toBe(was);
          expect(to).not.toBe(was);
        }
        keepAlivePool({ ...chosen, ...Object.fromEntries(settings.map(({ option, to }) => [option, to])) });
      }
    }),
    { numRuns: 1_000 },
  );
});
