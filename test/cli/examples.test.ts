import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Parser, type Interfaces } from "@oclif/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkSettings } from "../../src/cli/config-file/check.js";
import { flagsFromFile } from "../../src/cli/config-file/flags-from-file.js";
import { allCommands, globalFlags } from "../support/commands.js";

const read = (path: string): string =>
  readFileSync(new URL(`../../examples/${path}`, import.meta.url), "utf8");

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<
    Record<string, { "timeout-minutes"?: number; permissions?: unknown; steps: Step[] }>
  >;
}

const WORKFLOW = "github-actions/performance-gate.yml";
const workflow = parse(read(WORKFLOW)) as Workflow;
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
const scripts = steps.flatMap(({ run }) => run ?? []);

/** The flags of these arguments, read by the command that they name. */
async function parsed(argv: readonly string[]): Promise<Record<string, unknown>> {
  const [id, ...args] = argv;
  const command = (await allCommands()).find((one) => one.id === id);
  if (!command) throw new Error(`there is no command ${String(id)}`);
  const flags: Interfaces.FlagInput = { ...globalFlags, ...command.flags };
  return (await Parser.parse(args, { flags })).flags as Record<string, unknown>;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "turso-pool-test-"));
  for (const side of ["head", "base"]) {
    mkdirSync(join(folder, side));
    writeFileSync(join(folder, side, "schema.sql"), "");
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a script in bash as GitHub does, with commands that only write down how they were called. */
function runScript(script: string, status = 0) {
  const log = join(folder, "calls");
  writeFileSync(log, "");
  const stubs = [
    `turso-pool() { printf '%s\\n' "$*" >> '${log}'; return ${status}; }`,
    ...["git", "npm", "node", "sqlite3", "curl", "tail"].map((name) => `${name}() { :; }`),
  ];
  const run = spawnSync(
    "bash",
    ["--noprofile", "--norc", "-eo", "pipefail", "-c", [...stubs, script, "wait"].join("\n")],
    { cwd: folder, encoding: "utf8" },
  );
  return {
    ...run,
    calls: readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line !== ""),
  };
}

describe("the example of a configuration file", () => {
  it("is what the schema and the flags allow", async () => {
    const settings = checkSettings(JSON.parse(read("turso-pool.config.json")), "example");
    const bench = (await allCommands()).find(({ id }) => id === "bench");
    const flags = { ...globalFlags, ...bench?.flags };
    const command = { id: "bench", flags, given: new Set<string>(), env: {} };
    const { argv, paths } = flagsFromFile({ name: "example", settings }, command);
    expect(paths.size).toBe(
      Object.keys(settings.bench as object).length + Object.keys(settings.pool as object).length,
    );
    expect(await parsed(["bench", ...argv])).toMatchObject({ strategy: ["client", "keepalive"] });
  });
});

describe("the example of a workflow", () => {
  it("is one to GitHub's own parser", async () => {
    // It imports JSON as only bundlers do.
    const hook = `export const load = (url, context, next) =>
      next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);`;
    register(`data:text/javascript,${encodeURIComponent(hook)}`);
    const { parseWorkflow, NoOperationTraceWriter } = await import("@actions/workflow-parser");
    const mistakes = (content: string) =>
      parseWorkflow({ name: WORKFLOW, content }, new NoOperationTraceWriter()).context.errors.getErrors();
    expect(mistakes(read(WORKFLOW))).toEqual([]);
    expect(mistakes(read(WORKFLOW).replace("runs-on:", "run-on:"))).not.toEqual([]);
  });

  it("runs on pull requests, may only read, has a timeout, and pins actions by major version", () => {
    expect(Object.keys(workflow.on)).toEqual(["pull_request"]);
    expect(workflow.permissions).toEqual({ contents: "read" });
    for (const job of Object.values(workflow.jobs)) {
      expect(job["timeout-minutes"]).toBeLessThanOrEqual(30);
      expect(job.permissions).toBeUndefined();
    }
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@v\d+$/);
    // What a pull request says must not become part of a script.
    for (const script of scripts) expect(script).not.toContain("${{");
  });

  it("calls turso-pool only with commands and flags that there are", async () => {
    const calls = scripts.flatMap((script) => runScript(script).calls.map((line) => line.split(" ")));
    // The servers are started in the background, so either may be logged first.
    const servers = calls
      .filter(([id]) => id === "serve")
      .sort((one, other) => (one.join() < other.join() ? -1 : 1));
    calls.splice(0, servers.length, ...servers);
    expect(calls.map(([id]) => id)).toEqual(["serve", "serve", "bench"]);
    const [head, base, bench] = await Promise.all(calls.map(parsed));
    expect(head).toMatchObject({ port: 8081, database: "head.db" });
    expect(base).toMatchObject({ port: 8082, database: "base.db" });
    expect(bench).toMatchObject({ url: "ws://127.0.0.1:8081", against: "ws://127.0.0.1:8082", github: true });
  });

  it.each([
    [0, 0, ""],
    [99, 99, ""],
    [2, 2, ""],
    [75, 0, expect.stringMatching(/^::warning title=[^\n]+\n$/) as string],
  ])("ends with status %i as %i", (status, told, output) => {
    const script = scripts.find((one) => one.includes("turso-pool bench")) ?? "";
    const run = runScript(script, status);
    expect([run.status, run.stdout]).toEqual([told, output]);
  });
});

it("the README of the examples calls turso-pool only with flags that there are", async () => {
  const script = [...read("README.md").matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block).join("");
  writeFileSync(join(folder, "schema.sql"), "");
  const { calls } = runScript(script);
  expect(calls.map((line) => line.split(" ", 1)[0]).sort()).toEqual([
    "bench",
    "serve",
    "serve",
    "serve",
    "stats",
  ]);
  for (const line of calls) await parsed(line.split(" "));
});
