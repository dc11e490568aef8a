// Holds the load generator to its promises: with 50 callers it drives at least 0.9 times as many operations per second
// as a bare loop over the same client, and a million operations take at most 1.3 times the memory of 100,000.
import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startEmbeddedServer } from "../../dist/server/embedded-server.js";

const CALLERS = 50;
const ROUNDS = 5;
const MILLISECONDS = 2_000;
const LEAST_SHARE = 0.9;
const MOST_GROWTH = 1.3;

const server = await startEmbeddedServer();
const url = server.url("ws");

async function numbers(script, ...args) {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--expose-gc",
    file,
    url,
    ...args.map(String),
  ]);
  return stdout.trim().split(" ").map(Number);
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const broken = [];

const shares = [];
for (let round = 0; round < ROUNDS; round++) {
  const [bare] = await numbers("bare.js", CALLERS, MILLISECONDS);
  const [harness] = await numbers("harness.js", CALLERS, "duration", MILLISECONDS);
  console.log(`${CALLERS} callers: bare ${Math.round(bare)} per second, harness ${Math.round(harness)}`);
  shares.push(harness / bare);
}
console.log(`harness / bare: ${median(shares).toFixed(2)} (median of ${ROUNDS} pairs)`);
if (median(shares) < LEAST_SHARE) broken.push(`the harness drives less than ${LEAST_SHARE} of a bare loop`);

const [, small] = await numbers("harness.js", CALLERS, "operations", 100_000);
const [, large] = await numbers("harness.js", CALLERS, "operations", 1_000_000);
console.log(
  `peak memory: ${small.toFixed(0)} MiB for 100,000 operations, ${large.toFixed(0)} MiB for 1,000,000 (x ${(large / small).toFixed(2)})`,
);
if (large / small > MOST_GROWTH) broken.push(`memory grows by more than ${MOST_GROWTH} times`);

await server.close();
for (const promise of broken) console.error(`Broken promise: ${promise}.`);
process.exit(broken.length === 0 ? 0 : 1);
