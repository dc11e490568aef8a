// Holds the embedded server to its promises: 4,000 warm statements per second from one caller over WebSocket,
// and memory that is flat over a million statements. The client is @libsql/client as it comes.
import { execFileSync } from "node:child_process";
import process from "node:process";
import { createClient } from "@libsql/client";
import { startEmbeddedServer } from "../../dist/server/embedded-server.js";

const LEAST_PER_SECOND = 4_000;
const STATEMENTS = 1_000_000;
const CALLERS = 16;
/** The heap is at its working size by then; what comes later would be a leak. */
const SETTLED_AFTER = STATEMENTS / 5;
const MOST_GROWTH = 1.15;

const server = await startEmbeddedServer();
const client = createClient({ url: server.url("ws") });
const residentMiB = () => Number(execFileSync("ps", ["-o", "rss=", "-p", String(server.pid)])) / 1024;

async function run(statements, callers) {
  const startedAt = performance.now();
  const caller = async () => {
    for (let i = 0; i < statements / callers; i++) await client.execute("SELECT 1");
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return statements / ((performance.now() - startedAt) / 1_000);
}

const broken = [];
await run(5_000, 1);
const rates = [];
for (let round = 0; round < 5; round++) rates.push(await run(8_000, 1));
const rate = rates.sort((a, b) => a - b)[2] ?? 0;
console.log(`one caller, warm SELECT 1 over ws: ${Math.round(rate)} per second (median of 5 rounds)`);
if (rate < LEAST_PER_SECOND) broken.push(`fewer than ${LEAST_PER_SECOND} statements per second`);

await run(SETTLED_AFTER, CALLERS);
const before = residentMiB();
await run(STATEMENTS - SETTLED_AFTER, CALLERS);
const after = residentMiB();
const growth = after / before;
console.log(
  `server's memory after ${SETTLED_AFTER} statements: ${before.toFixed(0)} MiB, after ${STATEMENTS}: ${after.toFixed(0)} MiB (x ${growth.toFixed(2)})`,
);
if (growth > MOST_GROWTH) broken.push(`memory grew by more than ${Math.round((MOST_GROWTH - 1) * 100)} %`);

client.close();
await server.close();
for (const promise of broken) console.error(`Broken promise: ${promise}.`);
process.exit(broken.length === 0 ? 0 : 1);
