import type { Client, ResultSet } from "@libsql/client";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../../src/core/manual-clock.js";
import { Callers, STATEMENT } from "../../src/rehearse/callers.js";

type Behaviour = () => Promise<ResultSet>;

const rows = (value: number): ResultSet => ({ rows: [[value]] }) as unknown as ResultSet;
const right: Behaviour = async () => rows(1);
const wrong: Behaviour = async () => rows(7);
const silent: Behaviour = () => new Promise(() => undefined);
const failing =
  (error: unknown): Behaviour =>
  async () => {
    throw error;
  };

/** Two callers, ten calls a second, who wait for 2 s. */
function scene() {
  const clock = new ManualClock();
  const asked: string[] = [];
  let behaviour = right;
  const execute = ((sql: string) => {
    asked.push(sql);
    return behaviour();
  }) as Client["execute"];
  const contestant = { client: { execute }, close: async () => undefined };
  const callers = new Callers({ contestant, clock, callers: 2, perSecond: 10, patience: 2_000 });
  return {
    clock,
    asked,
    callers,
    as: (other: Behaviour) => (behaviour = other),
    /** All that was seen, once whoever is still waiting has given up. */
    seen: async () => {
      const seen = callers.stop();
      await clock.advance(2_000);
      return seen;
    },
  };
}

describe("callers in a rehearsal", () => {
  it("ask at their rate, and only read", async () => {
    const { clock, asked, seen } = scene();
    await clock.advance(950);
    expect(asked).toEqual(Array.from({ length: 10 }, () => STATEMENT));
    expect(await seen()).toMatchObject({
      calls: 10,
      answered: 10,
      failed: 0,
      hangs: 0,
      recovered_after_ms: null,
    });
    expect(clock.pendingTimers).toBe(0);
  });

  it("count what was wrong, failed and hung apart", async () => {
    const { clock, as, seen } = scene();
    await clock.advance(950);
    as(wrong);
    await clock.advance(200);
    as(failing(Object.assign(new Error("gone"), { code: "CONNECTION_CLOSED" })));
    await clock.advance(400);
    as(failing(new TypeError("fetch failed")));
    await clock.advance(200);
    as(silent);
    await clock.advance(200);
    expect(await seen()).toEqual({
      ...{ calls: 20, answered: 10, wrong_answers: 2, failed: 6, hangs: 2 },
      errors: [
        { code: "CONNECTION_CLOSED", count: 4, message: "gone" },
        { code: "TypeError", count: 2, message: "fetch failed" },
      ],
      ...{ longest_stall_ms: 2_000, recovered_after_ms: null },
    });
  });

  it("go on after a hang, and tell when the first answer came after the fault", async () => {
    const { clock, as, callers, seen } = scene();
    as(silent);
    await clock.advance(1_000);
    callers.healed();
    as(right);
    let hasRecovered = false;
    void callers.recovered.then(() => (hasRecovered = true));
    await clock.advance(999);
    expect(hasRecovered).toBe(false);
    await clock.advance(1);
    expect(hasRecovered).toBe(true);
    expect(await seen()).toMatchObject({ hangs: 2, recovered_after_ms: 1_000, longest_stall_ms: 2_000 });
  });

  it("never show a secret that an error repeats", async () => {
    const { clock, as, seen } = scene();
    as(failing(new Error("http://host/?authToken=eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl said no")));
    await clock.advance(100);
    const { errors } = await seen();
    expect(errors[0]?.message).not.toContain("c2lnbmF0dXJl");
  });

  it("leave at once when they are told to", async () => {
    const { clock, as, callers } = scene();
    as(silent);
    await clock.advance(500);
    await callers.leave();
    expect(clock.pendingTimers).toBe(0);
  });
});
