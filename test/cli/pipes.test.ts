import { execFile, execFileSync } from "node:child_process";
import { constants, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { savedResult } from "../support/saved-results.js";
import { snapshotWith } from "../support/snapshots.js";
import { BIN, cleanEnv, runCli, startCli, type Finished } from "../support/cli.js";

let folder: string;
const at = (name: string): string => join(folder, name);
const STATISTICS = JSON.stringify({ ...snapshotWith(), name: "orders" });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "turso-pool-test-"));
  writeFileSync(at("statistics.json"), STATISTICS);
  writeFileSync(at("result.json"), JSON.stringify(savedResult({ keepalive: [0.17, 0.002] })));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fifo(name: string): string {
  execFileSync("mkfifo", [at(name)]);
  return at(name);
}

/** Holds a FIFO open for writing: to its readers, somebody will write to it. */
function writerOf(path: string): Socket {
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  return new Socket({ fd, readable: false, writable: true }).on("error", () => undefined);
}

const written = (writer: Socket, text: string): Promise<void> =>
  new Promise((resolve) => writer.write(text, () => resolve()));

/** More than a pipe takes, so that it is written when somebody reads it. */
const BLANKS = " ".repeat(2 ** 18);

/** A line for bash, in which `cli` is the command. */
function bash(line: string): Promise<Pick<Finished, "code" | "stdout" | "stderr">> {
  const env = { ...cleanEnv(), NODE: process.execPath, BIN };
  const script = `cli() { "$NODE" "$BIN" "$@"; }; ${line}`;
  return new Promise((resolve) => {
    execFile("bash", ["-c", script], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe("a FIFO that nobody writes to is told to be empty", () => {
  it("by stats --attach", async () => {
    const { code, stdout, stderr } = await runCli(["stats", "--attach", fifo("attached")]);
    expect([code, stdout, stderr]).toEqual([
      3,
      "",
      expect.stringMatching(/attached: it is empty\. [^\n]+\n$/),
    ]);
  });

  it("by compare", async () => {
    const { code, stdout, stderr } = await runCli(["compare", at("result.json"), fifo("compared")]);
    expect([code, stdout, stderr]).toEqual([
      3,
      "",
      expect.stringMatching(/compared: it is empty\. [^\n]+\n$/),
    ]);
  });
});

describe("a FIFO that somebody writes to", () => {
  it("is read to its end, however long that takes", async () => {
    const path = fifo("slow");
    const writer = writerOf(path);
    const { finished } = startCli(["stats", "--attach", path]);
    await written(writer, BLANKS);
    writer.end(STATISTICS);
    const { code, stdout, stderr } = await finished;
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/slow · pool orders · /);
  });

  it("and never ends is left at the first Ctrl-C", async () => {
    const path = fifo("endless");
    const writer = writerOf(path);
    const cli = startCli(["stats", "--attach", path]);
    await written(writer, BLANKS);
    cli.interrupt();
    const { code, stdout, stderr } = await cli.finished;
    writer.destroy();
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toMatch(/^Error: interrupted [^\n]+\n$/);
  });

  it("and never ends is left at the first Ctrl-C where it is a baseline", async () => {
    const path = fifo("baseline");
    const writer = writerOf(path);
    const cli = startCli(["bench", "--baseline", path, "--max-regression", "10%"]);
    await written(writer, BLANKS);
    cli.interrupt();
    const { code, stdout, stderr } = await cli.finished;
    writer.destroy();
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toMatch(/^Error: --baseline: \S+: interrupted [^\n]+\n$/);
  });

  it("without end is refused when it is larger than any such file", async () => {
    const path = fifo("large");
    const writer = writerOf(path);
    const { finished } = startCli(["stats", "--attach", path]);
    writer.write(" ".repeat(5 * 2 ** 20));
    const { code, stdout, stderr } = await finished;
    writer.destroy();
    expect([code, stdout, stderr]).toEqual([3, "", expect.stringContaining("it is over 4 MiB")]);
  });
});

describe("what a shell makes of a pipe is read:", () => {
  it.each([
    ["<(…)", "cli stats --attach <(cat statistics.json)"],
    ["<(…) that is done before", "cli stats --attach <(cat statistics.json; exec >&-)"],
    ["stdin", "cat statistics.json | cli stats --attach /dev/stdin"],
    ["stdin that is a file", "cli stats --attach /dev/stdin < statistics.json"],
    ["several", "cli compare <(cat result.json) <(cat result.json) | sed 's/^/pool orders /'"],
    [
      "a FIFO whose writer has gone before",
      "mkfifo f && exec 3<>f && cat statistics.json >&3 && exec 4<f 3>&- && cli stats --attach /dev/fd/4",
    ],
  ])("%s", async (_, line) => {
    const { code, stdout, stderr } = await bash(line);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("pool orders");
  });
});
