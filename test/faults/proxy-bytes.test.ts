import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { behindFaultProxy, echo } from "../support/behind-fault-proxy.js";
import { eventually } from "../support/eventually.js";

describe("a fault of bytes", () => {
  it("slow: everything arrives, in order, and none before its time", async () => {
    await using scene = await behindFaultProxy(echo);
    const client = await scene.client();
    await client.echo("0");
    await scene.proxy.inject({ kind: "slow", delayMs: 50 });
    const since = performance.now();
    for (const text of ["1", "2", "3"]) client.send(text);
    await client.hears("0123");
    expect(performance.now() - since).toBeGreaterThanOrEqual(100);
  });

  it("slow: what is under way arrives at once when it ends", async () => {
    await using scene = await behindFaultProxy(echo);
    const client = await scene.client();
    await scene.proxy.inject({ kind: "slow", delayMs: 3_600_000 });
    client.send("a");
    (await scene.client()).send("b");
    await eventually(() => scene.proxy.open === 2);
    await scene.proxy.heal();
    await client.hears("a");
  });

  it("trickle: an answer comes a few bytes at a time, and all of it", async () => {
    await using scene = await behindFaultProxy(echo);
    const client = await scene.client();
    await scene.proxy.inject({ kind: "trickle", bytes: 2, everyMs: 5 });
    const chunks: number[] = [];
    client.socket.on("data", (bytes: Buffer) => chunks.push(bytes.length));
    await client.echo("0123456789");
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks[0]).toBeLessThan(10);
  });

  it("corrupt: answers are changed, requests never, alike with the same seed", async () => {
    const sent = "x".repeat(10_000);
    const answered = async (): Promise<string> => {
      await using scene = await behindFaultProxy(echo, 3);
      const client = await scene.client();
      await scene.proxy.inject({ kind: "corrupt", oneIn: 100 });
      client.send(sent);
      await eventually(() => client.bytes.length === sent.length);
      expect(scene.heard()).toBe(sent);
      const changed = client.text.replaceAll("x", "").length;
      expect(changed).toBe(scene.proxy.struck);
      return client.text;
    };
    const first = await answered();
    expect(first.replaceAll("x", "").length).toBeGreaterThan(50);
    expect(first.replaceAll("x", "").length).toBeLessThan(200);
    expect(await answered()).toBe(first);
  });

  it.each(["end", "reset"] as const)(
    "close-after: a connection ends after so many bytes, with %s",
    async (how) => {
      await using scene = await behindFaultProxy(echo);
      const open = await scene.client();
      await open.echo("before");
      await scene.proxy.inject({ kind: "close-after", bytes: 5, how });
      const next = await scene.client();
      for (const client of [open, next]) client.send("0123456789");
      // libuv tells bytes with a RST right behind them from those with a FIN only when it reads them apart.
      expect(["FIN", how === "end" ? "FIN" : "ECONNRESET"]).toContain(await open.ended());
      expect(open.text).toBe("before01234");
      await next.ended();
      expect(next.text).toBe("01234");
      await scene.proxy.heal();
      await (await scene.client()).echo("0123456789");
    },
  );

  it("whatever the faults, what a client hears of an echo is the beginning of what it said", async () => {
    const fault = fc.oneof(
      fc.constant({ kind: "none" as const }),
      fc.record({ kind: fc.constant("slow" as const), delayMs: fc.integer({ min: 0, max: 5 }) }),
      fc.record({
        kind: fc.constant("trickle" as const),
        bytes: fc.integer({ min: 1, max: 9 }),
        everyMs: fc.integer({ min: 0, max: 2 }),
      }),
      fc.record({ kind: fc.constant("black-hole" as const), resumes: fc.boolean() }),
      fc.record({ kind: fc.constant("close-after" as const), bytes: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ kind: fc.constant("cut-request" as const), probability: fc.constant(0.1) }),
      fc.record({ kind: fc.constant("half-open" as const) }),
      fc.record({ kind: fc.constant("drop" as const), probability: fc.constant(0.2) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { minLength: 1, maxLength: 8 }), async (faults) => {
        await using scene = await behindFaultProxy(echo);
        const client = await scene.client();
        let said = "";
        for (const [at, fault] of faults.entries()) {
          await (fault.kind === "none" ? scene.proxy.heal() : scene.proxy.inject(fault));
          said += `(${at}:${fault.kind})`;
          if (client.end === undefined) client.send(`(${at}:${fault.kind})`);
          await new Promise((resolve) => setImmediate(resolve));
          expect(said.startsWith(client.text)).toBe(true);
        }
        await scene.proxy.heal();
        await (await scene.client()).echo("after all");
        expect(said.startsWith(client.text)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
