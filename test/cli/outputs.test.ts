import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkGithub, reportToGithub } from "../../src/cli/github.js";
import { parseOutput } from "../../src/cli/output-kinds.js";
import { checkWritable, writeOutputs } from "../../src/cli/outputs.js";
import { TursoPoolError } from "../../src/core/errors.js";
import { gate, resultOf, withGates } from "../support/bench-results.js";
import { parseJson } from "../support/schemas.js";

const disk = vi.hoisted(() => ({ isFull: false }));
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const fsyncSync = (file: number): void => {
    if (disk.isFull) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    real.fsyncSync(file);
  };
  return { ...real, fsyncSync };
});

const result = withGates(resultOf({ unpooled: [2, 1], keepalive: [1, 0] }), [gate({ verdict: "fail" })]);
const contestants = ["unpooled", "keepalive"];

let directory = "";
const at = (...names: string[]): string => join(directory, ...names);
const write = (...given: string[]): string[] =>
  writeOutputs(given.map(parseOutput), result).map(({ message }) => message);
const check = (...given: string[]): void => checkWritable(given.map(parseOutput), contestants);

/** What is thrown, which is wrong usage. */
function refused(act: () => unknown): TursoPoolError {
  try {
    act();
  } catch (error) {
    if (error instanceof TursoPoolError && error.code === "INVALID_OPTION") return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

beforeEach(() => {
  disk.isFull = false;
  directory = mkdtempSync(join(tmpdir(), "turso-pool-outputs-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("a value of --output", () => {
  it.each([
    ["result.json", "json", "result.json"],
    ["a/b.summary.MD", "markdown", "a/b.summary.MD"],
    ["report.xml", "junit", "report.xml"],
    ["figures.csv", "csv", "figures.csv"],
    ["x.hgrm", "hgrm", "x.hgrm"],
    ["bencher=out.json", "bencher", "out.json"],
    ["github-smaller=smaller", "github-smaller", "smaller"],
    ["github-bigger=a=b", "github-bigger", "a=b"],
    ["./json=x.csv", "csv", "./json=x.csv"],
  ])("%s is %s in %s", (given, kind, path) => {
    expect(parseOutput(given)).toEqual({ kind, path });
  });

  it.each(["result", "result.html", "html=x.json", "json=", "json=dir/", "", ".json", "a.b/c"])(
    "%j is refused, with what there is",
    (given) => {
      expect(refused(() => parseOutput(given)).message).toMatch(
        /^--output: ".*" is not a file that ends in \.json.*github-bigger, bencher, hgrm$/,
      );
    },
  );

  it.each(["-", "json=-", "json=/dev/stdout", "/dev/fd/1"])(
    "%s is refused: stdout is for --json",
    (given) => {
      expect(refused(() => parseOutput(given)).hint).toContain("--json");
    },
  );
});

describe("outputs before the load", () => {
  it("that can be written leave nothing behind by being tried", () => {
    writeFileSync(at("old.json"), "old");
    check(at("old.json"), at("new.md"), at("x.hgrm"));
    expect(readdirSync(directory)).toEqual(["old.json"]);
    expect(readFileSync(at("old.json"), "utf8")).toBe("old");
  });

  it.each([
    ["in a directory that is not there", "none/x.json", /none\/x\.json: its directory does not exist$/],
    ["below a file", "file/x.json", /its directory is a file$/],
    ["where a directory is", "dir.json", /dir\.json: it is a directory$/],
    ["that are no files", "json=fifo", /fifo: it is not a regular file$/],
    ["with too long a name", `${"x".repeat(300)}.json`, /its name is too long$/],
    ["through a link to nowhere", "broken.json", /broken\.json: no file can be made there$/],
    ["through a link to itself", "loop.json", /loop\.json: too many symbolic links$/],
  ])("are refused %s", (_, name, message) => {
    writeFileSync(at("file"), "");
    mkdirSync(at("dir.json"));
    spawnSync("mkfifo", [at("fifo")]);
    symlinkSync(at("none", "there.json"), at("broken.json"));
    symlinkSync("loop.json", at("loop.json"));
    const given = name.startsWith("json=") ? `json=${at(name.slice(5))}` : at(name);
    expect(refused(() => check(given)).message).toMatch(message);
  });

  it.runIf(existsSync("/proc/version"))("are refused where not even root can make a file", () => {
    expect(() => check("/proc/x.json")).toThrow(
      /^--output: can't write \/proc\/x\.json: no file can be made there$/,
    );
    expect(() => check("json=/dev/null")).toThrow(/it is not a regular file$/);
  });

  it.runIf(process.getuid?.() !== 0)("are refused where a file was made read-only", () => {
    writeFileSync(at("kept.json"), "kept", { mode: 0o444 });
    expect(() => check(at("kept.json"))).toThrow(/permission denied$/);
  });

  it("are refused when two of them are one file", () => {
    symlinkSync("a.json", at("link.csv"));
    const twice = /is given twice$/;
    expect(() => check(at("a.json"), `csv=${at("a.json")}`)).toThrow(twice);
    expect(() => check(at("a.json"), `json=${relative(process.cwd(), at("a.json"))}`)).toThrow(twice);
    expect(() => check(at("a.json"), at("link.csv"))).toThrow(twice);
    expect(() => check(at("x.hgrm"), `json=${at("x.keepalive.hgrm")}`)).toThrow(twice);
  });
});

describe("outputs after the load", () => {
  it("are all written", () => {
    expect(write(at("r.json"), at("s.md"), at("t.xml"), at("f.csv"), `bencher=${at("b.json")}`)).toEqual([]);
    expect(readdirSync(directory).sort()).toEqual(["b.json", "f.csv", "r.json", "s.md", "t.xml"]);
    expect(parseJson(readFileSync(at("r.json"), "utf8"), "bench-result")).toEqual(result);
    expect(readFileSync(at("s.md"), "utf8")).toMatch(/^## ❌/);
  });

  it("of HDR percentiles are a file for each contestant, and just the file for one", () => {
    expect(write(at("x.hgrm"))).toEqual([]);
    expect(readdirSync(directory).sort()).toEqual(["x.keepalive.hgrm", "x.unpooled.hgrm"]);
    writeOutputs([parseOutput(at("y.hgrm"))], resultOf({ pool: [1, 0] }));
    expect(readFileSync(at("y.hgrm"), "utf8")).toContain("1/(1-Percentile)");
  });

  it("that can't be written are told, and the others are written", () => {
    mkdirSync(at("dir.json"));
    expect(write(at("none", "x.md"), at("dir.json"), at("r.csv"))).toEqual([
      `--output: can't write ${at("none", "x.md")}: its directory does not exist`,
      `--output: can't write ${at("dir.json")}: it is a directory`,
    ]);
    expect(readdirSync(directory).sort()).toEqual(["dir.json", "r.csv"]);
  });

  it("keep the mode of the file that was there, and the usual one for a new file", () => {
    writeFileSync(at("old.json"), "x".repeat(1e6));
    chmodSync(at("old.json"), 0o640);
    writeFileSync(at("usual"), "");
    write(at("old.json"), at("new.json"));
    expect(statSync(at("old.json")).mode & 0o7777).toBe(0o640);
    expect(statSync(at("new.json")).mode & 0o7777).toBe(statSync(at("usual")).mode & 0o7777);
    parseJson(readFileSync(at("old.json"), "utf8"), "bench-result");
  });

  it("go through symbolic links, which stay what they are", () => {
    mkdirSync(at("real"));
    writeFileSync(at("real", "old.json"), "old");
    symlinkSync(join("real", "old.json"), at("link.json"));
    symlinkSync(join("real", "new.json"), at("dangling.json"));
    expect(write(at("link.json"), at("dangling.json"))).toEqual([]);
    for (const name of ["link.json", "dangling.json"])
      expect(lstatSync(at(name)).isSymbolicLink()).toBe(true);
    for (const name of ["old.json", "new.json"]) {
      parseJson(readFileSync(at("real", name), "utf8"), "bench-result");
    }
    expect(readdirSync(at("real")).sort()).toEqual(["new.json", "old.json"]);
  });

  it("leave an old file as it was, and nothing else, when the disk fills up", () => {
    writeFileSync(at("r.json"), "old");
    disk.isFull = true;
    expect(write(at("r.json"), at("new.csv"))).toEqual([
      `--output: can't write ${at("r.json")}: no space is left`,
      `--output: can't write ${at("new.csv")}: no space is left`,
    ]);
    expect(readFileSync(at("r.json"), "utf8")).toBe("old");
    expect(readdirSync(directory)).toEqual(["r.json"]);
  });
});

describe("--github", () => {
  it("appends the summary to what other steps wrote, and says which annotations to print", () => {
    const env = { GITHUB_STEP_SUMMARY: at("summary.md") };
    writeFileSync(at("summary.md"), "before");
    expect(checkGithub(env)).toBeUndefined();
    const { commands, error } = reportToGithub(result, env);
    expect(error).toBeUndefined();
    expect(commands).toEqual([expect.stringMatching(/^::error title=/)]);
    expect(readFileSync(at("summary.md"), "utf8")).toMatch(/^before\n## ❌ The gate failed/);
  });

  it.each([{}, { GITHUB_STEP_SUMMARY: "" }])("goes on without a summary where there is none: %j", (env) => {
    expect(checkGithub(env)).toMatch(/^--github: GITHUB_STEP_SUMMARY is not set/);
    expect(reportToGithub(result, env)).toMatchObject({ error: undefined, commands: [expect.any(String)] });
  });

  it("says before the load, and after it, that the summary can't be written", () => {
    const env = { GITHUB_STEP_SUMMARY: at("none", "summary.md") };
    const message = `GITHUB_STEP_SUMMARY: can't write ${at("none", "summary.md")}: its directory does not exist`;
    expect(refused(() => checkGithub(env)).message).toBe(message);
    expect(reportToGithub(result, env).error?.message).toBe(message);
  });
});
