import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startCli } from "../support/cli.js";
import { eventually } from "../support/eventually.js";

/** What `serve` says on stderr before it serves. */
async function saidBy(...flags: string[]): Promise<string> {
  const cli = startCli(["serve", ...flags], {}, "own group");
  await eventually(() => cli.stdout().includes("Serving libSQL at"), 20_000);
  cli.interrupt();
  await cli.finished;
  return cli.stderr();
}

it("serve says so when it lets in whoever reaches it, and only then", async () => {
  const folder = mkdtempSync(join(tmpdir(), "turso-pool-test-"));
  const key = join(folder, "key.pem");
  writeFileSync(key, generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }));
  const warning = "Warning: whoever reaches 0.0.0.0 may read and change the database";
  expect(await saidBy("--host", "0.0.0.0")).toContain(warning);
  expect(await saidBy("--host", "0.0.0.0", "--auth-jwt-key-file", key)).not.toContain("Warning");
  expect(await saidBy("--host", "::1")).not.toContain("Warning");
  rmSync(folder, { recursive: true });
});
