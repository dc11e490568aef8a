import { describe, expect, it } from "vitest";
import type { BenchResult } from "../../src/bench/result.js";
import { benchReport } from "../../src/report/bench-report.js";
import { PLAIN } from "../../src/report/style.js";
import { openLoop, resultOf, withStrategies } from "../support/bench-results.js";

describe("the report of an open loop", () => {
  const result = openLoop(
    resultOf({ unpooled: [2.7, 2.5], client: [0.17, 0], pool: [0.172, 0.002], keepalive: [0.17, 0.002] }),
    200,
  );

  it("shows how the schedule was kept, and no throughput in the guide's table", () => {
    expect(benchReport(result, PLAIN, 80)).toMatchInlineSnapshot(`
      "wss://db.example · 200/s (poisson), open loop, 4 workers · 1,000 operations each
      · 10 rounds · seed 7

      strategy     ops  errors  connect  latency                      ops/s  sockets
                                 P50 ms   P50 ms    P95    P99   max          opened
      unpooled   1,000       0     2.50     2.70   5.40   10.8  21.6    370    1,000
      client     1,000       0    0.000    0.170  0.340  0.680  1.36  5,882        0
      pool       1,000       0    0.002    0.172  0.344  0.688  1.38  5,814        0
      keepalive  1,000       0    0.002    0.170  0.340  0.680  1.36  5,882        0

      schedule     due  found no    never     lag  service
                          worker  started  P99 ms   P50 ms    P95
      unpooled   1,003        12        3   0.200     1.35   2.70
      client     1,003        12        3   0.200    0.085  0.170
      pool       1,003        12        3   0.200    0.086  0.172
      keepalive  1,003        12        3   0.200    0.085  0.170

      95% interval         latency
                            P50 ms             P90             P95             P99
      unpooled        2.56 to 2.84    3.85 to 4.25    5.13 to 5.67    10.3 to 11.3
      client        0.162 to 0.179  0.242 to 0.268  0.323 to 0.357  0.646 to 0.714
      pool          0.163 to 0.181  0.245 to 0.271  0.327 to 0.361  0.654 to 0.722
      keepalive     0.162 to 0.179  0.242 to 0.268  0.323 to 0.357  0.646 to 0.714

      Found no worker free, and waited for one, which their latency includes: unpooled
      12 of 1,003, client 12 of 1,003, pool 12 of 1,003, keepalive 12 of 1,003. Raise
      --concurrency.
      Never started: unpooled 3 of 1,003, client 3 of 1,003, pool 3 of 1,003,
      keepalive 3 of 1,003. The rate was beyond what this target or this generator
      could do: latency is understated.
      Warm-up, not counted above, opened sockets too: unpooled 10, client 1, pool 1,
      keepalive 1.

      metric                     without keep-alive  with keep-alive       improvement
      Connection overhead (P50)             2.50 ms         0.002 ms  99.92% reduction
      Latency (P50)                         2.70 ms         0.170 ms     94% reduction
      Latency (P95)                         5.40 ms         0.340 ms     94% reduction

      At 200/s, keepalive against a new connection for each operation: 16x (95%
      interval 15x to 17x) as fast at the median, 16x (95% interval 15x to 17x) as
      fast at P95. And keepalive against one shared client: no difference to speak of
      at the median, no difference to speak of at P95."
    `);
  });

  it("has nothing to say of a schedule that was kept", () => {
    const kept = withStrategies(result, ({ schedule }) => ({
      schedule: schedule && { ...schedule, found_no_worker: 0, never_started: 0 },
    }));
    const report = benchReport(kept, PLAIN, 80);
    expect(report).not.toMatch(/Found no worker|Never started|Closed loop/);
    expect(report).toContain("never");
  });
});

describe("the report of a run with gaps", () => {
  it("shows no throughput, and what keep-alive saves against a shared client", () => {
    const closed = resultOf({ client: [12.5, 0], keepalive: [0.3, 0.002] });
    const result: BenchResult = {
      ...withStrategies(closed, ({ name }) => ({
        operations: 40,
        throughput_per_second: null,
        sockets_opened: name === "client" ? 40 : 0,
      })),
      plan: { ...closed.plan, loop: "gap", gap_ms: 5_000, operations: 40, concurrency: 1 },
    };
    expect(benchReport(result, PLAIN, 80)).toMatchInlineSnapshot(`
      "wss://db.example · one operation after each 5 s gap · 40 operations each · 10
      rounds · seed 7

      strategy   ops  errors  connect  latency                            sockets
                               P50 ms   P50 ms    P90    P95   P99   max   opened
      client      40       0    0.000     12.5   18.8   25.0  50.0   100       40
      keepalive   40       0    0.002    0.300  0.450  0.600  1.20  2.40        0

      95% interval         latency
                            P50 ms             P90             P95           P99
      client          11.9 to 13.1    17.8 to 19.7    23.8 to 26.3  47.5 to 52.5
      keepalive     0.285 to 0.315  0.427 to 0.472  0.570 to 0.630  1.14 to 1.26

      Warm-up, not counted above, opened sockets too: client 1, keepalive 1.

      metric         one shared client  with keep-alive    improvement
      Latency (P50)            12.5 ms         0.300 ms  98% reduction
      Latency (P95)            25.0 ms         0.600 ms  98% reduction

      After a gap of 5 s an operation takes 12.5 ms on one shared client and 0.300 ms
      with keep-alive, which saves 12.2 ms (98%): it is 42x (95% interval 40x to 43x)
      as fast at the median."
    `);
  });
});
