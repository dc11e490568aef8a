import { expect, test } from "vitest";
import { realClock } from "#dist/core/clock.js";
import { seededRandom } from "#dist/core/random.js";
import { parseTarget } from "#dist/libsql/target.js";
import { profileOf, type Profile } from "#dist/tune/profile.js";
import { Seats } from "#dist/tune/seats.js";
import { findSize, type SizePlan } from "#dist/tune/size/find-size.js";
import type { Site, TuneProgress } from "#dist/tune/site.js";
import type { EmbeddedServer } from "#dist/server/embedded-server.js";
import { closedPort } from "../support/servers.js";
import { startServer, until } from "./server-support.js";

interface Overrides extends Partial<Pick<SizePlan, "maxConnections" | "roundTrip" | "queries" | "profile">> {
  readonly signal?: AbortSignal;
  readonly time?: number;
  readonly timeout?: number;
  readonly onTell?: (progress: TuneProgress, told: number) => void;
}

/** Finds the size for bursts of 20, and sees to it that nothing is left open. */
async function size(url: string, overrides: Overrides = {}) {
  const target = parseTarget(url);
  const {
    signal = new AbortController().signal,
    time = 40_000,
    maxConnections = 16,
    timeout = 5_000,
  } = overrides;
  const told: TuneProgress[] = [];
  const way = { target, ca: undefined };
  const seats = new Seats(maxConnections);
  const site: Site = {
    display: target.display,
    own: way,
    other: undefined,
    isEmbedded: false,
    seats,
    timeout,
    connectTimeout: 2_000,
    clock: realClock,
    random: seededRandom(1),
    signal,
    tell: (progress) => overrides.onTell?.(progress, told.push(progress)),
  };
  const found = await findSize(site, {
    way,
    profile: overrides.profile ?? profileOf("high-frequency"),
    queries: overrides.queries ?? [{ sql: "SELECT 1", weight: 1 }],
    deadline: realClock.now() + time,
    roundTrip: overrides.roundTrip ?? 1,
    maxConnections,
    seed: 1,
  });
  await until(() => seats.free === maxConnections);
  return { ...found, peak: seats.takePeak(), told };
}

async function socketsAreGone(server: EmbeddedServer): Promise<void> {
  await until(async () => (await server.metrics()).socketsOpen === 0);
}

test("a server that runs four statements at one time has its knee at four, and that size", async () => {
  const server = await startServer({ statementTimeMs: 10, parallelStatements: 4 });
  // Where throughput counts, more than the knee may be asked for.
  const profile: Profile = { ...profileOf("high-frequency"), aims: ["p95"] };
  const { value, outcome, queries, peak } = await size(server.url("ws"), { profile });
  expect([outcome, value?.ended_by === "past the knee" || value?.ended_by === "ceiling"]).toEqual([
    "done",
    true,
  ]);
  expect(value?.knee).toBeGreaterThanOrEqual(3);
  expect(value?.knee).toBeLessThanOrEqual(5);
  expect(value?.size).toBe(value?.knee);
  expect(value?.rule).toMatch(
    /^200\/s × [\d.]+ ?ms = [\d.]+ busy \(Little's law\), 19 more for a burst of 20; no more/,
  );
  expect(value?.levels.map(({ failed }) => failed)).toEqual(value?.levels.map(() => 0));
  for (const { throughput_interval_95: interval } of value?.levels ?? []) expect(interval).not.toBeNull();
  expect(peak).toBe(16);
  expect(queries).toBeGreaterThanOrEqual((await server.metrics()).statements);
  await socketsAreGone(server);
});

test.each(["ws", "http"] as const)(
  "refusals end the sweep over %s, and the size stays below them",
  async (scheme) => {
    // Three wait for the one that runs; whoever waits for longer than a second is refused.
    const server = await startServer({ statementTimeMs: 400, limits: { maxStreams: 1 } });
    const { value, outcome, error } = await size(server.url(scheme), { time: 12_000 });
    expect([value?.ended_by, value?.tried, value?.size]).toEqual(["refused", 2, expect.any(Number)]);
    expect(value?.size).toBeLessThanOrEqual(2);
    expect(value?.levels.find(({ concurrency }) => concurrency === 4)?.failed).toBeGreaterThanOrEqual(2);
    expect(["done", "cut short"]).toContain(outcome);
    expect(error).toBeNull();
    await socketsAreGone(server);
  },
);

test("a server that takes no more connections ends the sweep", async () => {
  const server = await startServer({ statementTimeMs: 5, limits: { maxSockets: 3 } });
  const { value, outcome } = await size(server.url("ws"));
  expect([outcome, value?.ended_by, value?.tried, value?.knee]).toEqual(["done", "refused", 2, null]);
  expect(value?.rule).toContain("no more than the 2 that the server let in");
  await socketsAreGone(server);
});

test("a file has its knee at one connection", async () => {
  const { value, outcome } = await size(":memory:", { profile: profileOf("default") });
  expect([outcome, value?.knee, value?.size]).toEqual(["done", 1, 1]);
});

test.each(["ws", "http"] as const)(
  "a server that dies over %s is told, with what was found",
  async (scheme) => {
    const server = await startServer({ statementTimeMs: 5, parallelStatements: 4 });
    let isKilled = false;
    const { value, outcome, error } = await size(server.url(scheme), {
      onTell: ({ doing }) => {
        // Once: it may be told of two blocks before it is noticed.
        if (doing.includes("round 2") && !isKilled) isKilled = process.kill(server.pid, "SIGKILL");
      },
    });
    expect([outcome, error?.code]).toEqual(["failed", "UNREACHABLE"]);
    expect(value?.levels.length).toBeGreaterThan(3);
    expect(value?.size).toBeGreaterThanOrEqual(1);
  },
);

test("one that cannot be reached at all is told, and nothing is found", async () => {
  const { value, outcome, error } = await size(`ws://127.0.0.1:${await closedPort()}`);
  expect([value, outcome, error?.code]).toEqual([null, "failed", "UNREACHABLE"]);
});

test("statements that fail even one at a time are told as what they are", async () => {
  const server = await startServer();
  const { value, outcome, error } = await size(server.url("ws"), {
    queries: [{ sql: "SELECT * FROM nowhere", weight: 1 }],
  });
  expect([value, outcome, error?.code]).toEqual([null, "failed", "SQL_ERROR"]);
  await socketsAreGone(server);
});

test("an interrupt ends it at once, however long a statement takes", async () => {
  const server = await startServer({ statementTimeMs: 20_000 });
  const interrupt = new AbortController();
  let at = NaN;
  const { value, outcome, reason, error } = await size(server.url("ws"), {
    signal: interrupt.signal,
    timeout: 30_000,
    onTell: () => {
      setTimeout(() => {
        at = performance.now();
        interrupt.abort();
      }, 300);
    },
  });
  expect(performance.now() - at).toBeLessThan(1_000);
  expect([value, outcome, reason, error]).toEqual([null, "cut short", "interrupted", null]);
  await socketsAreGone(server);
});

test.each([
  ["on the way up", "8 connections", "interrupted"],
  ["among the rounds", "round 3", "past the knee"],
])("an interrupt %s leaves what was found", async (_, during, endedBy) => {
  // So long that what a busy machine adds to it is no throughput that grows.
  const server = await startServer({ statementTimeMs: 25, parallelStatements: 2 });
  const interrupt = new AbortController();
  const { value, outcome, error, told } = await size(server.url("http"), {
    maxConnections: 32,
    signal: interrupt.signal,
    onTell: ({ doing }) => {
      if (doing.includes(during)) interrupt.abort();
    },
  });
  expect([outcome, error, value?.ended_by]).toEqual(["cut short", null, endedBy]);
  expect(value?.levels.map(({ concurrency }) => concurrency)).toEqual(expect.arrayContaining([1, 2, 4]));
  expect(value?.levels.map(({ operations }) => operations)).not.toContain(0);
  expect(value?.size).toBeGreaterThanOrEqual(1);
  expect(told.at(-1)?.leftMs).toBeGreaterThan(0);
  await socketsAreGone(server);
});

test("a deadline ends it, with what was found and told so", async () => {
  const server = await startServer({ statementTimeMs: 20, parallelStatements: 2 });
  const { value, outcome, reason } = await size(server.url("http"), { time: 3_000 });
  expect([outcome, value === null]).toEqual(["cut short", false]);
  expect(reason).toMatch(/^its time was up/);
  expect(value?.size).toBeGreaterThanOrEqual(1);
  await socketsAreGone(server);
});
