import { Flags } from "@oclif/core";
import { describe, expect, it } from "vitest";
import { flagsFromEnvironment, inWordsOfVariables } from "../../src/cli/config-file/flags-from-file.js";
import { connectionFlags, poolFlags, wholeNumber } from "../../src/cli/flags.js";
import { optionsFromEnvironment, POOL_VARIABLES } from "../../src/pool/options-from-environment.js";
import { environmentSnippet } from "../../src/report/tune-snippets/environment.js";

const flags = { ...connectionFlags, ...poolFlags };

describe("flags from the environment", () => {
  const from = (env: Record<string, string>, given: readonly string[] = []) =>
    flagsFromEnvironment({ id: "bench", flags, given: new Set(given), env });

  it("are the pool's, by one variable each; what is set to nothing is not set", () => {
    const { argv, paths } = from({
      TURSO_POOL_MAX_CONNECTIONS: "3",
      TURSO_POOL_IDLE_TIMEOUT: "1m",
      TURSO_POOL_PING_TIMEOUT: "",
      TURSO_POOL_URL: "ws://x",
    });
    expect(argv).toEqual(["--max-connections=3", "--pool-idle-timeout=1m"]);
    expect([...paths]).toEqual([
      ["max-connections", "TURSO_POOL_MAX_CONNECTIONS"],
      ["pool-idle-timeout", "TURSO_POOL_IDLE_TIMEOUT"],
    ]);
    const every = Object.fromEntries([...POOL_VARIABLES.values()].map((name) => [name, "1s"]));
    expect([...from(every).paths.keys()].sort()).toEqual(Object.keys(poolFlags).sort());
  });

  it("give way to the command line, and to what excludes them there", () => {
    expect(from({ TURSO_POOL_MAX_CONNECTIONS: "3" }, ["max-connections"]).argv).toEqual([]);
    const silent = { ...flags, silent: Flags.boolean({ exclusive: ["ping-timeout"] }) };
    const env = { TURSO_POOL_PING_TIMEOUT: "1s" };
    const command = { id: "bench", flags: silent, given: new Set(["silent"]), env };
    expect(flagsFromEnvironment(command).argv).toEqual([]);
  });

  it("are not taken by a command without such a flag", () => {
    const env = { TURSO_POOL_MAX_CONNECTIONS: "3" };
    const command = { id: "serve", flags: { port: wholeNumber() }, given: new Set<string>(), env };
    expect(flagsFromEnvironment(command).argv).toEqual([]);
  });

  it("are named by their variable in errors, beside those of a file by theirs", () => {
    const variables = new Map([["min-connections", "TURSO_POOL_MIN_CONNECTIONS"]]);
    const message = '--min-connections: 9 is not at most --max-connections (2), "--min-connections"';
    expect(inWordsOfVariables(variables, message)).toBe(
      'TURSO_POOL_MIN_CONNECTIONS: 9 is not at most --max-connections (2), "--min-connections"',
    );
  });
});

it("what tune has to paste into the environment is what the library reads there", () => {
  const settings = { maxConnections: 6, minConnections: 2, keepAliveInterval: 4_500, maxLifetime: 1_800_000 };
  const env = Object.fromEntries(
    environmentSnippet(settings)
      .split("\n")
      .map((line) => line.split("=") as [string, string]),
  );
  expect(optionsFromEnvironment(env)).toEqual(settings);
});
