import { describe, expect, it } from "vitest";
import { behindFaultProxy, echo } from "../support/behind-fault-proxy.js";
import { eventually } from "../support/eventually.js";

describe("a fault proxy without a fault", () => {
  it("carries bytes and ends both ways, and counts connections", async () => {
    await using scene = await behindFaultProxy(echo);
    const { proxy } = scene;
    const [first, second] = [await scene.client(), await scene.client()];
    await Promise.all([first.echo("one"), second.echo("two")]);
    expect(proxy).toMatchObject({ open: 2, peak: 2, accepted: 2, struck: 0 });
    first.socket.end();
    expect(await first.ended()).toBe("FIN");
    await eventually(() => proxy.open === 1 && scene.server.open === 1);
    second.socket.resetAndDestroy();
    await eventually(() => proxy.open === 0 && scene.server.open === 0);
    expect(proxy.peak).toBe(2);
  });

  it("carries more than it holds, as fast as it is taken", async () => {
    await using scene = await behindFaultProxy(echo);
    const client = await scene.client();
    const bytes = Buffer.alloc(8 * 2 ** 20, "0123456789abcdef");
    client.send(bytes);
    await eventually(() => client.bytes.length === bytes.length);
    expect(client.bytes.equals(bytes)).toBe(true);
  });

  it("resets a client whose server does not listen, or resets", async () => {
    await using scene = await behindFaultProxy(
      (socket) => void socket.once("data", () => socket.resetAndDestroy()),
    );
    const client = await scene.client();
    client.send("anything");
    expect(await client.ended()).toBe("ECONNRESET");
    await scene.server[Symbol.asyncDispose]();
    expect(await (await scene.client()).ended()).toBe("ECONNRESET");
  });

  it("ends its connections when it closes, twice at will", async () => {
    await using scene = await behindFaultProxy(echo);
    const client = await scene.client();
    await client.echo("one");
    await scene.proxy.close();
    await scene.proxy.close();
    await client.ended();
    expect(await (await scene.client()).ended()).toBe("ECONNREFUSED");
  });
});

describe("a fault of connections", () => {
  it("refuse: resets what is open and refuses what comes; healed, it listens where it did", async () => {
    await using scene = await behindFaultProxy(echo);
    const open = await scene.client();
    await open.echo("before");
    const { port } = scene.proxy;
    await scene.proxy.inject({ kind: "refuse" });
    expect(await open.ended()).toBe("ECONNRESET");
    expect(await (await scene.client()).ended()).toBe("ECONNREFUSED");
    await scene.proxy.heal();
    expect(scene.proxy.port).toBe(port);
    await (await scene.client()).echo("after");
  });

  it("reset: resets what is open and what comes", async () => {
    await using scene = await behindFaultProxy(echo);
    const open = await scene.client();
    await open.echo("before");
    await scene.proxy.inject({ kind: "reset" });
    expect(await open.ended()).toBe("ECONNRESET");
    const next = await scene.client();
    expect(await next.ended()).toBe("ECONNRESET");
    await scene.proxy.heal();
    await (await scene.client()).echo("after");
    expect(scene.proxy.struck).toBe(2);
  });

  it("reset: spares those that are out of its scope", async () => {
    await using scene = await behindFaultProxy(echo);
    const open = await scene.client();
    await open.echo("before");
    await scene.proxy.inject({ kind: "reset", scope: "new" });
    expect(await (await scene.client()).ended()).toBe("ECONNRESET");
    await open.echo("still there");
    await scene.proxy.inject({ kind: "reset", scope: "open" });
    expect(await open.ended()).toBe("ECONNRESET");
    await (await scene.client()).echo("new");
  });

  it("drop: ends connections with a FIN and no word", async () => {
    await using scene = await behindFaultProxy(echo);
    const open = await scene.client();
    await open.echo("before");
    await scene.proxy.inject({ kind: "drop", scope: "open" });
    expect(await open.ended()).toBe("FIN");
    expect(open.text).toBe("before");
    await (await scene.client()).echo("after");
  });

  it("strikes so many times, then no more", async () => {
    await using scene = await behindFaultProxy(echo);
    await scene.proxy.inject({ kind: "reset", scope: "new", times: 2 });
    expect(await (await scene.client()).ended()).toBe("ECONNRESET");
    expect(await (await scene.client()).ended()).toBe("ECONNRESET");
    await (await scene.client()).echo("third");
    expect(scene.proxy.struck).toBe(2);
  });

  it("strikes with a probability, alike with the same seed", async () => {
    const struck = async (): Promise<boolean[]> => {
      await using scene = await behindFaultProxy(echo, 7);
      await scene.proxy.inject({ kind: "drop", scope: "new", probability: 0.5 });
      const fates: boolean[] = [];
      for (let at = 0; at < 20; at++) {
        const client = await scene.client();
        client.send("?");
        await eventually(() => client.end !== undefined || client.text === "?");
        fates.push(client.end !== undefined);
      }
      return fates;
    };
    const fates = await struck();
    expect(new Set(fates)).toEqual(new Set([true, false]));
    expect(await struck()).toEqual(fates);
  });

  it("black-hole: carries nothing and closes nothing; what it struck stays dead", async () => {
    await using scene = await behindFaultProxy(echo);
    const open = await scene.client();
    await open.echo("before");
    await scene.proxy.inject({ kind: "black-hole" });
    const during = await scene.client();
    open.send("lost");
    during.send("lost");
    await scene.proxy.heal();
    await (await scene.client()).echo("after");
    open.send("lost, too");
    await (await scene.client()).echo("later");
    expect(open).toMatchObject({ text: "before", end: undefined });
    expect(during).toMatchObject({ text: "", end: undefined });
    expect(scene.heard()).toBe("beforeafterlater");
  });

  it("black-hole: a server does not hear of clients that went meanwhile, but afterwards", async () => {
    await using scene = await behindFaultProxy(echo);
    const open = await scene.client();
    await open.echo("before");
    await scene.proxy.inject({ kind: "black-hole" });
    open.socket.destroy();
    await eventually(() => scene.proxy.open === 0);
    expect(scene.server.open).toBe(1);
    await scene.proxy.heal();
    await eventually(() => scene.server.open === 0);
  });

  it("black-hole that resumes: what was sent meanwhile arrives afterwards, in order", async () => {
    await using scene = await behindFaultProxy(echo);
    const open = await scene.client();
    await open.echo("1");
    await scene.proxy.inject({ kind: "black-hole", resumes: true });
    const during = await scene.client();
    during.send("new");
    open.send("2");
    open.send("3");
    await eventually(() => scene.proxy.struck === 2);
    expect(scene.heard()).toBe("1");
    await scene.proxy.heal();
    await open.hears("123");
    await during.hears("new");
  });

  it("half-open: connections that are open are forgotten, new ones work", async () => {
    await using scene = await behindFaultProxy(echo);
    const open = await scene.client();
    await open.echo("before");
    await scene.proxy.inject({ kind: "half-open" });
    open.send("lost");
    await (await scene.client()).echo("new");
    await scene.proxy.heal();
    open.send("lost");
    await (await scene.client()).echo("after");
    expect(open).toMatchObject({ text: "before", end: undefined });
    expect(scene.heard()).toBe("beforenewafter");
  });

  it("half-open with a limit: only what was idle for longer is forgotten", async () => {
    await using scene = await behindFaultProxy(echo);
    const open = await scene.client();
    await open.echo("before");
    await scene.proxy.inject({ kind: "half-open", idleMs: 60_000 });
    await open.echo("busy");
    await scene.proxy.inject({ kind: "half-open", idleMs: 0 });
    open.send("lost");
    await eventually(() => scene.proxy.struck === 1);
    expect(open).toMatchObject({ text: "beforebusy", end: undefined });
  });
});
