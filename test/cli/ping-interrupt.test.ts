import { describe, expect, it } from "vitest";
import { startCli } from "../support/cli.js";
import { eventually } from "../support/eventually.js";
import { parseJson } from "../support/schemas.js";
import { blackHole, serve } from "../support/servers.js";

describe("Ctrl-C", () => {
  it("finds the server's version, although there is no end to the pings", async () => {
    await using target = await serve("ws");
    const cli = startCli(["ping", target.url, "-c", "0", "-i", "10m"]);
    // The second socket is that of the question.
    await eventually(async () => {
      const { socketsAccepted, socketsOpen } = await target.server.metrics();
      return socketsAccepted === 2 && socketsOpen === 1;
    });
    cli.interrupt();
    expect((await cli.finished).stdout).toMatch(/server sqld-compatible/);
  });

  it("over a slow network ends it before anything came back", async () => {
    const cli = startCli(["ping", "--rtt", "10s", "--timeout", "10m"]);
    await eventually(() => cli.stdout().includes("PING"));
    cli.interrupt();
    const { code, stdout, stderr } = await cli.finished;
    expect([code, stderr]).toEqual([130, ""]);
    expect(stdout).toContain("0 sent, 0 received, 0 lost, interrupted");
  });

  it("between two pings ends them with the summary and 130", async () => {
    await using target = await serve("ws");
    const cli = startCli(["ping", target.url, "-c", "0", "-i", "10m"]);
    await eventually(() => cli.stdout().includes("seq=1 "));
    cli.interrupt();
    const { code, stdout, stderr } = await cli.finished;
    expect([code, stderr]).toEqual([130, ""]);
    expect(stdout).toMatch(/^1 sent, 1 received, 0 lost, interrupted$/m);
    await eventually(async () => (await target.server.metrics()).socketsOpen === 0);
  });

  it("in a ping ends it likewise, and that ping is neither sent nor lost", async () => {
    await using hole = await blackHole();
    const cli = startCli(["ping", `ws://127.0.0.1:${hole.port}`, "-c", "0", "--timeout", "10m", "--json"]);
    await eventually(() => hole.open() === 1);
    cli.interrupt();
    const { code, stdout } = await cli.finished;
    const result = parseJson(stdout, "ping-result");
    expect([code, result]).toMatchObject([130, { interrupted: true, sent: 0, received: 0, lost: 0 }]);
  });

  it("while waiting for a database ends that, with 130 and no word of a bug", async () => {
    await using hole = await blackHole();
    const cli = startCli(["ping", `ws://127.0.0.1:${hole.port}`, "--wait-ready", "10m", "--timeout", "10m"]);
    await eventually(() => hole.open() === 1);
    cli.interrupt();
    expect(await cli.finished).toMatchObject({ code: 130, stdout: "", stderr: "" });
  });
});
