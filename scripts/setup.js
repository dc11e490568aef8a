// Installs and builds what is missing, and nothing else: the second run does neither.
// Uses only what Node brings, because it runs on a bare clone.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const filesBelow = (folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();

function digest(files) {
  const hash = createHash("sha256").update(process.version);
  for (const file of files) hash.update(file.slice(root.length)).update("\0").update(readFileSync(file));
  return hash.digest("hex");
}

function step(what, stampFile, inputs, command, args) {
  const want = digest(inputs);
  const stamp = join(root, stampFile);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === want) return;
  process.stderr.write(`turso-pool: ${what} …\n`);
  // stdout belongs to the command that follows (npm start -- --json), so everything goes to stderr.
  const run = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (run.status !== 0) {
    process.stderr.write(`turso-pool: ${what} failed${run.error ? `: ${run.error.message}` : ""}\n`);
    process.exit(1);
  }
  writeFileSync(stamp, want);
}

const at = (name) => join(root, name);
step("installing dependencies", "node_modules/.turso-pool-installed", [at("package-lock.json")], "npm", [
  "ci",
  "--include=dev",
  "--no-audit",
  "--no-fund",
  "--loglevel=error",
]);
step(
  "building",
  "dist/.turso-pool-built",
  [
    ...filesBelow("src"),
    at("package-lock.json"),
    at("package.json"),
    at("tsconfig.json"),
    at("tsconfig.build.json"),
  ],
  process.execPath,
  [at("scripts/build.js")],
);
