import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { BenchResult } from "#dist/bench/result.js";
import { runCli, startCli, type RunningCli } from "../support/cli.js";
import { eventually } from "../support/eventually.js";
import { parseJson } from "../support/schemas.js";
import { blackHole, serve } from "../support/servers.js";

const LONG = ["bench", "--duration", "60s", "--warmup", "0"];

async function embeddedPort(cli: RunningCli): Promise<string> {
  await eventually(() => /localhost:\d+/.test(cli.stderr()));
  return /localhost:(\d+)/.exec(cli.stderr())?.[1] ?? "";
}

/** Nobody listens any more: the server that the command brought is gone. */
async function expectGone(port: string): Promise<void> {
  await eventually(() =>
    fetch(`https://localhost:${port}`).then(
      () => false,
      (error: unknown) => error instanceof Error && inspect(error.cause).includes("ECONNREFUSED"),
    ),
  );
}

describe("Ctrl-C during bench", () => {
  it("once ends it with what was measured, status 130, and no server left", async () => {
    const cli = startCli([...LONG, "--json"]);
    const port = await embeddedPort(cli);
    await eventually(() => /\d% measuring/.test(cli.stderr()), 30_000);
    cli.interrupt();
    const { code, stdout } = await cli.finished;
    const result = parseJson(stdout, "bench-result") as BenchResult;
    expect([code, result.interrupted]).toEqual([130, true]);
    expect(result.strategies.some(({ operations }) => operations > 0)).toBe(true);
    await expectGone(port);
  });

  it("twice ends it at once, even while the database says nothing", async () => {
    await using target = await serve("ws");
    const cli = startCli([...LONG, "--url", target.url]);
    await eventually(async () => (await target.server.metrics()).statements > 50);
    process.kill(target.server.pid, "SIGSTOP");
    await sleep(100);
    cli.interrupt();
    await sleep(300);
    const secondAt = performance.now();
    cli.interrupt();
    expect(await cli.finished).toMatchObject({ code: 130 });
    expect(performance.now() - secondAt).toBeLessThan(5_000);
    process.kill(target.server.pid, "SIGCONT");
    await eventually(async () => (await target.server.metrics()).socketsOpen === 0);
  });

  it("sent as SIGTERM to the whole process group, as timeout(1) does, ends it likewise with 143", async () => {
    const cli = startCli([...LONG, "--json"], {}, "own group");
    const port = await embeddedPort(cli);
    await eventually(() => /\d% measuring/.test(cli.stderr()), 30_000);
    process.kill(-cli.pid, "SIGTERM");
    const { code, stdout } = await cli.finished;
    expect([code, (parseJson(stdout, "bench-result") as BenchResult).interrupted]).toEqual([143, true]);
    await expectGone(port);
  });

  it.each([300, 600, 900])(
    "to the whole group %i ms after the start is an interruption and no bug",
    async (delay) => {
      const cli = startCli(LONG, {}, "own group");
      await sleep(delay);
      process.kill(-cli.pid, "SIGINT");
      const { code, signal, stderr } = await cli.finished;
      expect([signal === "SIGINT" ? 130 : code, stderr.includes("Bug")]).toEqual([130, false]);
    },
  );

  it("before anything was measured says so", async () => {
    await using hole = await blackHole();
    const cli = startCli(["bench", "--url", `ws://127.0.0.1:${hole.port}`, "--connect-timeout", "60s"]);
    await eventually(() => hole.open() === 1);
    cli.interrupt();
    const { code, stderr } = await cli.finished;
    expect([code, stderr]).toEqual([130, "Error: interrupted before anything was measured.\n"]);
  });
});

describe("however bench and serve end, no process of theirs is left:", () => {
  it.each(["bench", "serve"])("%s killed with SIGKILL", async (command) => {
    const cli = startCli(command === "bench" ? LONG : ["serve", "--tls"]);
    const port =
      command === "bench"
        ? await embeddedPort(cli)
        : await eventually(() => cli.stdout().includes("Counters")).then(
            () => /:(\d+)/.exec(cli.stdout())?.[1] ?? "",
          );
    process.kill(cli.pid, "SIGKILL");
    await expectGone(port);
  });

  it("serve after Ctrl-C", async () => {
    const cli = startCli(["serve", "--json"]);
    await eventually(() => cli.stdout().endsWith("}\n"));
    const { http_url: url } = parseJson(cli.stdout(), "serve") as { http_url: string };
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/sockets_accepted_total 1\n/);
    cli.interrupt();
    expect(await cli.finished).toMatchObject({ code: 130, stderr: "" });
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe("colour", () => {
  const small = ["bench", "--url", ":memory:", "--operations", "20", "--warmup", "0"];
  it.each([
    ["in a pipe", [], {}, false],
    ["with FORCE_COLOR in a pipe", [], { FORCE_COLOR: "1" }, true],
    ["with NO_COLOR", [], { NO_COLOR: "1" }, false],
    ["with --no-color, whatever the environment says", ["--no-color"], { FORCE_COLOR: "1" }, false],
    ["with --color in a pipe", ["--color"], {}, true],
  ] as const)("%s", async (_, args, env, colored) => {
    const { code, stdout } = await runCli([...small, ...args], env);
    expect([code, stdout.includes("\u001b[")]).toEqual([0, colored]);
  });
});
