import { describe, expect, test } from "vitest";
import { connector } from "#dist/libsql/connector.js";
import { onTestEnd, startServer } from "./server-support.js";

/** So long that a busy machine does not make two at one time look like one after the other. */
const TIME = 500;

describe.each(["ws", "http"] as const)("statements that take their time, over %s", (scheme) => {
  test("run as many at one time as may, and take at least their time", async () => {
    const server = await startServer({ statementTimeMs: TIME, parallelStatements: 2 });
    const open = connector({ url: server.url(scheme) });
    const connections = await Promise.all(
      Array.from({ length: 6 }, () => open(new AbortController().signal)),
    );
    onTestEnd(async () => {
      await Promise.all(connections.map((connection) => connection.close()));
    });
    const startedAt = performance.now();
    const took = await Promise.all(
      connections.map(async ({ client }) => {
        await client.execute("SELECT 1");
        return performance.now() - startedAt;
      }),
    );
    const [first = 0, second = 0, third = 0, , fifth = 0, last = 0] = took.sort((a, b) => a - b);
    expect(first).toBeGreaterThanOrEqual(TIME - 1);
    expect(third).toBeGreaterThanOrEqual(2 * TIME - 1);
    expect(fifth).toBeGreaterThanOrEqual(3 * TIME - 1);
    // Two ran at one time: one by one, the six take six times as long at least, and the second is done after the first.
    expect(second < 2 * TIME || last < 6 * TIME).toBe(true);
  });
});
