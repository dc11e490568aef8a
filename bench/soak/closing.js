// The end: clients are closed in the middle of their work, and nothing may be left of them.
import { setTimeout as sleep } from "node:timers/promises";
import { census, memory, resourcesByName } from "./census.js";

const PATIENCE_MS = 1_000;
/** How long a client may take beyond the time that it was given: to roll back what is open. */
const CLOSE_MS = 2_000;
const GONE_MS = 3_000;
/** A server may still have statements to do that wait for each other. */
const SERVER_MS = 10_000;

export async function closing({ world, lanes, violations, ledger, before, streamExpiryMs }) {
  // The second has more patience, and a network that says nothing.
  await world.ask("inject", lanes.at(-1).name, { kind: "black-hole" });
  await sleep(200);
  await Promise.all(lanes.map((lane, index) => close(lane, index === 0 ? 0 : PATIENCE_MS, violations)));
  for (const { name } of lanes) await world.ask("heal", name);
  for (const { name, openSockets } of lanes) {
    if (openSockets > 0) violations.add("left open", `${name}: ${openSockets} sockets after close()`);
  }
  const until = async (isTrue, patience) => {
    const end = performance.now() + patience;
    while (performance.now() < end && !(await isTrue())) await sleep(100);
  };
  let seen;
  await until(async () => {
    seen = await world.ask("status");
    return lanes.every(({ name }) => seen.proxies[name].open === 0);
  }, GONE_MS);
  for (const { name } of lanes) {
    const { open } = seen.proxies[name];
    if (open > 0) violations.add("left open", `${name}: the proxy still has ${open} sockets`);
  }
  await until(async () => {
    seen = await world.ask("status");
    return seen.server.streamsOpen === 0 && seen.server.socketsOpen === 0;
  }, streamExpiryMs + SERVER_MS);
  const { streamsOpen, socketsOpen } = seen.server;
  if (streamsOpen + socketsOpen > 0) {
    violations.add("left open", `the server has ${streamsOpen} streams and ${socketsOpen} sockets`);
  }
  for (const lane of lanes) lane.letGo();
  const operations = await ledger.audit("final");
  await until(() => leftovers(before).length === 0, GONE_MS);
  for (const what of leftovers(before)) violations.add("left open", what);
  return { operations, peaks: seen.proxies, left: census() };
}

async function close(lane, timeout, violations) {
  const { name, client, calls } = lane;
  const startedAt = performance.now();
  await client.close({ timeout });
  const took = performance.now() - startedAt;
  if (took > timeout + CLOSE_MS) violations.add("deadline", `${name}: close() took ${Math.round(took)} ms`);
  const { error } = await calls.call("after close()", CLOSE_MS, () => client.execute("SELECT 1"));
  if (error?.code !== "CLIENT_CLOSED") {
    violations.add("left open", `${name}: a call after close() ends with ${error?.code ?? "a result"}`);
  }
  const patience = new AbortController();
  const late = sleep(GONE_MS * 3, "late", { signal: patience.signal }).catch(() => undefined);
  if ((await Promise.race([lane.ended(), late])) === "late") {
    violations.add("deadline", `${name}: callers wait for a client that is closed`);
  }
  patience.abort();
  calls.close();
}

/** What there is more of than before there were any clients. */
function leftovers(before) {
  memory();
  const now = census();
  return Object.keys(now)
    .filter((kind) => kind !== "signals" && now[kind] > before[kind])
    .map((kind) => `${now[kind]} ${kind}, ${before[kind]} before (${JSON.stringify(resourcesByName())})`);
}
