// Holds `tune` to its promises, by the command itself as its users run it: idle limits found as they are, told apart and in
// time; the recommended interval keeps a socket alive for a minute; the knee of a server that does four statements at a
// time; a reason for every workload; and "keep what you have" where nothing can be gained, in 19 of 20 runs.
//
// `KEEP=5 npm run bench:tune` makes fewer of those runs.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const KEEP = Number(process.env.KEEP ?? 20);
const WORKLOADS = ["high-frequency", "low-frequency", "remote", "bursty"];
const COMMAND = fileURLToPath(new URL("../../bin/run.js", import.meta.url));
/** Where no configuration file lies. */
const folder = mkdtempSync(join(tmpdir(), "turso-pool-bench-"));

/** What a command printed as JSON, and what it exited with. */
function run(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [COMMAND, ...args, "--json"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, said] = ["", ""];
    child.stdout.on("data", (chunk) => (out += chunk));
    child.stderr.on("data", (chunk) => (said += chunk));
    child.once("error", reject);
    child.once("close", (status) => {
      if (out === "") reject(new Error(`${args.join(" ")}: ${said}`));
      else resolve({ ...JSON.parse(out), status });
    });
  });
}

const broken = [];
function check(what, isKept, seen) {
  console.log(`${isKept ? "kept  " : "BROKEN"}  ${what}: ${seen}`);
  if (!isKept) broken.push(what);
}

const seconds = (ms) => `${(ms / 1_000).toFixed(2)} s`;
const valueOf = ({ settings }, name) => settings.find(({ setting }) => setting === name)?.recommended;
const limitOf = ({ idle }, whose) => idle.limits.find((limit) => limit.whose === whose);
const idleTook = ({ phases }) => phases.find(({ phase }) => phase === "idle").took_ms;
const tune = (...args) => run("tune", "--max-idle", "15s", ...args);

let interval;
for (const [how, most, flags] of [
  ["closed", 500, []],
  ["silent", 1_000, ["--idle-drop"]],
]) {
  const result = await tune("--idle-timeout", "7s", ...flags);
  const limit = limitOf(result, "network");
  const isFound = limit?.kind === how && Math.abs(limit.limit_ms - 7_000) <= most;
  check(`7 s, ${how}`, isFound, limit ? `${seconds(limit.limit_ms)}, ${limit.kind}` : "not found");
  check(`7 s, ${how}, in 40 s`, idleTook(result) < 40_000, seconds(idleTook(result)));
  const guide = result.proof.holds.find(({ settings }) => settings === "guide");
  check(
    `7 s, ${how}: the guide's preset fails`,
    guide?.held === false,
    `kept ${guide?.kept} of ${guide?.connections}`,
  );
  interval = {
    "--keep-alive-interval": `${valueOf(result, "keepAliveInterval")}ms`,
    "--stale-threshold": `${valueOf(result, "staleThreshold")}ms`,
    "--ping-timeout": `${valueOf(result, "pingTimeout")}ms`,
  };
}

const idle = [
  "stats",
  "--idle",
  "--min-connections",
  "1",
  "--idle-timeout",
  "7s",
  "--idle-drop",
  "--duration",
  "60s",
];
const held = await run(...idle, ...Object.entries(interval).flat());
const sockets = held.snapshot.sockets.opened;
check("one socket for 60 s", held.keep_alive_holds === true && sockets === 1, `${sockets} opened`);

for (const [how, flags] of [
  ["closed", []],
  ["silent", ["--idle-drop"]],
]) {
  const result = await tune("--http-keep-alive", "5s", "--idle-timeout", "12s", ...flags);
  const [server, network] = [limitOf(result, "server"), limitOf(result, "network")];
  const isFound = Math.abs(server?.limit_ms - 5_000) <= 500 && Math.abs(network?.limit_ms - 12_000) <= 1_000;
  const seen = [server, network].map((one) => (one ? `${one.name} ${seconds(one.limit_ms)}` : "not found"));
  check(`5 s and 12 s, ${how}, apart`, isFound, seen.join(", "));
}

const none = await tune();
const found = none.idle.limits.filter(({ whose }) => whose !== "client" && whose !== "stream");
check("no limit", found.length === 0, `${found.length} found`);

const LIMITED = ["--parallel-statements", "4", "--statement-time", "5ms", "--max-idle", "2s"];
const recommended = new Set();
for (const workload of WORKLOADS) {
  const result = await run("tune", "--workload", workload, ...LIMITED);
  const { knee, size } = result.size;
  check(`4 at a time, ${workload}: knee`, knee >= 3 && knee <= 5, knee);
  const isSized = workload === "low-frequency" || Math.abs(size - knee) <= 1;
  check(`4 at a time, ${workload}: size`, isSized, size);
  recommended.add(JSON.stringify(result.settings.map((one) => one.recommended)));
}
check("every workload has settings of its own", recommended.size === WORKLOADS.length, recommended.size);

let kept = 0;
for (let i = 0; i < KEEP; i++) {
  const { verdict } = await run("tune", "--max-idle", "2s");
  if (verdict.verdict === "keep what you have") kept++;
  else console.log(`        ${verdict.verdict}: ${verdict.reasons.join("; ")}`);
}
check("nothing to gain", kept >= Math.floor(0.95 * KEEP), `kept in ${kept} of ${KEEP} runs`);

rmSync(folder, { recursive: true });
if (broken.length > 0) {
  console.error(`Broken: ${broken.join("; ")}`);
  process.exitCode = 1;
}
