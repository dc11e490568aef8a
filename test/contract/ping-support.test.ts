import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { NameLookup } from "#dist/ping/name-lookup.js";
import { askVersion } from "#dist/ping/server-version.js";
import { parseTarget, type RemoteTarget } from "#dist/libsql/target.js";
import { httpAnswer, rawServer } from "../support/raw-server.js";
import { serve } from "../support/servers.js";

const never = (): AbortSignal => new AbortController().signal;
const remote = (url: string, token?: string): RemoteTarget => parseTarget(url, token) as RemoteTarget;

describe("the server's version", () => {
  it.each(["ws", "https"] as const)("is asked of the target itself over %s", async (scheme) => {
    await using target = await serve(scheme);
    const answer = await askVersion(remote(target.url), { ca: target.ca }, never());
    expect(answer).toEqual({
      version: "sqld-compatible turso-pool server (Hrana 1, 2, 3 JSON)",
      reason: null,
    });
  });

  it.each([
    ["a status", httpAnswer("", { status: "404 Not Found" }), "status 404"],
    [
      "a redirect",
      httpAnswer("", { status: "302 Found", headers: ["location: http://127.0.0.1:1/"] }),
      "status 302",
    ],
    ["nothing", httpAnswer(""), "an empty answer"],
    ["rubbish", "rubbish\r\n\r\n", "Parse Error"],
    ["half an answer", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nsq", "the answer broke off"],
  ])("is not known from %s", async (_, bytes, reason) => {
    await using server = await rawServer((socket) => socket.once("data", () => socket.end(bytes)));
    const answer = await askVersion(remote(`ws://127.0.0.1:${server.port}`), {}, never());
    expect(answer).toMatchObject({ version: null, reason: expect.stringContaining(reason) as string });
  });

  it("is shown harmless: one line, cut, without the token", async () => {
    const body = `sqld\u001b[2J\n s3cret-token ${"x".repeat(1_000_000)}`;
    await using server = await rawServer((socket) => socket.on("data", () => socket.end(httpAnswer(body))));
    const target = remote(`ws://127.0.0.1:${server.port}`, "s3cret-token");
    const { version } = await askVersion(target, {}, never());
    expect(version).toMatch(/^sqld \[2J \*\*\* x{10,}…$/);
    expect(version?.length).toBeLessThanOrEqual(101);
  });

  it("is asked with the token, and not waited for when nobody answers, or longer than is wanted", async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request) => asked.push(request.headers.authorization)).listen(
      0,
      "127.0.0.1",
    );
    await once(server, "listening");
    const target = remote(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, "s3cret-token");
    const stop = new AbortController();
    const first = askVersion(target, {}, stop.signal);
    await once(server, "request");
    stop.abort();
    expect(await first).toEqual({ version: null, reason: "GET /version: interrupted" });
    expect(await askVersion(target, {}, never())).toEqual({
      version: null,
      reason: "GET /version: no answer within 2000 ms",
    });
    expect((await askVersion(target, { timeout: 50 }, never())).reason).toBe(
      "GET /version: no answer within 50 ms",
    );
    expect(asked).toEqual(Array(3).fill("Bearer s3cret-token"));
    server.closeAllConnections();
    server.close();
  });
});

describe("names are looked up in a process of their own", () => {
  const lookup = (names: NameLookup, host: string): Promise<unknown> =>
    new Promise((resolve) =>
      names.lookup(host, { all: true }, (error, address) => resolve(error ? error.code : address)),
    );

  it("with the same answers and errors", async () => {
    using names = new NameLookup();
    expect(await lookup(names, "127.0.0.1")).toEqual([{ address: "127.0.0.1", family: 4 }]);
    expect(await Promise.all([lookup(names, "a.invalid"), lookup(names, "localhost")])).toEqual([
      expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
      expect.arrayContaining([expect.objectContaining({ address: "127.0.0.1" })]),
    ]);
  });

  it("and not at all for addresses and this machine", () => {
    expect(["127.0.0.1", "::1", "localhost"].filter((host) => NameLookup.isNeededFor(host))).toEqual([]);
    expect(NameLookup.isNeededFor("name.turso.io")).toBe(true);
  });
});
