#!/usr/bin/env node
// As run.js, with stack traces: builds first, so that it runs what is in src/.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { execute } from "@oclif/core";

spawnSync(process.execPath, [fileURLToPath(new URL("../scripts/setup.js", import.meta.url))], {
  stdio: "inherit",
});
await execute({ development: true, dir: import.meta.url });
