import { Parser } from "@oclif/core";
import { describe, expect, it } from "vitest";
import { loadFlags, loadPlan, type LoadPlan } from "../../src/cli/load-flags.js";

/** What a command line asks for. */
async function planOf(...argv: string[]): Promise<LoadPlan> {
  const { flags } = await Parser.parse(argv, { flags: loadFlags, strict: true });
  return loadPlan(flags as Parameters<typeof loadPlan>[0]);
}

const words = (line: string): string[] => line.split(" ").filter((word) => word !== "");

describe("a closed loop", () => {
  it("is what there is by default: one caller, for 4 s, in ten rounds", async () => {
    expect(await planOf()).toEqual({
      load: { kind: "closed" },
      concurrency: 1,
      length: { kind: "duration", duration: 4_000 },
      rounds: 10,
    });
  });

  it.each([
    ["--operations 1000 --concurrency 50", 10],
    ["--operations 100 --concurrency 50", 2],
    ["--operations 7", 7],
    ["--operations 3 --concurrency 5", 1],
    ["--duration 10s --concurrency 50", 10],
  ])("%s goes round in %i rounds", async (line, rounds) => {
    expect((await planOf(...words(line))).rounds).toBe(rounds);
  });
});

describe("an open loop", () => {
  it("has ten workers and constant arrivals by default", async () => {
    expect(await planOf("--rate", "200/s")).toEqual({
      load: { kind: "open", perSecond: 200, arrivals: "constant" },
      concurrency: 10,
      length: { kind: "duration", duration: 10_000 },
      rounds: 10,
    });
  });

  it("takes Poisson arrivals, workers and a length", async () => {
    const line = "--rate 30/m --arrivals poisson --concurrency 3 --operations 50";
    expect(await planOf(...words(line))).toEqual({
      load: { kind: "open", perSecond: 0.5, arrivals: "poisson" },
      concurrency: 3,
      length: { kind: "operations", operations: 50 },
      rounds: 10,
    });
  });

  it.each([
    // So many that a round has five arrivals.
    ["--rate 200/s --duration 100ms", 4],
    ["--rate 5/s --duration 4s", 4],
    ["--rate 1/s --duration 4s", 1],
    ["--rate 1/m --duration 1s", 1],
    ["--rate 10/s --operations 12", 2],
    ["--rate 10/s --operations 1", 1],
  ])("%s has %i rounds, so that each says something", async (line, rounds) => {
    expect((await planOf(...words(line))).rounds).toBe(rounds);
  });
});

describe("a load of gaps", () => {
  it("has twenty operations by default, each a round of its own", async () => {
    expect(await planOf("--gap", "5s")).toEqual({
      load: { kind: "gap", gap: 5_000 },
      concurrency: 1,
      length: { kind: "operations", operations: 20 },
      rounds: 20,
    });
  });

  it.each([
    ["--gap 5s --duration 31s", 6, 6],
    ["--gap 5s --duration 5s", 1, 1],
    ["--gap 1ms --operations 250", 250, 100],
    ["--gap 5s --concurrency 1 --operations 3", 3, 3],
  ])("%s has %i operations in %i rounds", async (line, operations, rounds) => {
    expect(await planOf(...words(line))).toMatchObject({
      length: { kind: "operations", operations },
      rounds,
    });
  });
});

describe("what makes no load is refused by the flag's name:", () => {
  it.each([
    ["--rate 0/s", /--rate: "0\/s" is not above 0/],
    ["--rate 200", /--rate: "200" is not a rate with its unit: write 200\/s/],
    ["--rate 2000000/s", /--rate: "2000000\/s" is not above 0\/s and at most 1000000\/s/],
    [
      "--rate 10/s --gap 5s",
      /--gap=5s cannot also be provided when using --rate|--rate.*--gap|--gap.*--rate/,
    ],
    ["--arrivals poisson", /--rate/],
    ["--rate 10/s --arrivals uniform", /--arrivals/],
    ["--gap 0s", /--gap: .* is not longer than nothing|--gap/],
    ["--gap 5", /--gap: "5" is not a duration with a unit: write 5ms or 5s/],
    ["--gap 5s --duration 4s", /--duration: "4s" is not at least one --gap \(5s\)/],
    ["--gap 5s --concurrency 2", /--concurrency: 2 is not 1 with --gap/],
    ["--operations 10 --duration 5s", /--duration|--operations/],
    ["--operations 0", /--operations/],
    ["--operations 1.5", /--operations/],
    ["--concurrency 0", /--concurrency/],
    ["--duration 10", /--duration: "10" is not a duration with a unit/],
  ])("%s", async (line, message) => {
    await expect(planOf(...words(line))).rejects.toThrow(message);
  });
});
