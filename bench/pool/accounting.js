// What keeping account costs: statistics, events and OpenTelemetry's hooks, with nobody listening. The same pool runs
// once with the account that ConnectionPool keeps, and once with one that does nothing, each in processes of its own:
// in one process, the two would spoil each other's compiled code.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { EventHub } from "../../dist/pool/events.js";
import { Lease } from "../../dist/pool/lease.js";
import { ResourcePool } from "../../dist/pool/resource-pool.js";
import { Tally } from "../../dist/pool/tally.js";
import { realClock } from "../../dist/core/clock.js";
import { contended, median, uncontended } from "./measure.js";

const PAIRS = 11;
const ROUNDS = 15;
const SCENARIOS = { uncontended, contended };

class NoAccount {
  leased() {}
  released() {}
  evicted() {}
  openFailed() {}
  timedOut() {}
  refused() {}
}

function makePool(tally) {
  const connection = { client: {}, open: true, onClose() {}, close: () => Promise.resolve() };
  const pool = new ResourcePool({
    clock: realClock,
    random: Math.random,
    maxResources: 10,
    maxWaiters: Infinity,
    timeout: 5_000,
    maxLifetime: Infinity,
    reuse: true,
    open: async () => ({ ...connection }),
    close: async () => {},
    isOpen: ({ open }) => open,
    lease: (entry) => new Lease(pool, entry),
    inDoubt: () => false,
    check: () => {},
    onShort: () => {},
    tally,
    onOpened: () => {},
    onVacancy: () => {},
  });
  return { acquire: () => pool.acquire(), release: (lease) => lease.release(), close: () => pool.close(0) };
}

/** In a process of its own: nanoseconds per acquire and release, the best of the rounds, as whatever disturbs only adds to them, for each scenario. */
async function measureHere(account) {
  const pool = makePool(account === "kept" ? new Tally(new EventHub().hooks) : new NoAccount());
  const times = { uncontended: [], contended: [] };
  for (let round = -3; round < ROUNDS; round++) {
    for (const [name, scenario] of Object.entries(SCENARIOS)) {
      const took = await scenario(pool);
      if (round >= 0) times[name].push(took);
    }
  }
  await pool.close();
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, Math.min(...all)]));
}

const measureApart = (account) =>
  JSON.parse(
    spawnSync(process.execPath, [fileURLToPath(import.meta.url), account], { encoding: "utf8" }).stdout,
  );

/** Kept / not kept: the median of the pairs, for each scenario. */
export function accountingCost() {
  const pairs = Array.from({ length: PAIRS }, (_, at) => {
    const order = at % 2 === 0 ? ["kept", "none"] : ["none", "kept"];
    return Object.fromEntries(order.map((account) => [account, measureApart(account)]));
  });
  return Object.keys(SCENARIOS).map((scenario) => ({
    scenario,
    kept: median(pairs.map(({ kept }) => kept[scenario])),
    none: median(pairs.map(({ none }) => none[scenario])),
    ratio: median(pairs.map(({ kept, none }) => kept[scenario] / none[scenario])),
  }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(await measureHere(process.argv[2])));
}
