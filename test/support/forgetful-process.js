// Begins a transaction with nothing left to end it, and says whether its connection came back when that was collected.
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { createPool } from "../../dist/index.js";

const client = createPool({ url: process.argv[2], maxConnections: 1 });

async function forget() {
  const transaction = await client.transaction("write");
  await transaction.execute("INSERT INTO writes VALUES ('forgotten')");
}

await forget();
const held = client.statistics().activeConnections;
for (let i = 0; i < 200 && client.statistics().activeConnections > 0; i++) {
  globalThis.gc();
  await sleep(20);
}
const left = client.statistics().activeConnections;
await client.execute("INSERT INTO writes VALUES ('after it')");
const { rows } = await client.execute("SELECT key FROM writes");
console.log(JSON.stringify({ held, left, keys: rows.map((row) => row[0]) }));
await client.close();
