// Holds the emulated network to its promises: at a round trip of 20 ms a new connection and its first statement
// take 4 round trips over wss and 3 over https, to within 10 %, and a statement on an open one takes 1, to within
// 5 %, each plus what the same costs over plain loopback in the same minute.
//
// That cost is measured at the same pace: after a pause as long as the network's, which leaves processors asleep
// and caches cold, a statement over loopback costs two to four times what it costs in a tight loop.
import { readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { connector } from "../../dist/libsql/connector.js";
import { startEmbeddedServer } from "../../dist/server/embedded-server.js";

const RTT = 20;
const ROUNDS = 8;
const OPENED = 12;
const STATEMENTS = 25;
const MOST_OFF = { unpooled: 0.1, keepalive: 0.05 };
const TRANSPORTS = [
  { name: "wss", scheme: "ws", roundTrips: { unpooled: 4, keepalive: 1 } },
  { name: "https", scheme: "http", roundTrips: { unpooled: 3, keepalive: 1 } },
];

const signal = new globalThis.AbortController().signal;

async function timed(task) {
  const startedAt = performance.now();
  await task();
  return performance.now() - startedAt;
}

async function unpooled(open, pause) {
  const took = [];
  for (let i = 0; i < OPENED; i++) {
    await sleep(pause);
    let connection;
    const time = await timed(async () => {
      connection = await open(signal);
      await connection.client.execute("SELECT 1");
    });
    took.push(time);
    await connection.close();
  }
  return took;
}

async function keepalive(open, pause) {
  const connection = await open(signal);
  await connection.client.execute("SELECT 1");
  const took = [];
  for (let i = 0; i < STATEMENTS; i++) {
    await sleep(pause);
    took.push(await timed(() => connection.client.execute("SELECT 1")));
  }
  await connection.close();
  return took;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
}

const broken = [];
for (const { name, scheme, roundTrips } of TRANSPORTS) {
  const servers = {
    loopback: await startEmbeddedServer({ tls: "self-signed" }),
    network: await startEmbeddedServer({ tls: "self-signed", network: { rttMs: RTT } }),
  };
  const took = { unpooled: { loopback: [], network: [] }, keepalive: { loopback: [], network: [] } };
  // Interleaved, so that a busy minute of this machine is a busy minute of both; the first round warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [where, server] of Object.entries(servers)) {
      const open = connector({ url: server.url(scheme), ca: readFileSync(server.caFile, "utf8") });
      const pause = where === "loopback" ? RTT : 0;
      const measured = { unpooled: await unpooled(open, pause), keepalive: await keepalive(open, pause) };
      if (round === 0) continue;
      for (const [how, times] of Object.entries(measured)) took[how][where].push(...times);
    }
  }
  for (const [how, { loopback, network }] of Object.entries(took)) {
    const expected = roundTrips[how] * RTT + median(loopback);
    const off = median(network) / expected - 1;
    const times = `${median(network).toFixed(2)} ms, expected ${roundTrips[how]} x ${RTT} + ${median(loopback).toFixed(2)}`;
    console.log(`${name} ${how}: P50 ${times} ms: ${(off * 100).toFixed(1)} %`);
    if (Math.abs(off) > MOST_OFF[how])
      broken.push(`${name} ${how} is off by more than ${MOST_OFF[how] * 100} %`);
  }
  for (const server of Object.values(servers)) await server.close();
}

for (const promise of broken) console.error(`Broken promise: ${promise}.`);
process.exit(broken.length === 0 ? 0 : 1);
