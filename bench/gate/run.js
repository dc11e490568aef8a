// Holds gates to their promise: identical code fails at most 2 runs of 200, and a planted slowdown of 20 % is found in
// at least 95 of 100 and passes in none. Prints the result as docs/gate-trials.md shows it.
import process from "node:process";
import { parseTarget } from "../../dist/libsql/target.js";
import { startEmbeddedServer } from "../../dist/server/embedded-server.js";
import { trial } from "./trials.js";

const SAME = Number(process.env.SAME ?? 200);
const SLOWER = Number(process.env.SLOWER ?? 100);
const PLANTED = 1.2;
const MAX_REGRESSION = 10;
const PLAN = {
  strategies: ["keepalive"],
  load: { kind: "closed" },
  queries: [{ sql: "SELECT 1", weight: 1 }],
  allowWrites: false,
  concurrency: 1,
  length: { kind: "duration", duration: 500 },
  warmupOperations: 100,
  warmupLimit: null,
  rounds: 10,
  settle: 10,
  operationTimeout: 10_000,
  connectTimeout: 10_000,
  pool: {},
  calibrate: false,
  against: true,
  keepRounds: false,
  maxDuration: 12_000,
};

const server = await startEmbeddedServer();
const target = parseTarget(server.url("ws"));

async function trials(count, times) {
  const counts = { pass: 0, fail: 0, inconclusive: 0 };
  const seconds = [];
  for (let seed = 1; seed <= count; seed++) {
    const {
      verdict,
      results,
      seconds: taken,
    } = await trial({ ...PLAN, seed }, target, times, MAX_REGRESSION);
    counts[verdict]++;
    seconds.push(taken);
    if (process.env.VERBOSE) {
      const shown = results.map(
        ({ value, interval, verdict: one }) =>
          `${one} ${value?.toFixed(1)} [${interval?.low.toFixed(1)}, ${interval?.high.toFixed(1)}]`,
      );
      console.error(seed, times, verdict, taken.toFixed(1), shown.join("  "));
    }
  }
  seconds.sort((a, b) => a - b);
  return { ...counts, median: seconds[Math.floor(count / 2)] ?? 0, longest: seconds.at(-1) ?? 0 };
}

const same = await trials(SAME, 1);
const slower = await trials(SLOWER, PLANTED);
await server.close();

const row = (what, count, { pass, fail, inconclusive, median, longest }) =>
  `| ${what} | ${count} | ${pass} | ${fail} | ${inconclusive} | ${median.toFixed(1)} s | ${longest.toFixed(1)} s |`;
console.log(`| code | runs | pass | fail | inconclusive | median run | longest run |
| --- | --- | --- | --- | --- | --- | --- |
${row("identical", SAME, same)}
${row("20 % slower", SLOWER, slower)}`);
const broken = [];
if (same.fail > SAME / 100) broken.push(`identical code failed ${same.fail} of ${SAME} runs`);
if (slower.pass > 0) broken.push(`a slowdown of 20 % passed ${slower.pass} of ${SLOWER} runs`);
if (slower.fail < SLOWER * 0.95)
  broken.push(`a slowdown of 20 % was found in ${slower.fail} of ${SLOWER} runs only`);
for (const promise of broken) console.error(`Broken promise: ${promise}.`);
process.exit(broken.length === 0 ? 0 : 1);
