// What this process has in memory and open, after a garbage collection.
import { Socket } from "node:net";
import { queryObjects } from "node:v8";
import { Client as UndiciClient } from "undici";
import WebSocket from "ws";
import { Lease } from "../../dist/index.js";
import { Deadline } from "../../dist/pool/client/deadline.js";
import { TransactionHold } from "../../dist/pool/client/transaction-hold.js";

const timer = setTimeout(() => undefined);
clearTimeout(timer);

/** Things with a lifetime. Timers are counted whether or not they keep the process alive. */
const KINDS = {
  timers: timer.constructor,
  sockets: Socket,
  signals: AbortSignal,
  webSockets: WebSocket,
  dispatchers: UndiciClient,
  leases: Lease,
  deadlines: Deadline,
  transactions: TransactionHold,
};

/** How many there are of each kind, and what keeps the process alive. */
export function census() {
  const resources = process.getActiveResourcesInfo();
  const kinds = Object.entries(KINDS).map(([name, kind]) => [name, queryObjects(kind, { format: "count" })]);
  return { ...Object.fromEntries(kinds), resources: resources.length };
}

/** What holds the process, by name, for a message. */
export function resourcesByName() {
  const counts = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Bytes on and off the heap that are in use. */
export function memory() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
