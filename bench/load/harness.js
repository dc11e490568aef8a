// The same through the harness: prints operations per second, and the most memory that this process took, in MiB.
import process from "node:process";
import { runBench } from "../../dist/bench/run-bench.js";
import { parseTarget } from "../../dist/libsql/target.js";

const [url, callers, kind, amount] = [
  process.argv[2],
  Number(process.argv[3]),
  process.argv[4],
  Number(process.argv[5]),
];
const run = await runBench(
  {
    strategies: ["client"],
    load: { kind: "closed" },
    queries: [{ sql: "SELECT 1", weight: 1 }],
    allowWrites: false,
    concurrency: callers,
    length: kind === "operations" ? { kind, operations: amount } : { kind: "duration", duration: amount },
    warmupOperations: 5_000,
    warmupLimit: null,
    rounds: 10,
    seed: 1,
    settle: 50,
    operationTimeout: 30_000,
    connectTimeout: 10_000,
    pool: {},
    calibrate: false,
    against: false,
    keepRounds: false,
    maxDuration: null,
  },
  { head: parseTarget(url) },
  { signal: new AbortController().signal },
);
const [{ measured }] = run.contestants;
console.log(measured.latency.count / (measured.elapsed / 1_000), process.resourceUsage().maxRSS / 1024);
