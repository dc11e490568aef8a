import { describe, expect, test } from "vitest";
import { smallestLimit } from "../../../src/tune/derive/smallest-limit.js";
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
});
