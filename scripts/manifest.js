// Writes oclif.manifest.json from the compiled commands; with --check, fails when the committed one is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Plugin } from "@oclif/core";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const file = join(root, "oclif.manifest.json");
const plugin = new Plugin({ root, type: "core", ignoreManifest: true, errorOnManifestCreate: true });
await plugin.load();
const fresh = `${JSON.stringify(plugin.manifest, null, 2)}\n`;

if (process.argv.includes("--check")) {
  if (readFileSync(file, "utf8") !== fresh) {
    console.error("oclif.manifest.json is stale: run `node scripts/manifest.js` and commit the result.");
    process.exit(1);
  }
} else {
  writeFileSync(file, fresh);
}
