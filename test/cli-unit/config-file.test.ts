import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Flags } from "@oclif/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkSettings } from "../../src/cli/config-file/check.js";
import { flagsFromFile, inWordsOf } from "../../src/cli/config-file/flags-from-file.js";
import { givenFlags } from "../../src/cli/config-file/given-flags.js";
import { readConfigFile } from "../../src/cli/config-file/read.js";
import type { ConfigFile } from "../../src/cli/config-file/settings.js";
import { connectionFlags, duration, poolFlags, wholeNumber } from "../../src/cli/flags.js";
import { allCommands } from "../support/commands.js";

const flags = {
  ...connectionFlags,
  ...poolFlags,
  query: Flags.string({ multiple: true, multipleNonGreedy: true }),
  operations: wholeNumber({ exclusive: ["duration"] }),
  duration: duration(),
  ramp: duration({ dependsOn: ["duration"] }),
  colour: Flags.boolean({ allowNo: true }),
  "allow-writes": Flags.boolean(),
};

/** What a command called `bench` with these flags takes from a file. */
function taken(settings: ConfigFile["settings"], given: readonly string[] = [], env = {}) {
  const command = { id: "bench", flags, given: new Set(given), env };
  return flagsFromFile({ name: "c.json", settings }, command);
}

describe("flags from a configuration file", () => {
  it("are arguments: lists repeat the flag, true names it, false takes it back where that can be said", () => {
    const bench = { query: ["SELECT 1", "--json"], operations: 5, allowWrites: true, colour: false };
    expect(taken({ bench }).argv).toEqual([
      "--query=SELECT 1",
      "--query=--json",
      "--operations=5",
      "--no-colour",
      "--allow-writes",
    ]);
    expect(taken({ bench: { allowWrites: false, query: [] } }).argv).toEqual([]);
  });

  it("come from the top of the file, from pool by the library's names, and from the command's section, which wins", () => {
    const { argv, paths } = taken({
      url: "ws://top",
      connectTimeout: "1s",
      pool: { maxConnections: 3, idleTimeout: "1m" },
      bench: { url: "ws://own", maxConnections: 4 },
      serve: { operations: 9 },
    });
    expect(argv).toEqual([
      "--url=ws://own",
      "--max-connections=4",
      "--pool-idle-timeout=1m",
      "--connect-timeout=1s",
    ]);
    expect(paths.get("pool-idle-timeout")).toBe("pool.idleTimeout");
    expect(paths.get("max-connections")).toBe("bench.maxConnections");
    expect(paths.get("connect-timeout")).toBe("connectTimeout");
  });

  it("give way to the command line, a list as a whole", () => {
    expect(taken({ bench: { query: ["a", "b"], operations: 5 } }, ["query"]).argv).toEqual([
      "--operations=5",
    ]);
  });

  it("give way to the environment where it names the database, and not when it is set to nothing", () => {
    const settings = { url: "ws://top", bench: { operations: 5 } };
    for (const env of [{ TURSO_DATABASE_URL: "ws://env" }, { LIBSQL_URL: "ws://env" }]) {
      expect(taken(settings, [], env).argv).toEqual(["--operations=5"]);
    }
    expect(taken(settings, [], { LIBSQL_URL: "" }).argv).toContain("--url=ws://top");
  });

  it("give way to what excludes them on the command line, with what depends on them", () => {
    const bench = { duration: "1s", ramp: "1s" };
    expect(taken({ bench }, ["operations"]).argv).toEqual([]);
    expect(taken({ bench: { operations: 5 } }, ["duration"]).argv).toEqual([]);
    expect(taken({ bench }, ["url"]).argv).toEqual(["--duration=1s", "--ramp=1s"]);
    // The two of them in one file are for the parser to refuse.
    expect(taken({ bench: { duration: "1s", operations: 5 } }).argv).toHaveLength(2);
  });

  it("are not taken by a command without such a flag", () => {
    const command = { id: "serve", flags: { port: wholeNumber() }, given: new Set<string>(), env: {} };
    const settings = { url: "ws://top", pool: { maxConnections: 3 }, serve: { port: 1 } };
    expect(flagsFromFile({ name: "c.json", settings }, command).argv).toEqual(["--port=1"]);
  });
});

describe("the flags that were given", () => {
  const given = async (...argv: string[]) => [...(await givenFlags(argv, flags)).keys()];

  it("are told without a look at values, and at what has to go with them", async () => {
    expect(await given("--operations", "many", "--ramp=?", "--no-colour")).toEqual([
      "operations",
      "ramp",
      "colour",
    ]);
    expect(await given("--query", "a", "--query", "b")).toEqual(["query"]);
    expect(await given()).toEqual([]);
  });

  it("have to be there", async () => {
    await expect(given("--nope")).rejects.toThrow(/--nope/);
  });

  it("are found among other arguments, up to --", async () => {
    expect(await given("one.json", "--ramp", "1s", "two.json", "--", "--operations")).toEqual(["ramp"]);
  });
});

describe("an error about flags that a file set", () => {
  const paths = new Map([
    ["rate", "bench.rate"],
    ["max-connections", "pool.maxConnections"],
  ]);

  it.each([
    ['--rate: "x" is no rate', 'c.json: bench.rate: "x" is no rate'],
    ["--rate without --max-connections", "c.json: bench.rate without pool.maxConnections"],
    ["--min: 3 is not at most --max-connections", "--min: 3 is not at most pool.maxConnections in c.json"],
    ['--query: "--rate" is no query', '--query: "--rate" is no query'],
    ["--rate-limit: no", "--rate-limit: no"],
    ["the server ended", "the server ended"],
  ])("%s: %s", (message, told) => {
    expect(inWordsOf("c.json", paths, message)).toBe(told);
  });
});

describe("a configuration file is refused, by file, place and what is allowed:", () => {
  it.each([
    [{ bench: { querry: [] } }, "bench.querry: there is no such setting; did you mean query?"],
    [{ bench: { "max-connections": 1 } }, "bench.max-connections", "did you mean maxConnections?"],
    [
      { maxConnections: 1 },
      "maxConnections",
      "did you mean pool.maxConnections or bench.maxConnections or stats.maxConnections or tune.maxConnections?",
    ],
    [
      { pool: { url: "ws://x" } },
      "pool.url",
      "did you mean url or bench.url or ping.url or stats.url or tune.url?",
    ],
    [{ benhc: {} }, "benhc", "did you mean bench?"],
    [{ pool: { colour: 1 } }, "pool.colour", "allowed are minConnections, maxConnections"],
    [{ bench: { zzzzzzzz: 1 } }, "bench.zzzzzzzz", "the flags of bench in camelCase"],
    [{ bench: { json: true } }, "bench.json: there is no such setting"],
    [{ pool: { pingTimeout: 5 } }, 'pool.pingTimeout: 5 is not a duration with a unit: write "5ms" or "5s"'],
    [{ pool: { pingTimeout: "5" } }, 'write "5ms" or "5s"'],
    [{ pool: { pingTimeout: "soon" } }, '"soon" is not a duration such as "250ms", "30s" or "2m"'],
    [{ bench: { concurrency: 0 } }, "bench.concurrency: 0 is not a whole number from 1"],
    [{ bench: { concurrency: "5" } }, 'bench.concurrency: "5" is not a whole number from 1'],
    [{ serve: { port: 70_000 } }, "serve.port: 70000 is not a whole number from 0 to 65535"],
    [{ bench: { strategy: "pool" } }, 'bench.strategy: "pool" is not a list: write ["pool"]'],
    [{ bench: { strategy: ["poool"] } }, "bench.strategy[0]", "unpooled, client", "did you mean pool?"],
    [{ bench: { allowWrites: "yes" } }, 'bench.allowWrites: "yes" is not true or false'],
    [{ bench: { url: 5 } }, 'bench.url: 5 is not text in quotes: write "5"'],
    [{ bench: null }, "bench: null is not an object in { }"],
    [[], "a list is not an object in { }"],
    ["x".repeat(200), "…"],
  ])("%j", (document, ...parts) => {
    const check = () => checkSettings(document, "c.json");
    expect(check).toThrow(/^c\.json: [^\n]{1,220}$/);
    for (const part of parts) expect(check).toThrow(part);
  });

  it("a token of its own, which is not shown, with where it belongs", () => {
    const check = () => checkSettings({ authToken: "s3cret" }, "c.json");
    expect(check).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("TURSO_AUTH_TOKEN") as string }),
    );
    expect(check).not.toThrow(/s3cret/);
    expect(() => checkSettings({ url: { token: "s3cret" } }, "c.json")).toThrow(/url: an object is not text/);
  });
});

it("a configuration file may set every flag of every command", async () => {
  const example = (flag: {
    type: string;
    multiple?: boolean;
    options?: readonly string[];
    parse?: unknown;
  }) => {
    if (flag.type === "boolean") return true;
    const one =
      flag.options?.[0] ??
      (flag.parse === duration().parse ? "1s" : flag.parse === wholeNumber().parse ? 2 : "text");
    return flag.multiple === true ? [one] : one;
  };
  for (const { id, flags: own } of await allCommands()) {
    const section = Object.fromEntries(
      Object.entries(own).map(([name, flag]) => [
        name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
        example(flag),
      ]),
    );
    if (Object.keys(section).length === 0) continue;
    const settings = checkSettings({ [id]: section }, "c.json");
    const none = { id, flags: own, given: new Set<string>(), env: {} };
    const { paths } = flagsFromFile({ name: "c.json", settings }, none);
    expect([...paths.keys()].sort()).toEqual(Object.keys(own).sort());
  }
});

describe("reading a configuration file", () => {
  function write(text: string): string {
    const folder = mkdtempSync(join(tmpdir(), "turso-pool-test-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "c.json");
    writeFileSync(file, text);
    return file;
  }

  it("takes one with a byte order mark, and calls it what it was called", async () => {
    const name = write('\uFEFF{ "url": "ws://x" }');
    expect(await readConfigFile(name)).toEqual({ name, settings: { url: "ws://x" } });
  });

  it.each([
    ['{\n  "url": "ws://x",\n}', 'line 3, column 1: not JSON: "}" is out of place'],
    ['{ "url":', "line 1, column 9: not JSON: it ends too early"],
    ["{ // hm\n}", 'line 1, column 3: not JSON: "/" is out of place'],
    ["", "line 1, column 1: not JSON: it ends too early"],
    ['{ "url": "a\nb" }', "not JSON: Bad control character"],
    ["{ 'url': 1 }", `line 1, column 3: not JSON: "'" is out of place`],
  ])("says where %j is not JSON, in one line", async (text, told) => {
    const name = write(text);
    const error: unknown = await readConfigFile(name).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "INVALID_OPTION" });
    expect((error as Error).message.startsWith(`${name}: ${told}`)).toBe(true);
    expect((error as Error).message).not.toContain("\n");
  });

  it("needs the one that --config names, and not the one in the working directory", async () => {
    await expect(readConfigFile("no/such.json")).rejects.toThrow(
      "--config: no/such.json: there is no such file",
    );
    await expect(readConfigFile(tmpdir())).rejects.toThrow("cannot be read (EISDIR)");
    expect(await readConfigFile(undefined)).toBeUndefined();
  });
});
