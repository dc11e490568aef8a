import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli, told } from "../support/cli.js";
import { parseJson } from "../support/schemas.js";

const QUICK = ["bench", "--strategy", "keepalive", "--operations", "40", "--rounds", "4", "--warmup", "0"];

let directory = "";
const at = (name: string): string => join(directory, name);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "turso-pool-outputs-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("bench --output", () => {
  it("writes every kind of file in one run", async () => {
    const files = ["r.json", "s.md", "t.xml", "f.csv", "h.hgrm"].map((name) => ["--output", at(name)]);
    const kinds = ["github-smaller", "github-bigger", "bencher"].map((kind) => [
      "--output",
      `${kind}=${at(kind)}`,
    ]);
    const { code, stdout, stderr } = await runCli([...QUICK, "--json", ...files.flat(), ...kinds.flat()]);
    expect({ code, stderr: told(stderr).split("\n").length }).toEqual({ code: 0, stderr: 2 });
    expect(readdirSync(directory)).toHaveLength(8);
    expect(parseJson(readFileSync(at("r.json"), "utf8"), "bench-result")).toEqual(
      parseJson(stdout, "bench-result"),
    );
  });

  it.each([
    ["none/r.json", /can't write .*none\/r\.json: its directory does not exist\.$/],
    ["r.pdf", /^Error: --output: ".*r\.pdf" is not a file that ends in \.json/],
  ])("refuses %s before anything is measured", async (name, message) => {
    const { code, stdout, stderr } = await runCli([...QUICK, "--output", at(name)]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr.trim()).toMatch(message);
  });
});

describe("bench --github", () => {
  it("appends the summary and keeps stdout with --json one document", async () => {
    writeFileSync(at("summary"), "before\n");
    const { code, stdout, stderr } = await runCli(
      [...QUICK, "--json", "--github", "--threshold", "keepalive.latency_ms.p50 < 1us"],
      { GITHUB_STEP_SUMMARY: at("summary") },
    );
    expect(code).toBe(99);
    parseJson(stdout, "bench-result");
    expect(stderr).toMatch(/^::error title=turso-pool%3A gate failed::/m);
    expect(readFileSync(at("summary"), "utf8")).toMatch(/^before\n\n## ❌ The gate failed/);
  });

  it("says that there is no summary to append to, and goes on", async () => {
    const { code, stderr } = await runCli([...QUICK, "--github"], { GITHUB_STEP_SUMMARY: "" });
    expect(code).toBe(0);
    expect(stderr).toContain("--github: GITHUB_STEP_SUMMARY is not set");
  });
});
