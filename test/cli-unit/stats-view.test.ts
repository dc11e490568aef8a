import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { textView, type StatsView } from "../../src/cli/stats-view.js";
import { alertsOf } from "../../src/monitor/health.js";
import { PLAIN } from "../../src/report/style.js";
import { Screen } from "../support/screen.js";
import { snapshotWith } from "../support/snapshots.js";
import { lookResult } from "../support/stats-results.js";

const unwell = snapshotWith({ statistics: { total_timeouts: 3, peak_waiting: 4, total_created: 1 } });
const alerts = alertsOf(unwell, { leakThreshold: 30_000 });
const stop = new AbortController();
const look = (seconds: number) => lookResult({ elapsed_ms: 1_000 * seconds });

let views: StatsView[];
beforeEach(() => {
  views = [];
  vi.stubEnv("TERM", "xterm");
});
afterEach(() => {
  for (const view of views) view.end();
  vi.unstubAllEnvs();
});

function on(stream: Parameters<typeof textView>[0], stopping = stop.signal): StatsView {
  const view = textView(stream, PLAIN, stopping);
  views.push(view);
  return view;
}

describe("the live view on a terminal", () => {
  it("is a table that is redrawn in place, with the alerts below, and gone at the end", async () => {
    const screen = new Screen();
    screen.write("No --url: watching a pool on an embedded libSQL server.\n");
    const view = on(screen);
    view.show(look(0));
    view.show(lookResult({ elapsed_ms: 2_000, snapshot: unwell, alerts }));
    const shown = await screen.screen();
    expect(shown).toHaveLength(6);
    expect(shown.slice(2)).toEqual([
      expect.stringMatching(/^time active idle/),
      expect.stringMatching(/^ {2}0s {6}0 {4}2/),
      expect.stringMatching(/^ {2}2s .* 1$/),
      "pool-exhaustion 3 callers got no connection within 5s; at most 4 waited at one…",
    ]);
    expect(await screen.cursorColumn()).toBe(0);
    view.end();
    expect(await screen.screen()).toEqual(["No --url: watching a pool on an embedded libSQL server."]);
  });

  it("shows the latest rows that there is room for", async () => {
    const screen = new Screen(80, 8);
    const view = on(screen);
    for (let second = 0; second < 30; second++) view.show(look(second));
    const shown = await screen.screen();
    expect(shown.map((line) => line.slice(0, 4))).toEqual([
      "    ",
      "time",
      " 25s",
      " 26s",
      " 27s",
      " 28s",
      " 29s",
    ]);
    const large = new Screen(80, 50);
    const other = on(large);
    for (let second = 0; second < 30; second++) other.show(look(second));
    expect(await large.screen()).toHaveLength(12);
  });

  it.each([1, 5, 20, 40, 79, 80, 200])("wraps nothing in %i columns", async (columns) => {
    const screen = new Screen(columns, 10);
    const view = on(screen);
    for (let second = 0; second < 20; second++) view.show({ ...look(second), alerts });
    const shown = await screen.screen();
    expect(shown.length).toBeLessThan(10);
    for (const line of shown) expect(line.length).toBeLessThan(Math.max(2, columns));
    view.end();
    expect(await screen.screen()).toEqual([]);
  });

  it("says that it is stopping, over what the terminal echoes for Ctrl-C", async () => {
    const stopping = new AbortController();
    const screen = new Screen();
    on(screen, stopping.signal).show(look(0));
    screen.write("^C");
    stopping.abort();
    const shown = await screen.screen();
    expect(shown.at(-1)).toBe("Stopping; Ctrl-C again ends it at once.");
    expect(shown.join("\n")).not.toContain("^C");
  });
});

describe("the live view elsewhere", () => {
  it.each([
    ["a pipe", "xterm", undefined],
    ["a dumb terminal", "dumb", true as const],
  ])("is a line for each look in %s, and moves no cursor", (_, term, isTTY) => {
    vi.stubEnv("TERM", term);
    const written: string[] = [];
    const view = on({ ...(isTTY ? { isTTY } : {}), write: (text: string) => written.push(text) });
    view.show(look(0));
    view.show(look(2));
    view.end();
    expect(written.map((text) => text.split("\n").length - 1)).toEqual([3, 1, 1]);
    // eslint-disable-next-line no-control-regex
    expect(written.join("")).not.toMatch(/[\x1b\r]/);
  });
});
