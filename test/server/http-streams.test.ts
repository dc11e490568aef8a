import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { settle } from "../../src/core/manual-clock.js";
import { HttpStreams } from "../../src/server/http-streams.js";
import { EngineFixture, rejection } from "./fixture.js";

let engine: EngineFixture;
let streams: HttpStreams;
beforeEach(() => {
  engine = new EngineFixture();
  const { context, clock, metrics } = engine;
  streams = new HttpStreams({ context, clock, metrics, expiry: 10_000 });
});
afterEach(() => engine.dispose());

const refusal = async (baton: string) => {
  const error = await rejection(streams.acquire(baton));
  return [error.code, error.message];
};

describe("batons", () => {
  test("lead back to their stream", async () => {
    const lease = await streams.acquire(undefined);
    await engine.execute(lease.stream, "BEGIN");
    const again = await streams.acquire(lease.keep());
    expect(again.stream).toBe(lease.stream);
    expect(again.stream.isAutocommit).toBe(false);
  });

  test("change with each request, and work once", async () => {
    const first = (await streams.acquire(undefined)).keep();
    const second = (await streams.acquire(first)).keep();
    expect(second).not.toBe(first);
    expect(await refusal(first)).toEqual(["STREAM_EXPIRED", "Received a baton that has already been used"]);
    expect((await streams.acquire(second)).stream.isAutocommit).toBe(true);
  });

  test("are refused while their stream is with another request", async () => {
    const baton = (await streams.acquire(undefined)).keep();
    await streams.acquire(baton);
    expect((await refusal(baton))[0]).toBe("STREAM_EXPIRED");
  });

  test("cannot be made up", async () => {
    const baton = (await streams.acquire(undefined)).keep();
    const [id = "", secret = ""] = baton.split(".");
    const other = (secret.startsWith("A") ? "B" : "A") + secret.slice(1);
    for (const forged of ["", ".", id, `${id}.`, `${id}.${other}`, `${id}x.${secret}`, `.${secret}`, secret])
      expect((await refusal(forged))[0]).toBe("STREAM_EXPIRED");
    expect(Buffer.from(secret, "base64url")).toHaveLength(24);
    expect((await streams.acquire(baton)).stream.isAutocommit).toBe(true);
  });
});

describe("expiry", () => {
  test("closes a stream that nobody uses for ten seconds, and rolls it back", async () => {
    const lease = await streams.acquire(undefined);
    await engine.execute(lease.stream, "BEGIN IMMEDIATE");
    await engine.execute(lease.stream, "DELETE FROM items");
    const baton = lease.keep();
    await engine.clock.advance(9_999);
    expect(engine.metrics).toMatchObject({ streamsOpen: 1, streamsExpired: 0 });
    await engine.clock.advance(1);
    expect(engine.metrics).toMatchObject({ streamsOpen: 0, streamsExpired: 1 });
    expect((await refusal(baton))[0]).toBe("STREAM_EXPIRED");
    expect(await engine.value(await engine.open(), "SELECT count(*) FROM items")).toBe("10000");
  });

  test("starts anew with each request, and not during one", async () => {
    let baton = (await streams.acquire(undefined)).keep();
    for (let round = 0; round < 3; round++) {
      await engine.clock.advance(9_000);
      const lease = await streams.acquire(baton);
      await engine.clock.advance(60_000);
      baton = lease.keep();
    }
    expect(engine.metrics.streamsOpen).toBe(1);
  });

  test("starts when a cursor that is being read has ended", async () => {
    const lease = await streams.acquire(undefined);
    let end = (): void => undefined;
    const cursor = new Promise<void>((resolve) => (end = resolve));
    lease.keep(cursor);
    await engine.clock.advance(60_000);
    expect(engine.metrics.streamsOpen).toBe(1);
    end();
    await settle();
    await engine.clock.advance(10_000);
    expect(engine.metrics.streamsOpen).toBe(0);
  });

  test("leaves no timer when all streams are closed", async () => {
    const lease = await streams.acquire(undefined);
    lease.keep();
    (await streams.acquire(undefined)).keep();
    await lease.close();
    await streams.close();
    expect(engine.clock.pendingTimers).toBe(0);
    expect(engine.metrics.streamsOpen).toBe(0);
  });
});
