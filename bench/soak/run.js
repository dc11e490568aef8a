// npm run soak: a client under load while everything goes wrong that can, by seed. Exits 1 when a promise was broken.
//
// `npm run soak -- --seconds 60 --seed 7 --transport ws`; without --transport, a client over each, at the same time.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createPool } from "../../dist/index.js";
import { census, memory, resourcesByName } from "./census.js";
import { closing } from "./closing.js";
import { Helper } from "./helper.js";
import { Lag } from "./lag.js";
import { Lane } from "./lane.js";
import { Ledger } from "./ledger.js";
import { Samples } from "./samples.js";
import { summary } from "./summary.js";
import { Violations } from "./violations.js";
import { Weather } from "./weather.js";

/**
 * Less than sqld's 10 s, as a stream that nobody comes back to keeps its locks until then: those who wait for them give
 * up meanwhile, and leave such streams in their turn.
 */
const STREAM_EXPIRY_MS = 400;
const EXIT_PATIENCE_MS = 5_000;
/** For the last rest, what the server takes to expire streams, and the last audit. */
const MOST_OVERTIME_S = 120;
const TRANSPORTS = ["http", "ws"];

function options() {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "600" },
      seed: { type: "string", default: String(Math.floor(Math.random() * 1e9)) },
      transport: { type: "string" },
    },
  });
  const [seconds, seed, transport] = [Number(values.seconds), Number(values.seed), values.transport];
  if (!(seconds > 0)) throw new Error(`--seconds ${values.seconds}: not a number above 0`);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed ${values.seed}: not a whole number`);
  if (transport !== undefined && !TRANSPORTS.includes(transport))
    throw new Error(`--transport ${transport}: neither http nor ws`);
  if (globalThis.gc === undefined) throw new Error("memory cannot be looked at without node --expose-gc");
  const again = `--seconds ${seconds} --seed ${seed}${transport ? ` --transport ${transport}` : ""}`;
  return { seconds, seed, names: transport === undefined ? TRANSPORTS : [transport], again };
}

/** What is wrong with how it was called, as one line. */
function optionsOrExit() {
  try {
    return options();
  } catch (error) {
    console.error(`soak: ${error.message}`);
    process.exit(3);
  }
}

/** Everything is loaded, and what a process makes but once is there: the rest is the clients'. */
async function warmUp(ports) {
  for (const [name, port] of Object.entries(ports)) {
    const client = createPool({ url: `${name}://127.0.0.1:${port}` });
    await Promise.all(Array.from({ length: 20 }, () => client.execute("SELECT 1")));
    const transaction = await client.transaction("read");
    await transaction.rollback();
    await client.close();
  }
  await sleep(500);
  memory();
  return census();
}

async function soak({ seed, names }, folder, violations, over) {
  const databaseFile = join(folder, "soak.db");
  const audit = new Helper("audit.js");
  await audit.ask("prepare", databaseFile);
  const world = new Helper("world.js");
  const ports = await world.ask("start", { databaseFile, streamExpiryMs: STREAM_EXPIRY_MS, names, seed });
  const before = await warmUp(ports);

  const lag = new Lag();
  const ledger = new Ledger(audit, violations);
  const samples = new Samples(violations);
  const lanes = names.map(
    (name, index) => new Lane({ name, port: ports[name], seed: seed + index, ledger, violations, lag }),
  );
  const weather = new Weather({ world, lanes, seed, violations, ledger, samples, signal: over });
  await weather.run();
  const grown = samples.judge();
  lag.close();
  const end = await closing({
    ...{ world, lanes, violations, ledger, before },
    streamExpiryMs: STREAM_EXPIRY_MS,
  });
  await world.end();
  await audit.end();
  const peakOf = (name) => end.peaks[name].peak;
  console.log(summary({ lanes, weather, violations, ledger, memory: grown, samples, lag, end, peakOf }));
}

const { seconds, seed, names, again } = optionsOrExit();
const violations = new Violations((line) => console.error(`BROKEN (seed ${seed}) ${line}`));
const ends = new AbortController();
let isInterrupted = false;
process.on("SIGINT", () => {
  if (isInterrupted) process.exit(130);
  isInterrupted = true;
  ends.abort();
});
process.on("unhandledRejection", (error) => violations.add("process", `unhandled: ${error?.stack ?? error}`));
process.on("warning", ({ name, message }) => {
  if (name !== "ExperimentalWarning") violations.add("process", `${name}: ${message}`);
});
const over = setTimeout(() => ends.abort(), seconds * 1_000);
/** Even a soak that hangs ends. */
const hung = setTimeout(() => leave("the soak does not end"), (seconds + MOST_OVERTIME_S) * 1_000);

function leave(why) {
  console.error(`BROKEN (seed ${seed}) ${why}: ${JSON.stringify(resourcesByName())}`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), "turso-pool-soak-"));
try {
  console.error(`soak: ${seconds} s over ${names.join(" and ")}, seed ${seed}`);
  await soak({ seed, names }, folder, violations, ends.signal);
} catch (error) {
  console.error(error);
  process.exit(70);
} finally {
  clearTimeout(over);
  clearTimeout(hung);
  rmSync(folder, { recursive: true, force: true });
}
const verdict = violations.total === 0 ? "every promise was kept" : `${violations.total} times broken`;
console.log(`${verdict}; again: npm run soak -- ${again}`);
process.exitCode = violations.total > 0 ? 1 : isInterrupted ? 130 : 0;
setTimeout(() => leave("the process does not end"), EXIT_PATIENCE_MS).unref();
