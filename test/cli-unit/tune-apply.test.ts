import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { applySettings, checkApplicable } from "../../src/cli/apply/apply-settings.js";
import type { SettingResult, TuneResult } from "../../src/tune/result.js";
import { tuneResult } from "../support/tune-results.js";

const setting = (
  name: SettingResult["setting"],
  unit: SettingResult["unit"],
  now: number | string,
  recommended: number | string,
): SettingResult => ({ setting: name, unit, now, recommended, because: "measured", rule: "a rule" });
const SETTINGS = [
  setting("maxConnections", "connections", 10, 6),
  setting("keepAliveInterval", "ms", 30_000, 4_500),
  setting("maxLifetime", "ms", 1_800_000, 1_800_000),
  setting("transport", "name", "ws", "ws"),
];
const USE = { verdict: "use the recommended settings", reasons: [] } as const;
const recommended = (parts: Partial<TuneResult> = {}): TuneResult =>
  tuneResult({ settings: SETTINGS, verdict: USE, interrupted: false, error: null, ...parts });

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turso-pool-test-"));
  file = join(folder, "turso-pool.config.json");
  onTestFinished(() => rmSync(folder, { recursive: true }));
});
const text = (): string => readFileSync(file, "utf8");
const PUT = { maxConnections: 6, keepAliveInterval: "4500ms", maxLifetime: "30m" };

describe("--apply", () => {
  it("makes a file that is not there, and shows it", async () => {
    await checkApplicable(file);
    expect(readdirSync(folder)).toEqual([]);
    const { outcome, message, diff } = await applySettings(file, recommended());
    expect([outcome, message]).toEqual(["written", `Made ${file}:`]);
    expect(text()).toBe(`${JSON.stringify({ pool: PUT }, null, 2)}\n`);
    expect(diff.split("\n").slice(0, 5)).toEqual([
      "--- /dev/null",
      `+++ ${file}`,
      "@@ -0,0 +1,7 @@",
      "+{",
      '+  "pool": {',
    ]);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("changes only what was recommended, shows the difference, and no token beside it", async () => {
    const before = `{\n  "url": "libsql://db?authToken=s3cret",\n  "pool": { "maxConnections": 3 },\n  "bench": {}\n}\n`;
    writeFileSync(file, before);
    const { message, diff } = await applySettings(file, recommended());
    const put = '{ "maxConnections": 6, "keepAliveInterval": "4500ms", "maxLifetime": "30m" }';
    expect(text()).toBe(before.replace('{ "maxConnections": 3 }', put));
    expect(message).toBe(`Changed ${file}:`);
    expect(diff).toContain('-  "pool": { "maxConnections": 3 },\n+  "pool": { "maxConnections": 6,');
    expect(diff).not.toContain("s3cret");
  });

  it("changes nothing the second time, not even its time; nor where the same is said in other words", async () => {
    writeFileSync(file, '{"pool":{"keepAliveInterval":"4.5s","maxLifetime":" 1800s ","maxConnections":6.0}}');
    utimesSync(file, 1_000, 1_000);
    const first = readFileSync(file);
    const { outcome, message, diff } = await applySettings(file, recommended());
    expect([outcome, message, diff]).toEqual(["already so", `${file} already says so.`, ""]);
    expect(readFileSync(file)).toEqual(first);
    expect(statSync(file).mtimeMs).toBe(1_000_000);
    writeFileSync(file, "{}");
    await applySettings(file, recommended());
    utimesSync(file, 1_000, 1_000);
    expect((await applySettings(file, recommended())).outcome).toBe("already so");
    expect(statSync(file).mtimeMs).toBe(1_000_000);
  });

  it.each([
    ["keep what you have", { verdict: { verdict: "keep what you have", reasons: [] } }, "keep what you have"],
    ["do not pool", { verdict: { verdict: "do not pool", reasons: [] } }, "do not pool"],
    ["not proven", { verdict: { verdict: "not proven", reasons: [] } }, "not proven"],
    ["an interrupt", { interrupted: true }, "interrupted"],
    [
      "a database that died",
      { error: { code: "UNREACHABLE", message: "gone", hint: null } },
      "did not come to its end",
    ],
  ] as const)("leaves the file alone after: %s", async (_, parts, why) => {
    writeFileSync(file, "{}");
    const { outcome, message } = await applySettings(file, recommended(parts));
    expect([outcome, text()]).toEqual(["left alone", "{}"]);
    expect(message).toContain(why);
  });

  it("keeps the file's mode, and follows a link", async () => {
    mkdirSync(join(folder, "real"));
    const real = join(folder, "real", "a.json");
    writeFileSync(real, "{}");
    chmodSync(real, 0o640);
    symlinkSync("real/a.json", file);
    await checkApplicable(file);
    await applySettings(file, recommended());
    expect(readlinkSync(file)).toBe("real/a.json");
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(JSON.parse(readFileSync(real, "utf8"))).toEqual({ pool: PUT });
    expect(readdirSync(join(folder, "real"))).toEqual(["a.json"]);
  });

  it("names a command's own section that would win, and says which line to change for another transport", async () => {
    writeFileSync(
      file,
      '{\n  "url": "libsql://db.example/x?authToken=s3cret",\n  "bench": { "maxConnections": 9 },\n  "stats": { "maxConnections": 6 }\n}',
    );
    const settings = [...SETTINGS.slice(0, 3), setting("transport", "name", "http", "ws")];
    const { advice } = await applySettings(file, recommended({ settings }));
    expect(advice).toEqual([
      `${file} sets bench.maxConnections too, which wins there: take it out, or change it.`,
      `${file}, line 2: for ws change "url" to "wss://db.example/x", with what follows its “?”; it is yours to change.`,
    ]);
    expect(text()).toContain('"url": "libsql://db.example/x?authToken=s3cret"');
  });
});

it("--apply writes whole milliseconds, and nothing of keep-alive for a file, as the report has them to paste", async () => {
  const settings = [
    ...SETTINGS.slice(0, 1),
    setting("keepAliveInterval", "ms", 1, 4_123.7),
    setting("pingTimeout", "ms", 1, 0.4),
  ];
  await applySettings(file, recommended({ settings }));
  expect(JSON.parse(text())).toEqual({
    pool: { maxConnections: 6, keepAliveInterval: "4123ms", pingTimeout: "1ms" },
  });
  rmSync(file);
  const target = { url: "file:a.db", transport: "file", tls: false, embedded: false, network: null } as const;
  await applySettings(file, recommended({ settings, target }));
  expect(JSON.parse(text())).toEqual({ pool: { maxConnections: 6 } });
});

describe("--apply refuses, before anything is measured and untouched,", () => {
  it.each([
    ["a syntax error", '{ "pool": {\n  "maxConnections": 3,\n} }', "line 3, column 1: not JSON"],
    ["comments", "{ // mine\n}", 'line 1, column 3: not JSON: "/" is out of place'],
    ["an empty file", "", "it ends too early"],
    ["no object", "[]", "a list is not an object in { }"],
    ["a pool that is none", '{ "pool": 3 }', "pool: 3 is not an object in { }"],
    [
      "a setting that is not valid",
      '{ "pool": { "pingTimeout": 5 } }',
      "pool.pingTimeout: 5 is not a duration",
    ],
    ["a setting that is not there", '{ "poool": {} }', "did you mean pool?"],
  ])("%s", async (_, content, told) => {
    writeFileSync(file, content);
    const error: unknown = await checkApplicable(file).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "INVALID_OPTION" });
    expect((error as Error).message).toContain(`--apply: ${file}: `);
    expect((error as Error).message).toContain(told);
    await expect(applySettings(file, recommended())).rejects.toThrow(told);
    expect(text()).toBe(content);
  });

  it("bytes that are no text, which would be lost", async () => {
    const bytes = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    writeFileSync(file, bytes);
    await expect(checkApplicable(file)).rejects.toThrow(`--apply: ${file}: it is not text in UTF-8`);
    expect(readFileSync(file)).toEqual(bytes);
  });

  it("a file without an end, which is not read", async () => {
    await expect(checkApplicable("/dev/zero")).rejects.toThrow(
      "--apply: /dev/zero: it is not a regular file",
    );
  });

  it("a folder, and a file in none", async () => {
    await expect(checkApplicable(folder)).rejects.toThrow(`--apply: ${folder}: it is a directory`);
    await expect(checkApplicable("")).rejects.toThrow("--apply: the name of the file is empty");
    await expect(checkApplicable(join(folder, "no", "a.json"))).rejects.toThrow(
      /--apply: can't write .*directory/,
    );
  });
});
