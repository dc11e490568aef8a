import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { resolveConnectionPool, resolveKeepAlive, type KeepAlivePoolOptions } from "../../src/pool/config.js";
import { optionsFromEnvironment } from "../../src/pool/options-from-environment.js";
import { configSnippet } from "../../src/report/tune-snippets/config-file.js";
import { environmentSnippet } from "../../src/report/tune-snippets/environment.js";
import { pastedFrom, type PastedSettings } from "../../src/report/tune-snippets/pasted.js";
import { rustSnippet, unpooledRustSnippet } from "../../src/report/tune-snippets/rust.js";
import { typescriptSnippet, unpooledSnippet } from "../../src/report/tune-snippets/typescript.js";
import { setting, transport } from "../support/tune-result-parts.js";
import { tuneResult } from "../support/tune-results.js";

const SETTINGS = pastedFrom(tuneResult().settings, false);
const LOCAL = pastedFrom(tuneResult().settings, true);

describe("TypeScript to paste", () => {
  const snippets = [
    typescriptSnippet(SETTINGS, "wss://db.example"),
    typescriptSnippet(SETTINGS, `libsql://${"a-long-name-of-a-database".repeat(3)}.turso.io`),
    typescriptSnippet(LOCAL, "file:local.db"),
    unpooledSnippet("https://db.example"),
  ];

  it("compiles against the library's own types, and strictly", () => {
    // The last shows that it can tell.
    const mistaken = snippets[0]?.replace("maxLifetime", "maxLifetimes") ?? "";
    expect(mistakesIn([...snippets, mistaken])).toEqual([
      expect.stringContaining("'maxLifetimes' does not exist in type 'KeepAlivePoolOptions"),
    ]);
  }, 60_000);

  it("has the values that were recommended, and the library takes them", () => {
    const [text = ""] = snippets;
    const options = Object.fromEntries(
      [...text.matchAll(/^ {2}(\w+): ([\d_]+),$/gm)].map(([, name = "", value = ""]) => [
        name,
        Number(value.replaceAll("_", "")),
      ]),
    );
    expect(options).toEqual(SETTINGS);
    expect(resolvedFrom(options)).toMatchObject(SETTINGS);
  });

  it("has no token, and none to ask for where there is no server", () => {
    expect(snippets[0]).toContain("authToken: process.env.TURSO_AUTH_TOKEN");
    expect(snippets[2]).not.toContain("authToken");
    expect(snippets[2]).not.toContain("keepAliveInterval");
  });
});

it("the configuration file to paste is as its schema says", () => {
  const schema = JSON.parse(
    readFileSync(new URL("../../docs/config.schema.json", import.meta.url), "utf8"),
  ) as object;
  const validate = new Ajv({ strict: true }).compile(schema);
  for (const settings of [SETTINGS, LOCAL]) {
    void validate(JSON.parse(configSnippet(settings)));
    expect(validate.errors ?? []).toEqual([]);
  }
});

it("the environment to paste is read as the settings that it was made of", () => {
  const text = environmentSnippet(SETTINGS);
  expect(text).toContain("TURSO_POOL_KEEP_ALIVE_INTERVAL=8500ms\n");
  const variables = Object.fromEntries(text.split("\n").map((line) => line.split("=") as [string, string]));
  expect(optionsFromEnvironment(variables)).toEqual(SETTINGS);
});

describe("the guide's Rust to paste", () => {
  it.each([
    [8_500, "// 8.5 s, rounded down to whole seconds\nconfig.keepalive_interval_secs = 8;"],
    [4_000, "config.enable_keepalive = true;\nconfig.keepalive_interval_secs = 4;"],
    [800, "// 800 ms, the least that it takes\nconfig.keepalive_interval_secs = 1;"],
  ])("has whole seconds for an interval of %i ms, and says what that lost", (keepAliveInterval, said) => {
    expect(rustSnippet({ ...SETTINGS, keepAliveInterval })).toContain(said);
  });

  it("has every field of a structure, or its defaults", () => {
    expect(rustSnippet(SETTINGS)).not.toContain("..Default");
    expect(rustSnippet({ keepAliveInterval: 4_000 }).match(/\.\.Default::default\(\)/g)).toHaveLength(2);
  });

  it("imports what it names, and no more", () => {
    expect(rustSnippet(SETTINGS)).toMatch(
      /^use memory_storage_turso::\{KeepAliveConfig, PoolConfig, TursoConfig\};\nuse std::time::Duration;\n/,
    );
    expect(rustSnippet({ maxConnections: 1 })).toMatch(
      /^use memory_storage_turso::\{PoolConfig, TursoConfig\};\n\n/,
    );
    expect(unpooledRustSnippet()).toMatch(/^use memory_storage_turso::TursoConfig;\n\n/);
  });

  it("says what the guide's pool has no name for", () => {
    expect(rustSnippet(SETTINGS)).toMatch(/no minConnections \(2\) and no maxLifetime \(30 min\)\.$/);
  });
});

it("what is pasted has whole milliseconds, and the transport in its URL only", () => {
  const settings = [
    setting("keepAliveInterval", 30_000, 4_533.7, "", ""),
    setting("maxConnections", 10, 4, "", ""),
    transport("http", "ws", "", ""),
  ];
  expect(pastedFrom(settings, false)).toEqual({ keepAliveInterval: 4_533, maxConnections: 4 });
  expect(pastedFrom(settings, true)).toEqual({ maxConnections: 4 });
});

function resolvedFrom(settings: PastedSettings): object {
  const options: KeepAlivePoolOptions = {
    open: async () => Promise.reject(new Error("not opened")),
    ...settings,
  };
  return { ...resolveConnectionPool(options), ...resolveKeepAlive(options) };
}

/** What the compiler says of these, each a module of its own in a project as strict as this one. */
function mistakesIn(sources: readonly string[]): string[] {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const files = new Map(sources.map((text, at) => [`${root}test/pasted-${at}.ts`, text]));
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) => {
    const text = files.get(path);
    return text === undefined ? read(path, ...rest) : ts.createSourceFile(path, text, ts.ScriptTarget.ES2023);
  };
  const program = ts.createProgram(
    [...files.keys()],
    { ...options, paths: { "turso-pool": [`${root}src/index.ts`] }, noUnusedLocals: false },
    host,
  );
  return [...files.keys()]
    .map((path) => program.getSourceFile(path))
    .flatMap((file) => [...program.getSemanticDiagnostics(file), ...program.getSyntacticDiagnostics(file)])
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}
