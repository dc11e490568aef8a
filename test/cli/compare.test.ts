import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CompareResult } from "../../src/bench/compare-saved/result.js";
import { runCli, type Finished } from "../support/cli.js";
import { parseJson } from "../support/schemas.js";
import { savedResult } from "../support/saved-results.js";

const MEDIANS = { keepalive: [0.17, 0.002] } as const;

describe.concurrent("compare", () => {
  let folder = "";
  const at = (name: string): string => join(folder, name);
  const compare = (...args: string[]): Promise<Finished> => runCli(["compare", ...args]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "turso-pool-compare-"));
    const base = savedResult(MEDIANS);
    const files: Record<string, string | Buffer> = {
      "base.json": JSON.stringify(base, null, 2),
      "slower.json": JSON.stringify(savedResult(MEDIANS, { seed: 2, scale: 1.2 })),
      "redirected.json": Buffer.from(`\uFEFF${JSON.stringify(base)}\r\n`, "utf16le"),
      "other-plan.json": JSON.stringify({ ...base, plan: { ...base.plan, concurrency: 1 } }),
      "old.json": JSON.stringify({ ...base, schema_version: 1 }),
      "cut.json": JSON.stringify(base).slice(0, 5_000),
      "table.txt": "strategy  ops\n",
      "damaged.json": JSON.stringify({ ...base, floor_ms: "none" }),
      "large.json": Buffer.alloc(64 * 2 ** 20 + 1, " "),
    };
    for (const [name, content] of Object.entries(files)) await writeFile(at(name), content);
    await mkdir(at("folder"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("shows saved results side by side, and exits 0 whatever it finds", async () => {
    const { code, stdout, stderr } = await compare(at("base.json"), at("slower.json"), at("redirected.json"));
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^keepalive +latency P95 .* worse$/m);
    expect(stdout).toMatch(/redirected\.json: no difference to speak of, /);
    // The files' names are as long as they are.
    const lines = stdout.split("\n").filter((line) => !line.includes(folder));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it("prints one document of its own schema with --json", async () => {
    const { code, stdout, stderr } = await compare(at("base.json"), at("slower.json"), "--json");
    expect([code, stderr]).toEqual([0, ""]);
    const { heads } = parseJson(stdout, "compare-result") as CompareResult;
    expect(heads.map(({ file }) => file)).toEqual([at("slower.json")]);
    expect(heads[0]?.changes.find(({ metric }) => metric === "latency_ms.p50")?.verdict).toBe("worse");
  });

  it.each([
    ["missing.json", "there is no such file"],
    ["base.json/more", "there is no such file"],
    ["folder", "it is a directory"],
    ["large.json", "it is over 64 MiB"],
    ["other-plan.json", "concurrency 4 there, concurrency 1 here. Measure one of them again"],
    ["old.json", "it has schema version 1, and this turso-pool reads version 2. Measure it again"],
    ["cut.json", "it looks cut off: it ends in the middle of something, at line 1, column 5001. Measure"],
    ["table.txt", 'it is not JSON: "s" is out of place at line 1, column 1. Measure'],
    ["damaged.json", 'it is damaged: floor_ms: "none" must be number. Measure'],
  ])("refuses %s in one line, and exits 3", async (name, words) => {
    const { code, stdout, stderr } = await compare(at("base.json"), at(name));
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/^Error: [^\n]+\n$/);
    expect(stderr).toContain(`Error: ${at(name)}: `);
    expect(stderr).toContain(words);
  });

  it.each([[[]], [["base.json"]], [["base.json", "slower.json", "--unknown"]]])(
    "refuses to be called with %j",
    async (args) => {
      const { code, stdout, stderr } = await compare(...args);
      expect([code, stdout]).toEqual([3, ""]);
      expect(stderr).toMatch(/^Error: [^\n]+\n$/);
    },
  );
});
