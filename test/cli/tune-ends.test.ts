import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TuneResult } from "#dist/tune/result.js";
import { runCli, startCli, type RunningCli } from "../support/cli.js";
import { eventually } from "../support/eventually.js";
import { parseJson } from "../support/schemas.js";
import { blackHole, serve } from "../support/servers.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Waits for something on stderr, where progress is a line every 5 s. */
async function told(run: RunningCli, text: string): Promise<void> {
  let isOver = false;
  void run.finished.then(() => (isOver = true));
  await eventually(() => isOver || run.stderr().includes(text), 45_000);
  if (!run.stderr().includes(text)) throw new Error(`it ended before ${text}: ${run.stderr()}`);
}

const inPhase = (run: RunningCli, phase: number): Promise<void> => told(run, `(phase ${phase} of 4)`);

describe.concurrent("tune that is interrupted", () => {
  it.each([
    ["looking for idle limits", 2, ["--max-idle", "30s"]],
    ["looking for the size", 3, ["--no-tls", "--max-idle", "500ms"]],
    ["proving", 4, ["--url", ":memory:"]],
  ] as const)("while it is %s says what was found, and leaves the file alone", async (_, phase, args) => {
    const home = await mkdtemp(join(folder, "home-"));
    const file = join(home, "c.json");
    await writeFile(file, '{ "pool": {} }');
    const run = startCli(["tune", ...args, "--apply", file, "--json"]);
    await inPhase(run, phase);
    run.interrupt();
    const { code, stdout, stderr } = await run.finished;
    expect(code).toBe(130);
    const result = parseJson(stdout, "tune-result") as TuneResult;
    expect(result).toMatchObject({ interrupted: true, error: null, verdict: { verdict: "not proven" } });
    expect(result.cost.length).toBeGreaterThan(0);
    expect(result.phases.map((one) => one.phase)).toEqual(["cost", "idle", "size", "proof"]);
    expect(stderr).toContain(`${file} is left as it is: tuning was interrupted.`);
    expect(await readdir(home)).toEqual(["c.json"]);
    expect(await readFile(file, "utf8")).toBe('{ "pool": {} }');
  });

  it("before there was anything says so in a line", async () => {
    await using hole = await blackHole();
    const run = startCli(["tune", "--url", `ws://127.0.0.1:${hole.port}`]);
    await eventually(() => hole.open() > 0, 20_000);
    run.interrupt();
    const { code, stdout, stderr } = await run.finished;
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toBe("Error: interrupted before anything was found.\n");
  });
});

describe.concurrent("tune whose database dies", () => {
  it("ends with 2, what was found until then, and why", async () => {
    await using target = await serve("ws");
    const run = startCli(["tune", "--url", target.url, "--max-idle", "30s"]);
    await inPhase(run, 2);
    await target[Symbol.asyncDispose]();
    const { code, stdout, stderr } = await run.finished;
    expect(code).toBe(2);
    expect(stdout).toContain(target.url);
    expect(stdout).toContain("Not proven");
    expect(stderr).toMatch(/\nError: [^\n]+\n$/);
  });
});

it("tune on a file says that keep-alive gains nothing there, within its budget", async () => {
  const url = `file:${join(folder, "a.db")}`;
  const { code, stdout } = await runCli(["tune", "--url", url, "--budget", "6s", "--json"]);
  expect([0, 75]).toContain(code);
  const { target, notes, idle } = parseJson(stdout, "tune-result") as TuneResult;
  expect([target.transport, idle]).toEqual(["file", null]);
  expect(notes.join("\n")).toContain("Keep-alive gains nothing here");
});
