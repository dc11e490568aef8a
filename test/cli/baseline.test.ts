import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../support/cli.js";
import { benchJson, expectNoLoad } from "../support/gated.js";
import { serve, type TestServer } from "../support/servers.js";

let plain: TestServer;
let far: TestServer;
let folder: string;

beforeAll(async () => {
  [plain, far] = await Promise.all([serve("ws"), serve("ws", { network: { rttMs: 20 } })]);
  folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
  const { code } = await runCli(["bench", "--url", plain.url, ...PLAN, "--output", file("base.json")]);
  expect(code).toBe(0);
});

afterAll(async () => {
  await Promise.all([plain.server.close(), far.server.close()]);
  await rm(folder, { recursive: true });
});

const PLAN = ["--strategy", "client", "--strategy", "keepalive", "--operations", "80", "--rounds", "8"];
const GATE = ["--max-regression", "400%", "--max-duration", "3s"];
const file = (name: string): string => join(folder, name);

describe.concurrent("--baseline", () => {
  it("of the same plan and code does not fail", async () => {
    const given = ["--baseline", file("base.json"), "--on-inconclusive", "pass"];
    const { code, result, stderr } = await benchJson("--url", plain.url, ...PLAN, ...GATE, ...given);
    expect([code, result.verdict === "fail"]).toEqual([0, false]);
    expect(stderr).not.toContain("--absolute");
    const claims = result.gates.map(({ threshold }) => threshold);
    expect(claims).toContain("ratio(keepalive, client, latency_ms.p50) against the baseline's, rise <= 400%");
    expect(claims).toContain("client.latency_ms.p95 against client@baseline, rise <= 400%");
    expect(claims).toHaveLength(6 + 2);
  });

  it(
    "of another target is compared in ratios alone, and says so; in milliseconds with --absolute",
    { retry: 1 },
    async () => {
      const gate = ["--baseline", file("base.json"), "--max-regression", "50%", "--max-duration", "3s"];
      const args = ["--url", far.url, ...PLAN, ...gate];
      const [relative, absolute] = await Promise.all([benchJson(...args), benchJson(...args, "--absolute")]);
      expect(relative.stderr).toContain("--baseline: only ratios within a run are gated, not milliseconds: ");
      expect(relative.result.gates).toHaveLength(2 + 2);
      expect([absolute.code, absolute.result.verdict]).toEqual([99, "fail"]);
      expect(absolute.result.gates).toHaveLength(6 + 2);
      expect(absolute.stderr).not.toContain("only ratios");
    },
  );

  it("of a database that was reached another way is refused, unless somebody says that it is the same", async () => {
    const args = [...PLAN, "--no-tls", "--rtt", "5ms", ...GATE, "--baseline", file("base.json")];
    const refused = await runCli(["bench", ...args]);
    expect([refused.code, refused.stdout]).toEqual([3, ""]);
    expect(refused.stderr).toMatch(/--baseline: it was measured another way: .*--absolute/);
    const wanted = await runCli(["bench", ...args, "--absolute"]);
    expect([0, 75, 99]).toContain(wanted.code);
  });

  it.each([
    ["is missing", null, "there is no such file"],
    ["is truncated", (text: string) => text.slice(0, text.length / 2), "truncated.json"],
    ["is not JSON", () => "all is well", "not JSON"],
    ["is JSON of something else", () => '{"a":1}', "result"],
    ["is empty", () => "", "empty"],
    [
      "has another schema version",
      (text: string) => text.replace(/"schema_version": \d+/, '"schema_version": 1'),
      "schema",
    ],
    [
      "is of an interrupted run",
      (text: string) => text.replace('"interrupted": false', '"interrupted": true'),
      "interrupted",
    ],
  ])("that %s is wrong usage, before any load", async (what, change, part) => {
    const name = file(what.includes("truncated") ? "truncated.json" : `${what.replaceAll(" ", "-")}.json`);
    if (change !== null) await writeFile(name, change(await readFile(file("base.json"), "utf8")));
    await expectNoLoad([...PLAN, ...GATE, "--baseline", name], "--baseline", name, part);
  });

  it("of another plan, a folder, or half of the flags is wrong usage, before any load", async () => {
    const base = ["--baseline", file("base.json")];
    await expectNoLoad([...PLAN, "--warmup", "7", ...GATE, ...base], "another plan", "there", "here");
    await expectNoLoad([...PLAN, ...GATE, ...base, "--rate", "50/s"], "another plan", "closed", "open");
    await expectNoLoad([...PLAN, ...GATE, "--baseline", folder], "it is a directory");
    await expectNoLoad([...PLAN, ...base], "--baseline", "Add --max-regression");
    await expectNoLoad([...PLAN, "--max-regression", "10%"], "--against or --baseline");
    await expectNoLoad([...PLAN, "--max-regression", "10", ...base], "write 10%");
    await expectNoLoad([...PLAN, "--max-regression", "0%", ...base], "above 0");
  });
});
