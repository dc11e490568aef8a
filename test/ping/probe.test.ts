import { describe, expect, it } from "vitest";
import { TursoPoolError } from "../../src/core/errors.js";
import { ManualClock } from "../../src/core/manual-clock.js";
import { parseTarget } from "../../src/libsql/target.js";
import { Probe, type ConnectionUse } from "../../src/ping/probe.js";
import { FakeDatabase, TARGET } from "./fakes.js";

const never = (): AbortSignal => new AbortController().signal;

function setUp(use: ConnectionUse, timeout = 5_000) {
  const clock = new ManualClock();
  const database = new FakeDatabase(clock);
  const probe = new Probe({ target: TARGET, use, timeout, clock, connector: database.connector });
  const ping = async (signal = never(), duration = 10_000) => {
    const pinged = probe.ping(signal);
    await clock.advance(duration);
    return pinged;
  };
  return { clock, database, probe, ping };
}

const COLD = { dns: 1, tcp: 20, tls: 22, upgrade: 20, hello: 20, statement: 0 };

describe("the first ping opens a connection, and the others share it", () => {
  it("with phases that add up to the total, and the server's own time", async () => {
    const { database, ping } = setUp("kept");
    expect(await ping()).toMatchObject({ kind: "cold", total: 83, phases: COLD, serverTime: 0.25 });
    expect(await ping()).toMatchObject({ kind: "warm", total: 20, phases: { statement: 20 } });
    expect(database.log).toEqual(["open", "SELECT 1", "SELECT 1"]);
  });

  it("until it is lost: the next ping is cold", async () => {
    const { database, ping } = setUp("kept");
    await ping();
    database.drop();
    expect(await ping()).toMatchObject({ kind: "cold", total: 83 });
    expect(await ping()).toMatchObject({ kind: "warm" });
  });

  it("until a ping over it fails: that one counts as warm, and the next is cold", async () => {
    const { database, ping } = setUp("kept");
    await ping();
    database.fails = new TursoPoolError("CONNECTION_CLOSED", "gone");
    expect(await ping()).toMatchObject({ kind: "warm", outcome: "failed", error: { message: "gone" } });
    expect(await ping()).toMatchObject({ kind: "cold", outcome: "answered" });
    database.hangs = true;
    expect(await ping()).toMatchObject({ kind: "warm", error: { code: "OPERATION_TIMEOUT" } });
    database.hangs = false;
    expect(await ping()).toMatchObject({ kind: "cold", outcome: "answered" });
  });
});

it("--cold opens a connection for each ping, and closes it", async () => {
  const { database, ping } = setUp("cold");
  expect([await ping(), await ping()]).toMatchObject([{ kind: "cold" }, { kind: "cold" }]);
  expect(database.log).toEqual(["open", "SELECT 1", "close", "open", "SELECT 1", "close"]);
});

it("--warm opens it beforehand, in no figure of the first ping", async () => {
  const { ping } = setUp("warm");
  expect(await ping()).toMatchObject({ kind: "warm", total: 20, opening: COLD });
  expect(await ping()).toMatchObject({ kind: "warm", total: 20, opening: undefined });
});

describe("the timeout covers all of a ping, and says what it was waiting for:", () => {
  it.each([
    [0.5, "CONNECT_TIMEOUT", "the name to be looked up"],
    [10, "CONNECT_TIMEOUT", "TCP to connect"],
    [30, "CONNECT_TIMEOUT", "the TLS handshake"],
    [50, "CONNECT_TIMEOUT", "the WebSocket upgrade"],
    [70, "OPERATION_TIMEOUT", "Hrana's hello, with the token, to be answered"],
  ])("after %s ms, %s, %s", async (timeout, code, what) => {
    const { clock, database, ping } = setUp("kept", timeout);
    expect(await ping()).toMatchObject({
      kind: "cold",
      outcome: "failed",
      error: { code, message: `wss://db.example: no answer within ${timeout}ms, waiting for ${what}` },
    });
    expect([database.openConnections, clock.pendingTimers]).toEqual([0, 0]);
  });
});

it("a late second statement of --warm is not taken for a late connection", async () => {
  const { ping } = setUp("warm", 95);
  expect(await ping()).toMatchObject({
    kind: "warm",
    error: {
      code: "OPERATION_TIMEOUT",
      message: expect.stringMatching(/waiting for the statement's answer$/) as string,
    },
  });
});

describe("what was too late has a hint", () => {
  const hintOf = async (timeout: number, limit?: number) => {
    const { clock, probe } = setUp("kept", timeout);
    const pinged = probe.ping(never(), limit);
    await clock.advance(10_000);
    const answer = await pinged;
    return answer?.outcome === "failed" ? answer.error.hint : undefined;
  };

  it("that names the flag that was the limit", async () => {
    expect(await hintOf(30)).toBe(
      "Check the host, the port and any firewall on the way, or raise --timeout.",
    );
    expect(await hintOf(5_000, 30)).toMatch(/raise --wait-ready\.$/);
  });

  it("about DNS where it is that", async () => {
    expect(await hintOf(0.5)).toBe("Check your DNS: no name server has answered. Else raise --timeout.");
  });
});

it("a token that is missing is not one that was refused", async () => {
  const clock = new ManualClock();
  const database = new FakeDatabase(clock);
  const target = parseTarget("wss://db.example");
  database.fails = new TursoPoolError("AUTH_REJECTED", "wss://db.example: the token was refused (no JWT)");
  const probe = new Probe({ target, use: "kept", timeout: 100, clock, connector: database.connector });
  const pinged = probe.ping(never());
  await clock.advance(1_000);
  expect(await pinged).toMatchObject({
    error: {
      message: "wss://db.example: the database needs a token, and none is set (no JWT)",
      hint: "Set TURSO_AUTH_TOKEN, or ?authToken= in the URL.",
    },
  });
});

it("nobody is told to check a statement that is ours", async () => {
  const { database, ping } = setUp("kept");
  database.fails = new TursoPoolError("SQL_ERROR", "no", { hint: "Check the statement." });
  expect(await ping()).toMatchObject({ error: { hint: expect.stringContaining("server's log") as string } });
});

it("a ping that is stopped is none, and leaves neither connection nor timer", async () => {
  const { clock, database, ping } = setUp("kept");
  const stop = new AbortController();
  clock.schedule(30, () => stop.abort());
  expect(await ping(stop.signal)).toBeUndefined();
  expect([database.openConnections, clock.pendingTimers]).toEqual([0, 0]);
  expect(await ping(stop.signal)).toBeUndefined();
});

it("what a stranger says is shown without the token, in one line, and cut", async () => {
  const { database, ping } = setUp("kept");
  const words = `s3cret-token\u001b[2J\n${"long ".repeat(100)}`;
  database.fails = new TursoPoolError("SERVER_ERROR", words);
  const ping1 = await ping();
  const message = ping1?.outcome === "failed" ? ping1.error.message : "";
  expect(message).toMatch(/^\*\*\* \[2J long /);
  expect(message.length).toBeLessThanOrEqual(301);
});

it("closes what it keeps, and once is enough", async () => {
  const { database, probe, ping } = setUp("kept");
  await ping();
  await Promise.all([probe.close(), probe.close()]);
  expect(database.log.filter((what) => what === "close")).toEqual(["close"]);
});
