import { expect, it } from "vitest";
import { ManualClock } from "../../src/core/manual-clock.js";
import { Trace } from "../../src/ping/trace.js";

function setUp() {
  const clock = new ManualClock();
  const trace = new Trace(clock);
  trace.begin();
  return { trace, after: (duration: number) => clock.advance(duration) };
}

it("ends the statement when the answer came, not when the client has read it", async () => {
  const { trace, after } = setUp();
  await after(10);
  trace.received('{"type":"response_ok"}');
  await after(5);
  trace.answered("statement");
  expect([trace.phases, trace.total]).toEqual([{ statement: 10 }, 10]);
});

it("of a file there is no message: the statement ends when the client has its answer", async () => {
  const { trace, after } = setUp();
  await after(1);
  trace.passed("file");
  await after(2);
  trace.answered("statement");
  expect([trace.phases, trace.total]).toEqual([{ open: 1, statement: 2 }, 3]);
});

it("takes hello_ok for the end of hello once, and only after an upgrade", async () => {
  const { trace, after } = setUp();
  trace.received('{"type":"hello_ok"}');
  expect(trace.phases).toEqual({});
  trace.passed("upgrade");
  await after(20);
  trace.received('{"type":"hello_ok"}');
  await after(3);
  trace.received('{"type":"hello_ok"}');
  trace.answered("statement");
  expect(trace.phases).toEqual({ upgrade: 0, hello: 20, statement: 3 });
});

it("does not believe a server time that is longer than the answer took to come", async () => {
  const { trace, after } = setUp();
  const answered = async (serverTime: string) => {
    trace.begin();
    await after(20);
    trace.received(`{"query_duration_ms":${serverTime}}`);
    trace.answered("statement");
    return trace.serverTime;
  };
  expect([await answered("19"), await answered("1e300"), await answered("21")]).toEqual([19, null, null]);
  trace.passed("upgrade");
  await after(20);
  trace.received('{"type":"hello_ok"}');
  trace.received('{"query_duration_ms":19}');
  trace.answered("statement");
  expect(trace.serverTime).toBe(19);
});

it.each([
  ['{"result":{"cols":[],"query_duration_ms":0.125}}', 0.125],
  ['{"query_duration_ms": 1.5e-2}', 0.015],
  ['{"query_duration_ms":1e999}', null],
  ['{"query_duration_ms":-1}', null],
  ['{"query_duration_ms":"soon"}', null],
  ['{"result":{}}', null],
])("reads the server's own time in %s as %s", (text, time) => {
  const { trace } = setUp();
  trace.received(text);
  expect(trace.serverTime).toBe(time);
  trace.begin();
  expect(trace.serverTime).toBeNull();
});
