import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../support/cli.js";
import { expectNoLoad } from "../support/gated.js";
import { parseJson } from "../support/schemas.js";

const threshold = (text: string): string[] => ["--threshold", text];

describe.concurrent("a load is refused before it begins, in one line, with exit 3:", () => {
  it.each([
    [
      ["--rate", "0"],
      ["--rate", '"0"', "above 0", "200/s"],
    ],
    [
      ["--rate", "0/s"],
      ["--rate", '"0/s"', "above 0", "200/s"],
    ],
    [
      ["--rate", "200"],
      ["--rate", '"200"', "write 200/s"],
    ],
    [
      ["--rate", "-1/s"],
      ["--rate", '"-1/s"', "200/s"],
    ],
    [
      ["--rate", "2000000/s"],
      ["--rate", "2000000/s", "at most 1000000/s"],
    ],
    [
      ["--gap", "0s"],
      ["--gap", '"0s"', "longer than nothing"],
    ],
    [
      ["--gap", "5"],
      ["--gap", '"5"', "5ms or 5s"],
    ],
    [
      ["--gap", "1s", "--rate", "5/s"],
      ["Error: --gap cannot also be provided", "--rate"],
    ],
    [
      ["--gap", "1s", "--duration", "100ms"],
      ["--duration", "100ms", "at least one --gap (1s)"],
    ],
    [
      ["--arrivals", "poisson"],
      ["--arrivals", "--rate"],
    ],
    [
      ["--arrivals", "bursts", "--rate", "5/s"],
      ["--arrivals", "bursts", "constant", "poisson"],
    ],
    [
      ["--concurrency", "5", "--gap", "1s"],
      ["--concurrency", "5", "--gap"],
    ],
    [
      ["--rounds", "20", "--operations", "10", "--rate", "5/s"],
      ["--operations", "10", "20 --rounds"],
    ],
    [
      ["--rounds", "101"],
      ["--rounds", "101", "100"],
    ],
    [
      ["--max-duration", "5s"],
      ["--max-duration", "no gate", "--threshold or --max-regression"],
    ],
    [["--absolute"], ["--absolute", "--baseline"]],
    [
      ["--on-inconclusive", "shrug"],
      ["--on-inconclusive", "shrug", "pass"],
    ],
    [
      ["--rtt", "20ms", "--transport", "http"],
      ["--rtt", "--transport", "embedded server only", "--url"],
    ],
    [
      ["--output", "/no-such-folder/result.json"],
      ["--output", "/no-such-folder/result.json", "directory does not exist"],
    ],
    [
      ["--output", "result.what"],
      ["--output", "result.what"],
    ],
  ] as const)("%j", async (args, parts) => {
    await expectNoLoad(args, ...parts);
  });
});

describe.concurrent("a threshold is refused, pointing at the character:", () => {
  it.each([
    ["keepalive.latency_ms.p95 < 10", "at character 30: the limit needs a unit: write 10ms or 10s"],
    ["keepalive.latency_ms.p95 < 10min", "at character 30: expected ns, us"],
    ["keepalive.latency_ms.p95 = 10ms", 'at character 26: expected <, <=, > or >=, found "="'],
    [
      "keepalive.latency.p95 < 10ms",
      'at character 11: unknown metric "latency.p95"; did you mean latency_ms.p95?',
    ],
    ["keepalive.latency_ms.p42 < 10ms", "at character 22:"],
    ["keepalive.latency_ms.max < 10ms", "an extreme has no interval"],
    ["keepalive.latency_ms < 10ms", "latency_ms needs a statistic"],
    ["latency_ms.p95 < 10ms", "at character 1: expected a strategy"],
    ["ratio(client, client, latency_ms.p95) > 1", "at character 15: expected another strategy"],
    ["ratio(client keepalive, latency_ms.p95) > 1", 'at character 14: expected ","'],
    [
      "reduction(unpooled, keepalive, latency_ms.p95) > 180%",
      "at character 50: a reduction is never above 100%",
    ],
    ["keepalive.latency_ms.p95 < -1ms", "at character 28:"],
    ["keepalive.latency_ms.p95 < 10ms please", "expected nothing after the limit"],
    ["keepalive.latency_ms.p95", "found the end"],
    ["", "expected a strategy"],
    ["keepalive.latency_ms.p95\n< 10", "needs a unit"],
  ])("%j", async (text, part) => {
    await expectNoLoad(threshold(text), "--threshold: ", part);
  });

  it("unless its strategy is not known at all", async () => {
    await expectNoLoad(
      threshold("keepaliv.latency_ms.p95 < 1s"),
      '"keepaliv" does not run',
      "Did you mean keepalive?",
    );
  });
});

it("an output that cannot be written is told before the load, and leaves nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
  await mkdir(join(folder, "taken.json"));
  await expectNoLoad(
    ["--output", join(folder, "fine.json"), "--output", join(folder, "taken.json")],
    "--output",
    "taken.json",
  );
  expect(await readdir(folder)).toEqual(["taken.json"]);
  await rm(folder, { recursive: true });
});

it("with --json a refused threshold is one document", async () => {
  const { code, stdout } = await runCli(["bench", "--json", ...threshold("keepalive.latency_ms.p95 < 10")]);
  expect(code).toBe(3);
  expect(parseJson(stdout, "error")).toMatchObject({ error: { code: "INVALID_OPTION" } });
});
