import { describe, expect, test } from "vitest";
import { heedingHint, smallestLimit } from "../../../src/tune/derive/smallest-limit.js";
import type { LayerResult } from "../../../src/tune/idle/result.js";
import { idleOf, limitOf } from "../evidence.js";

const [none] = idleOf().layers;

function layer(name: LayerResult["layer"], more: Partial<LayerResult> = {}): LayerResult {
  if (none === undefined) throw new Error("no layer");
  return { ...none, layer: name, ...more };
}

describe("the smallest idle limit", () => {
  test("is what was lost where there was no time to find out the limit", () => {
    const ws = layer("ws", { outcome: "unknown", kind: "silent", survived_ms: 6_000, lost_ms: 9_000 });
    expect(smallestLimit({ ...idleOf(), layers: [ws, layer("tcp")] }, "")).toMatchObject({
      kind: "limit",
      safe: 6_000,
      limit: { kind: "silent", lost_ms: 9_000, layers: ["ws"] },
    });
    const longer = { ...idleOf(limitOf(12_000, 13_000)), layers: [ws] };
    expect(smallestLimit(longer, "")).toMatchObject({ safe: 6_000 });
  });

  test("is not said to be none beyond what every transport survived", () => {
    const cut = layer("ws", { outcome: "unknown", survived_ms: 4_000, searched_up_to_ms: 4_000 });
    expect(smallestLimit({ ...idleOf(), layers: [cut, layer("tcp")] }, "")).toEqual({
      kind: "none",
      upTo: 4_000,
    });
    const unseen = layer("ws", { outcome: "unknown", survived_ms: null, searched_up_to_ms: 0 });
    expect(smallestLimit({ ...idleOf(), layers: [unseen, layer("tcp")] }, "no time")).toEqual({
      kind: "unknown",
      why: "no time",
    });
  });

  test("no interval is derived from a keep-alive so short that clients close after each answer", () => {
    for (const keep_alive_hint_ms of [1_000, 2_000]) {
      const http = { transport: "http", keep_alive_hint_ms } as const;
      expect(heedingHint({ kind: "none", upTo: 60_000 }, http)).toMatchObject({ kind: "unknown" });
      const known = { kind: "limit", limit: limitOf(1_700, 2_000), safe: 1_700 } as const;
      expect(heedingHint(known, http)).toMatchObject({ kind: "limit", safe: 1_700 });
    }
  });

  test("what was measured is told, where it is shorter than what the server says", () => {
    const known = { kind: "limit", limit: limitOf(1_700, 2_000), safe: 1_700 } as const;
    expect(heedingHint(known, { transport: "http", keep_alive_hint_ms: 5_000 })).toEqual(known);
    const longer = { kind: "limit", limit: limitOf(4_800, 5_000), safe: 4_800 } as const;
    expect(heedingHint(longer, { transport: "http", keep_alive_hint_ms: 5_000 })).toMatchObject({
      safe: 3_000,
      limit: { lost_ms: 3_000, survived_ms: null },
    });
  });
});
