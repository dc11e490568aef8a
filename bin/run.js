#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 18)) {
  process.stderr.write(`Error: turso-pool needs Node 20.18 or newer; this is ${process.version}.\n`);
  process.exit(3);
}

const { execute } = await import("@oclif/core");
await execute({ dir: import.meta.url });
