import { describe, expect, it } from "vitest";
import type { Instrument } from "../../src/ping/instrument.js";
import { measure } from "../../src/ping/measure.js";
import type { Ping } from "../../src/ping/probe.js";
import { answered, failed, TARGET } from "./fakes.js";

const SHOWN = { url: "", transport: "ws", tls: true, embedded: false, network: null } as const;

/** Pings without an end, until something happens at one of them. */
function setUp(ping: Ping, onPing: (sequence: number) => void, signal: AbortSignal, lost?: AbortSignal) {
  let asked = 0;
  const instrument = {
    probe: { ping: async () => (signal.aborted ? undefined : ping), facts: undefined },
    version: async () => ({ version: `sqld, asked ${++asked}x`, reason: null }),
  } as unknown as Instrument;
  return measure(
    instrument,
    { count: Infinity, interval: 0, endsWithFirstFailure: true },
    { target: TARGET, shown: SHOWN, signal, lost, onPing: (_, sequence) => onPing(sequence) },
  );
}

describe("the server's version", () => {
  it("is asked for once, after the first answer, so that an interrupt finds it there", async () => {
    const stop = new AbortController();
    const result = await setUp(answered(1), (sequence) => sequence === 3 && stop.abort(), stop.signal);
    expect(result).toMatchObject({ interrupted: true, received: 3 });
    expect(result.wire.server_version).toBe("sqld, asked 1x");
  });

  it("is not asked for where nobody answers", async () => {
    const { signal } = new AbortController();
    const { wire } = await setUp(failed("UNREACHABLE"), () => undefined, signal);
    expect(wire).toMatchObject({
      server_version: null,
      null_reasons: { server_version: "no ping was answered" },
    });
  });
});

it("a server that has ended is no interrupt", async () => {
  const lost = new AbortController();
  const result = await setUp(answered(1), (n) => n === 2 && lost.abort(), lost.signal, lost.signal);
  expect(result).toMatchObject({ interrupted: false, received: 2 });
});
