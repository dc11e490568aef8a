import { describe, expect, test } from "vitest";
import { REMOTE, type Transport } from "./case.js";
import { FAILURE_CASES } from "./cases/failures.js";
import { GROUPS } from "./cases/groups.js";
import { CONFIGS, SECRET_CONFIGS } from "./cases/urls.js";
import { FIXED_DEFECTS } from "./fixed-defects.js";

const everywhere: readonly Transport[] = ["ws", "http", "file", "memory"];

/** Every case that is played, on every transport that it is played on. */
const PLAYED = new Set(
  [
    ...Object.values(GROUPS)
      .flat()
      .map(({ name, on = everywhere }) => ({ name, on })),
    ...FAILURE_CASES.map(({ name, on = REMOTE }) => ({ name, on })),
    ...[...CONFIGS, ...SECRET_CONFIGS].map(([name]) => ({ name: `options: ${name}`, on: ["http"] })),
  ].flatMap(({ name, on }) => on.map((transport) => `${name} (${transport})`)),
);

describe("the list of fixed defects", () => {
  const listed = FIXED_DEFECTS.flatMap(({ cases, on }) =>
    cases.flatMap((name) => on.map((transport) => `${name} (${transport})`)),
  );

  test("names cases that are played, each once", () => {
    expect(listed.filter((name) => !PLAYED.has(name))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });
});
