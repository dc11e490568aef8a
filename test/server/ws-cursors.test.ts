import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EngineFixture } from "./fixture.js";
import { batch, execute, open, SessionFixture } from "./session-fixture.js";

let engine: EngineFixture;
let client: SessionFixture;
beforeEach(() => {
  engine = new EngineFixture();
  client = new SessionFixture(engine, 3);
});
afterEach(async () => {
  await client.session.end();
  expect(engine.metrics.streamsOpen).toBe(0);
  engine.dispose();
});

describe("cursors", () => {
  beforeEach(() => client.hello());
  const openCursor = (...sqls: string[]) => ({
    type: "open_cursor",
    stream_id: 1,
    cursor_id: 4,
    batch: batch(...sqls),
  });
  const fetch = (max: number) => ({ type: "fetch_cursor", cursor_id: 4, max_count: max });

  test("are read piece by piece", async () => {
    const answers = await client.ask(
      open,
      openCursor("SELECT 1", "SELECT 2"),
      fetch(2),
      fetch(0),
      fetch(100),
      fetch(1),
    );
    expect(answers[2]?.response).toMatchObject({
      entries: [{ type: "step_begin" }, { type: "row" }],
      done: false,
    });
    expect(answers[3]?.response).toMatchObject({ entries: [], done: false });
    expect(answers[4]?.response).toMatchObject({
      entries: [{ type: "step_end" }, { type: "step_begin" }, { type: "row" }, { type: "step_end" }],
      done: true,
    });
    expect(answers[5]?.response).toMatchObject({ entries: [], done: true });
  });

  test("are one per stream at a time", async () => {
    const [, , closed, second] = await client.ask(
      open,
      openCursor("SELECT 1"),
      { type: "close_cursor", cursor_id: 4 },
      openCursor("SELECT 2"),
    );
    expect([closed?.type, second?.type]).toEqual(["response_ok", "response_ok"]);
    await client.ask(openCursor("SELECT 3"));
    expect(client.closed).toEqual([1008, "Stream 1 already has an open cursor"]);
  });

  test("do not disturb, and are not disturbed by, the same statement run meanwhile", async () => {
    const sql = "SELECT id FROM items ORDER BY id LIMIT 300";
    await client.ask(open, openCursor(sql), fetch(3));
    const [executed, rest] = await client.ask(execute(sql), fetch(1_000));
    expect(executed?.response?.result).toHaveProperty("rows.length", 300);
    expect(rest?.response).toHaveProperty("entries.length", 299);
  });

  test("end with their stream, and with the session", async () => {
    await client.ask(open, openCursor("SELECT * FROM items"), fetch(5));
    const [closed] = await client.ask({ type: "close_stream", stream_id: 1 });
    expect(closed?.response?.type).toBe("close_stream");
    await client.ask(open, openCursor("SELECT * FROM items"), fetch(5));
    await client.session.end();
    expect(engine.metrics.streamsOpen).toBe(0);
    expect(engine.metrics.handlesOpened).toBe(1);
  });
});
