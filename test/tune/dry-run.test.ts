import { expect, it } from "vitest";
import { parseTarget } from "../../src/libsql/target.js";
import { planned } from "../../src/tune/dry-run.js";
import { planOf } from "./evidence.js";

const way = (url: string) => ({ target: parseTarget(url), ca: undefined });

it("tells every phase's connections, time and queries, and no more than the limits allow", () => {
  const plan = planOf({ maxConnectionsTried: 12, budget: 90_000 });
  const all = planned(plan, { own: way("ws://localhost:1"), other: way("http://localhost:1") });
  expect(all.phases.map(({ phase }) => phase)).toEqual(["cost", "idle", "size", "proof"]);
  expect(all.connections).toBe(12);
  expect(all.duration_ms).toBe(90_000);
  for (const { connections, duration_ms, queries, what } of all.phases) {
    expect(connections).toBeLessThanOrEqual(12);
    expect(duration_ms).toBeGreaterThan(0);
    expect(duration_ms).toBeLessThanOrEqual(90_000);
    expect(queries).toBeGreaterThan(0);
    expect(what).not.toBe("");
  }
});

it("looks for no idle limit of a file", () => {
  const { phases } = planned(planOf(), { own: way("file:local.db"), other: undefined });
  expect(phases.map(({ phase }) => phase)).toEqual(["cost", "size", "proof"]);
});
