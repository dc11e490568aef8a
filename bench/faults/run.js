// Breaks the way to the database, and the database, while a plain client, generic-pool over plain clients, and createPool()
// use it side by side, and counts what reached their callers and what became of their writes. Writes docs/faults.md, and
// fails when ours breaks a promise.
//
// `npm run bench:faults -- --quick` gives each fault a few seconds and writes nothing; `--only ws/reset` plays what
// begins so; `--seed 2` draws other chances.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeCertificate } from "../../dist/server/certificate.js";
import { company } from "./company.js";
import { documentOf } from "./document.js";
import { FAULTS } from "./faults.js";
import { brokenBy, figuresOf } from "./judge.js";
import { play } from "./scene.js";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    seed: { type: "string", default: "1" },
    verbose: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const plan = {
  callers: 12,
  pause: [50, 150],
  before: values.quick ? 400 : 1_000,
  lasts: ({ lasts, quick = Math.min(lasts, 1_500) }) => (values.quick ? quick : lasts),
  recoveryLimit: values.quick ? 4_000 : 6_000,
  patience: values.quick ? 5_000 : 10_000,
};

const folder = mkdtempSync(join(tmpdir(), "turso-pool-bench-"));
const { cert, key } = await makeCertificate();
const certificate = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
writeFileSync(certificate.certFile, cert);
writeFileSync(certificate.keyFile, key);
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const contestants = company(certificate.certFile);

const scenes = FAULTS.flatMap((fault) => fault.schemes.map((scheme) => ({ fault, scheme }))).filter(
  ({ fault, scheme }) => `${scheme}/${fault.name}`.startsWith(values.only),
);
const startedAt = performance.now();
const rows = [];
const broken = [];
for (const { fault, scheme } of scenes) {
  const seen = await play(fault, scheme, { contestants, plan, seed, certificate });
  const row = { fault, scheme, figures: seen.map((one) => ({ ...one, ...figuresOf(one) })) };
  rows.push(row);
  console.log(`${scheme}: ${fault.name}`);
  for (const one of row.figures) {
    console.log(`  ${one.title.padEnd(14)} ${briefly(one)}`);
    if (values.verbose && one.name === "ours") {
      for (const { caller, kind, at, took, end, code, outcome, message } of one.calls) {
        const when = `${(at - one.struckAt).toFixed(0)} ms`;
        if (end !== "answered" || took > 1_000)
          console.log(
            `    ${when} ${caller} ${kind} ${took.toFixed(0)} ms ${end} ${code} ${outcome} ${message}`,
          );
      }
    }
  }
  for (const promise of brokenBy(
    seen.find(({ name }) => name === "ours"),
    fault,
  )) {
    broken.push(`${scheme}: ${fault.name}: ${promise}`);
    console.log(`  BROKEN         ${promise}`);
  }
}
for (const contestant of contestants) contestant.end();

function briefly({ asked, errors, hung, wrong, longest, recoveredAfter, lost, doubled, struck, codes }) {
  const recovered = recoveredAfter === null ? "never" : `${recoveredAfter.toFixed(0)} ms`;
  return [
    `${asked} calls, ${errors} errors, ${hung} hung, ${wrong} wrong, longest ${longest.toFixed(0)} ms`,
    `recovered after ${recovered}, ${lost} lost, ${doubled} doubled, struck ${struck}`,
    codes.map(([code, times]) => `${times} ${code}`).join(", "),
  ].join("; ");
}

const took = (performance.now() - startedAt) / 1_000;
console.log(`${scenes.length} scenes in ${took.toFixed(0)} s`);
if (!values.quick && values.only === "") {
  const file = new URL("../../docs/faults.md", import.meta.url);
  writeFileSync(file, await documentOf({ rows, broken, plan, seed, took }));
}
for (const promise of broken) console.error(`Broken: ${promise}.`);
process.exitCode = broken.length === 0 ? 0 : 1;
