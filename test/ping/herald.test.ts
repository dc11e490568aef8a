import { expect, it } from "vitest";
import type { Connect, Connection } from "../../src/libsql/connection.js";
import { Herald } from "../../src/ping/herald.js";

/** Opens when it is told to, and never where it is stopped before. */
function opening() {
  const log: string[] = [];
  let open = (): void => undefined;
  const connect: Connect = (signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => {
        log.push("stopped");
        reject(new Error("stopped"));
      });
      open = () =>
        resolve({
          ping: async () => void log.push("ping"),
          close: async () => void log.push("close"),
        } as unknown as Connection);
    });
  return { log, connect, open: () => open() };
}

it("goes ahead over its connection, and closes it", async () => {
  const { log, connect, open } = opening();
  const herald = new Herald(connect, new AbortController().signal);
  open();
  await Promise.resolve();
  await herald.goAhead();
  await herald[Symbol.asyncDispose]();
  expect(log.filter((what) => what !== "stopped")).toEqual(["ping", "ping", "close"]);
});

it("is not waited for while it has none, neither by a ping nor at the end", async () => {
  const { log, connect } = opening();
  const herald = new Herald(connect, new AbortController().signal);
  await herald.goAhead();
  expect(log).toEqual([]);
  await herald[Symbol.asyncDispose]();
  expect(log).toEqual(["stopped"]);
});

it("gives up when it is stopped", async () => {
  const { log, connect } = opening();
  const stop = new AbortController();
  const herald = new Herald(connect, stop.signal);
  stop.abort();
  await herald.goAhead();
  expect(log).toEqual(["stopped"]);
});
