import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { cleanEnv } from "../support/cli.js";

const SOAK = fileURLToPath(new URL("../../bench/soak/run.js", import.meta.url));
/** A soak ends by itself when it hangs; then it says what it was about. */
const PATIENCE_MS = 170_000;

it(
  "clients over http and ws keep every promise for some seconds of faults",
  async () => {
    const args = ["--expose-gc", SOAK, "--seconds", "8", "--seed", "2"];
    const soak = promisify(execFile)(process.execPath, args, { env: cleanEnv(), maxBuffer: 2 ** 24 });
    const { stdout, stderr } = await soak.catch(
      (error: unknown) => error as { stdout: string; stderr: string },
    );
    expect(stderr).not.toContain("BROKEN");
    expect(stdout).toMatch(/every promise was kept; again: npm run soak -- --seconds 8 --seed 2\n$/);
  },
  PATIENCE_MS,
);
