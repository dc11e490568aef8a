import { existsSync, openSync, closeSync } from "node:fs";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { BIN, cleanEnv } from "../support/cli.js";
import { parseJson } from "../support/schemas.js";
import { closedPort } from "../support/servers.js";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
}

/** Runs a command whose stderr nobody reads any more, or is a device that is full. */
async function runCli(args: readonly string[], stderr: "closed" | "full"): Promise<Ended> {
  const full = stderr === "full" ? openSync("/dev/full", "w") : undefined;
  const child = spawn(process.execPath, [BIN, ...args], {
    env: cleanEnv(),
    stdio: ["ignore", "pipe", full ?? "pipe"],
  });
  if (full !== undefined) closeSync(full);
  child.stderr?.destroy();
  if (child.stdout === null) throw new Error("bug: stdout is a pipe");
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { stdout: await text(child.stdout), code: await ended };
}

const BENCH = [
  "bench",
  "--operations",
  "20",
  "--warmup",
  "2",
  "--rounds",
  "2",
  "--concurrency",
  "2",
  "--json",
];

describe.each(["closed", "full"] as const)(
  "a command whose stderr is %s says on stdout what it has to:",
  (stderr) => {
    const it_ = it.skipIf(stderr === "full" && !existsSync("/dev/full"));

    it_("bench", async () => {
      const { code, stdout } = await runCli(BENCH, stderr);
      expect(code).toBe(0);
      parseJson(stdout, "bench-result");
    });

    it_("stats", async () => {
      const { code, stdout } = await runCli(
        ["stats", "--duration", "1s", "--interval", "200ms", "--json"],
        stderr,
      );
      expect(code).toBe(0);
      parseJson(stdout, "stats-result");
    });

    it_("ping", async () => {
      const url = `ws://127.0.0.1:${await closedPort()}`;
      const { code, stdout } = await runCli(
        ["ping", url, "--count", "2", "--interval", "10ms", "--json"],
        stderr,
      );
      expect(code).toBe(2);
      expect(JSON.parse(stdout)).toMatchObject({ schema_version: 1, command: "ping" });
    });

    it_("an error", async () => {
      const { code, stdout } = await runCli(["stats", "--attach", "/nowhere", "--json"], stderr);
      expect(code).toBe(3);
      expect(parseJson(stdout, "error")).toMatchObject({ error: { code: "INVALID_OPTION" } });
    });
  },
);
