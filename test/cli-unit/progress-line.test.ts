import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Progress } from "../../src/bench/progress.js";
import type { TextStream } from "../../src/cli/in-place.js";
import { ProgressLine, type ProgressLineOptions } from "../../src/cli/progress-line.js";
import { ManualClock } from "../../src/core/manual-clock.js";
import { Screen } from "../support/screen.js";

const AT_40: Progress = {
  phase: "measure",
  contestant: "keepalive",
  from: 0.4,
  to: 0.5,
  expectedMs: 2_000,
  leftMs: 12_000,
  extended: false,
  figures: [
    { name: "unpooled", p50: 3.4, p95: 7.123 },
    { name: "client", p50: null, p95: null },
    { name: "keepalive", p50: 0.24, p95: null },
  ],
};
const MANY = Array.from({ length: 12 }, (_, index) => ({ name: `contestant-${index}`, p50: 1, p95: 2 }));

let clock: ManualClock;
let lines: ProgressLine[];
beforeEach(() => {
  clock = new ManualClock();
  lines = [];
});
afterEach(() => {
  for (const line of lines) line.end();
  expect(clock.pendingTimers).toBe(0);
});

function on(stream: TextStream, options: ProgressLineOptions = {}): ProgressLine {
  const line = new ProgressLine(stream, { clock, movesCursor: stream.isTTY === true, ...options });
  lines.push(line);
  return line;
}

describe("progress on a terminal", () => {
  it("is a bar with what is measured and the time left, and the figures so far", async () => {
    const screen = new Screen();
    on(screen).show(AT_40);
    expect(await screen.screen()).toEqual([
      "██████████░░░░░░░░░░░░░░ 40% measuring keepalive, 12 s left",
      "P50/P95 ms: unpooled 3.40/7.12, keepalive 0.240/–",
    ]);
  });

  it("goes on by the clock between what it is told, in place, and waits where it was due", async () => {
    const screen = new Screen();
    on(screen).show(AT_40);
    await clock.advance(1_000);
    expect(await screen.screen()).toEqual([
      "███████████░░░░░░░░░░░░░ 45% measuring keepalive, 11 s left",
      "P50/P95 ms: unpooled 3.40/7.12, keepalive 0.240/–",
    ]);
    expect(screen.writes.length).toBeGreaterThanOrEqual(8);
    expect(screen.writes.length).toBeLessThanOrEqual(10);
    await clock.advance(60_000);
    expect((await screen.screen())[0]).toMatch(/ 50% measuring keepalive, 10 s left$/);
  });

  it("never clears before it writes, which would flicker", async () => {
    const screen = new Screen();
    on(screen).show(AT_40);
    await clock.advance(500);
    // eslint-disable-next-line no-control-regex
    for (const text of screen.writes) expect(text).toMatch(/^\r(\x1b\[\dA)?[█░]/);
  });

  it("is gone at the end, with what was above it still there, and stays gone", async () => {
    const screen = new Screen();
    screen.write("No --url: measuring an embedded server.\n");
    const line = on(screen);
    line.show(AT_40);
    await clock.advance(500);
    line.end();
    line.show(AT_40);
    await clock.advance(500);
    expect(await screen.screen()).toEqual(["No --url: measuring an embedded server."]);
    screen.write("Result\n");
    expect(await screen.screen()).toEqual(["No --url: measuring an embedded server.", "Result"]);
  });

  it("leaves nothing of a frame that had more lines", async () => {
    const screen = new Screen(40);
    const line = on(screen);
    line.show({ ...AT_40, figures: MANY.slice(0, 4) });
    expect((await screen.screen()).length).toBeGreaterThan(2);
    line.show({ ...AT_40, figures: [], leftMs: null });
    expect(await screen.screen()).toEqual([expect.stringMatching(/ 40% measuring keepalive$/)]);
  });

  it("works on the last lines of a terminal, where every new line scrolls", async () => {
    const screen = new Screen(80, 6);
    for (let index = 0; index < 9; index++) screen.write(`before ${index}\n`);
    const line = on(screen);
    line.show({ ...AT_40, figures: MANY });
    await clock.advance(1_000);
    line.end();
    expect(await screen.screen()).toEqual(Array.from({ length: 9 }, (_, index) => `before ${index}`));
  });

  it.each([1, 2, 3, 5, 10, 20, 30, 41, 60, 79, 80, 120, 200])(
    "wraps nothing in %i columns",
    async (columns) => {
      const screen = new Screen(columns);
      const line = on(screen);
      line.show({ ...AT_40, figures: MANY, extended: true });
      await clock.advance(1_000);
      const shown = await screen.screen();
      expect(shown.length).toBeLessThanOrEqual(5);
      for (const row of shown) expect(row.length).toBeLessThan(Math.max(2, columns));
      expect(await screen.cursorColumn()).toBe(0);
      line.end();
      expect(await screen.screen()).toEqual([]);
    },
  );

  it("says when there are more figures than there is room for", async () => {
    const screen = new Screen(40);
    on(screen).show({ ...AT_40, figures: MANY });
    const shown = await screen.screen();
    expect(shown).toHaveLength(5);
    expect(shown.at(-1)).toMatch(/…$/);
    const low = new Screen(80, 2);
    on(low).show({ ...AT_40, figures: MANY });
    expect(await low.screen()).toHaveLength(1);
  });

  it.each([
    [100, 50],
    [100, 30],
    [50, 100],
    [80, 12],
  ])(
    "follows a terminal that is resized from %i columns to %i, and leaves nothing behind",
    async (from, to) => {
      const screen = new Screen(from);
      screen.write("above\n");
      const line = on(screen);
      line.show({ ...AT_40, figures: MANY.slice(0, 6) });
      await clock.advance(500);
      await screen.resize(to);
      await clock.advance(500);
      const fresh = new Screen(to);
      fresh.write("above\n");
      on(fresh).show({ ...AT_40, figures: MANY.slice(0, 6), from: 0.45, leftMs: 11_000, expectedMs: null });
      expect(await screen.screen()).toEqual(await fresh.screen());
      line.end();
      expect(await screen.screen()).toEqual(["above"]);
    },
  );

  it("draws over what a terminal echoes for Ctrl-C, and says that it is stopping", async () => {
    const screen = new Screen();
    const stop = new AbortController();
    on(screen, { stopping: stop.signal }).show(AT_40);
    screen.write("^C");
    stop.abort();
    await clock.advance(200);
    expect(await screen.screen()).toEqual([
      expect.stringMatching(/^█+░+ 40% stopping; Ctrl-C again ends it at once$/),
      "P50/P95 ms: unpooled 3.40/7.12, keepalive 0.240/–",
    ]);
  });

  it("takes a terminal that does not know its size for one of 80 columns", () => {
    const writes: string[] = [];
    const stream = { isTTY: true, columns: 0, rows: 0, write: (text: string) => writes.push(text) };
    on(stream).show(AT_40);
    expect(writes.join("")).toContain("measuring keepalive, 12 s left");
  });

  it("is taken away when the process exits in mid-run, and forgets the process when it ended before", async () => {
    const before = process.listenerCount("exit");
    const screen = new Screen();
    const line = on(screen);
    line.show(AT_40);
    expect(process.listenerCount("exit")).toBe(before + 1);
    (process.listeners("exit").at(-1) as () => void)();
    expect(await screen.screen()).toEqual([]);
    line.end();
    expect(process.listenerCount("exit")).toBe(before);
  });
});

describe("progress off a terminal", () => {
  function plain(): { stream: TextStream; written: string[] } {
    const written: string[] = [];
    return { stream: { write: (text: string) => written.push(text) }, written };
  }

  it("is a line every 5 s, and none before that, and moves no cursor", async () => {
    const { stream, written } = plain();
    const line = on(stream);
    line.show({ ...AT_40, expectedMs: 20_000, leftMs: 90_000 });
    await clock.advance(4_900);
    line.show({ ...AT_40, from: 0.42, to: 0.5, leftMs: 85_100, expectedMs: 20_000 });
    expect(written).toEqual([]);
    await clock.advance(100);
    expect(written).toEqual([
      "42% measuring keepalive, 1 min 25 s left, P50/P95 ms: unpooled 3.40/7.12, keepalive 0.240/–\n",
    ]);
    await clock.advance(10_000);
    expect(written).toHaveLength(3);
    line.end();
    expect(written).toHaveLength(3);
  });

  it.each([
    [{ phase: "warmup", from: 0, to: 0, leftMs: null, figures: [] }, "0% warming up keepalive\n"],
    [{ figures: [], expectedMs: null }, "40% measuring keepalive, 7 s left\n"],
    [{ figures: [], expectedMs: null, leftMs: 2 }, "40% measuring keepalive\n"],
    [{ figures: [], leftMs: 3_720_000 }, "50% measuring keepalive, 1 h 1 min left\n"],
    [
      { figures: [], extended: true, leftMs: null },
      "50% measuring keepalive (more rounds: a gate cannot tell yet)\n",
    ],
  ] as const)("%j: %s", async (change, told) => {
    const { stream, written } = plain();
    on(stream).show({ ...AT_40, ...change });
    await clock.advance(5_000);
    expect(written).toEqual([told]);
  });

  it("is what a dumb terminal gets", async () => {
    const written: string[] = [];
    const stream = { isTTY: true, columns: 80, write: (text: string) => written.push(text) };
    on(stream, { movesCursor: false }).show(AT_40);
    await clock.advance(5_000);
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^50% measuring/);
  });
});
