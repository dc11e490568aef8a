import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { EmulatedNetwork } from "#dist/server/network/emulated-network.js";
import { openInstrument } from "#dist/ping/instrument.js";
import { measure } from "#dist/ping/measure.js";
import { parseTarget } from "#dist/libsql/target.js";
import type { PingLine, PingResult } from "../../src/ping/result.js";
import { runCli, type Finished } from "../support/cli.js";
import { httpAnswer, onRequest, rawServer } from "../support/raw-server.js";
import { parseJson } from "../support/schemas.js";
import { closedPort, SCHEMES, serve } from "../support/servers.js";
import { tls12Server } from "../support/tls12-server.js";

const ping = (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished> =>
  runCli(["ping", ...args], env);

const sum = (times: Readonly<Record<string, number>> | null): number =>
  Object.values(times ?? {}).reduce((total, time) => total + time, 0);

/** What `--json-lines` printed, each line held to its schema. */
function parseLines(stdout: string): { pings: PingLine[]; summary: PingResult } {
  const lines = stdout.trimEnd().split("\n");
  const parsed = lines.map((line) => parseJson(line, "ping-result") as PingLine | PingResult);
  const summary = parsed.pop();
  if (summary?.type !== "summary") throw new Error("the last line is no summary");
  return { pings: parsed.filter((line) => line.type === "ping"), summary };
}

describe("--json-lines", () => {
  it.each([
    ["ws", ["dns", "tcp", "tls", "upgrade", "hello", "statement"]],
    ["http", ["dns", "tcp", "tls", "request"]],
  ] as const)("has a line for each ping, whose phases add up, over %s", async (transport, phases) => {
    const { code, stdout } = await ping(["--json-lines", "-c", "4", "-i", "10ms", "--transport", transport]);
    const { pings, summary } = parseLines(stdout);
    expect([code, pings.length, summary.received]).toEqual([0, 4, 4]);
    expect(Object.keys(pings[0]?.phases_ms ?? {})).toEqual(phases);
    for (const { total_ms: total, phases_ms: times, server_ms: server } of pings) {
      expect(Math.abs(sum(times) - (total ?? 0))).toBeLessThan(0.05 * (total ?? 0));
      expect(server).toBeGreaterThan(0);
    }
  });

  it("ends with the summary however it ended, and so does text", async () => {
    const lost = `ws://127.0.0.1:${await closedPort()}`;
    const json = await ping([lost, "--json-lines", "-c", "3", "-i", "0ms"]);
    expect(json.code).toBe(2);
    expect(parseLines(json.stdout)).toMatchObject({ pings: { length: 3 }, summary: { sent: 3, lost: 3 } });
    const early = await ping([lost, "--json-lines"]);
    expect(early.code).toBe(2);
    expect(parseLines(early.stdout)).toMatchObject({ pings: { length: 1 }, summary: { sent: 1, lost: 1 } });
    expect((await ping([lost])).stdout).toMatch(/^1 sent, 0 received, 1 lost \(100%\)$/m);
    await using refusing = await rawServer((socket) =>
      onRequest(socket, () =>
        socket.write(httpAnswer("no", { status: "401 No", headers: ["content-type: text/plain"] })),
      ),
    );
    const refused = await ping([`http://127.0.0.1:${refusing.port}`, "--json-lines", "-c", "3"]);
    expect(refused.code).toBe(1);
    expect(parseLines(refused.stdout)).toMatchObject({ pings: { length: 1 }, summary: { refused: 1 } });
  });

  it("of a file has opening and statement", async () => {
    const { pings } = parseLines((await ping([":memory:", "--json-lines", "-c", "2", "-i", "0ms"])).stdout);
    expect(pings.map(({ phases_ms: times }) => Object.keys(times ?? {}))).toEqual([
      ["open", "statement"],
      ["statement"],
    ]);
  });

  it("with --quiet is the summary only", async () => {
    const { stdout } = await ping([":memory:", "--json-lines", "-q", "-c", "2", "-i", "0ms"]);
    expect(parseLines(stdout)).toMatchObject({ pings: [], summary: { received: 2 } });
  });
});

describe("--json", () => {
  it.each(SCHEMES)("is one document over %s, with what was agreed on", async (scheme) => {
    await using target = await serve(scheme);
    const env = target.server.caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: target.server.caFile };
    const { stdout, stderr } = await ping([target.url, "--json", "-c", "3", "-i", "10ms"], env);
    const { cold, warm, wire, waterfall } = parseJson(stdout, "ping-result") as PingResult;
    expect([stderr, cold.pings, warm.pings]).toEqual(["", 1, 2]);
    const tls = target.ca !== undefined;
    expect(wire).toMatchObject({
      tls_version: tls ? "TLSv1.3" : null,
      alpn: tls ? "http/1.1" : null,
      hrana: scheme.startsWith("ws") ? "2 (JSON over WebSocket)" : "2 (JSON over HTTP)",
      server_version: expect.stringMatching(/^sqld-compatible turso-pool server/) as string,
      ip_family: "IPv4",
      address: "127.0.0.1",
    });
    expect(wire.certificate_expires === null).toBe(!tls);
    expect(waterfall.reduce((total, { share_percent: share }) => total + share, 0)).toBeCloseTo(100, 6);
  });

  it("--cold and --warm have pings of one kind only; --warm counts the round trips of its opening", async () => {
    const args = ["--json", "-c", "3", "-i", "10ms"];
    const cold = parseJson((await ping([...args, "--cold"])).stdout, "ping-result") as PingResult;
    expect([cold.cold.pings, cold.warm.pings]).toEqual([3, 0]);
    const warm = parseJson((await ping([...args, "--warm"])).stdout, "ping-result") as PingResult;
    expect([warm.cold.pings, warm.warm.pings, warm.waterfall]).toEqual([0, 3, []]);
    expect(warm.round_trips.phases.map(({ phase }) => phase)).toContain("tls");
  });

  it("is an error document when the first ping fails", async () => {
    const { code, stdout } = await ping(["ws://no-such-host.invalid", "--json"]);
    expect(code).toBe(2);
    expect(parseJson(stdout, "error")).toMatchObject({ command: "ping", error: { code: "UNREACHABLE" } });
  });
});

describe("round trips over an emulated network", () => {
  it.each(["ws", "http"])("are one for each phase, and none too many, over %s", async (transport) => {
    // Long against what a busy host adds.
    const args = ["--rtt", "200ms", "--json", "-c", "4", "-i", "0ms", "--transport", transport];
    const { stdout } = await ping(args);
    const { round_trips: counted } = parseJson(stdout, "ping-result") as PingResult;
    expect(counted.smallest_ms).toBeGreaterThanOrEqual(199);
    for (const { measured, excess } of counted.phases) {
      expect(measured).toBeGreaterThanOrEqual(0.99);
      expect(measured).toBeLessThan(1.5);
      expect(excess).toBeNull();
    }
  });
});

describe("a server that speaks TLS 1.2 only is named", () => {
  it("over plain loopback, by the protocol", async () => {
    await using plain = await serve("ws");
    await using tls = await tls12Server(plain.server.port);
    const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
    await writeFile(join(folder, "ca.pem"), tls.ca);
    const env = { NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") };
    const { code, stdout } = await ping([`wss://localhost:${tls.port}`, "-c", "3", "-i", "10ms"], env);
    const text = stdout.replaceAll("\n", " ");
    expect([code, text]).toEqual([
      0,
      expect.stringContaining("TLS needs 2 round trips where TLS 1.3 needs 1: the server speaks TLS 1.2"),
    ]);
    expect(stdout).toContain("TLS 1.2 · ");
    await rm(folder, { recursive: true });
  });

  it("and counted over a network that is long enough", async () => {
    const roundTrip = 100;
    await using plain = await serve("ws");
    await using tls = await tls12Server(plain.server.port);
    const network = new EmulatedNetwork({
      network: {
        rtt: roundTrip,
        jitter: 0,
        bandwidthBytesPerSecond: undefined,
        idle: { kind: "keep" },
        seed: 1,
      },
      port: tls.port,
    });
    const { port } = await network.listen({ host: "127.0.0.1", port: 0 });
    const { signal } = new AbortController();
    const target = parseTarget(`wss://localhost:${port}`);
    const options = { use: "kept", timeout: 10_000, isOurs: false, ca: tls.ca } as const;
    const instrument = await openInstrument({ target, ...options, tcpRoundTrip: roundTrip }, signal);
    const shown = {
      url: target.display,
      transport: "ws",
      tls: true,
      embedded: false,
      network: null,
    } as const;
    const plan = { count: 3, interval: 0, endsWithFirstFailure: true };
    const result = await measure(instrument, plan, { target, shown, signal, onPing: () => undefined });
    await instrument[Symbol.asyncDispose]();
    await network.close();
    const found = result.round_trips.phases.find(({ phase }) => phase === "tls");
    expect(found?.measured).toBeGreaterThanOrEqual(1.99);
    expect(found?.excess).toMatch(
      /^TLS took \d round trips where TLS 1\.3 needs 1: the server speaks TLS 1\.2/,
    );
    expect(result.wire.tls_version).toBe("TLSv1.2");
  });
});

it("a reader that goes away, as head does, ends it quietly", async () => {
  await using target = await serve("ws");
  const bin = fileURLToPath(new URL("../../bin/run.js", import.meta.url));
  const args = [bin, "ping", target.url, "-c", "0", "-i", "20ms"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  await once(child.stdout, "data");
  child.stdout.destroy();
  await once(child, "close");
  expect([child.exitCode, child.signalCode, stderr]).toEqual([0, null, ""]);
});

it("colour is by the rules of the stream", async () => {
  const args = [":memory:", "-c", "1"];
  expect((await ping(args)).stdout).not.toContain("\u001b");
  expect((await ping(args, { FORCE_COLOR: "1" })).stdout).toContain("\u001b[");
  expect((await ping([...args, "--no-color"], { FORCE_COLOR: "1" })).stdout).not.toContain("\u001b");
});
