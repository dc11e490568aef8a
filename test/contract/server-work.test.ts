import { describe, expect, test } from "vitest";
import { connector } from "#dist/libsql/connector.js";
import { onTestEnd, startServer } from "./server-support.js";

describe.each(["ws", "http"] as const)("statements that take their time, over %s", (scheme) => {
  test("run no more at one time than may, and take at least their time", async () => {
    const server = await startServer({ statementTimeMs: 30, parallelStatements: 2 });
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
    const [first = 0, , third = 0, , fifth = 0] = took.sort((a, b) => a - b);
    expect(first).toBeGreaterThanOrEqual(29);
    expect(third).toBeGreaterThanOrEqual(59);
    expect(fifth).toBeGreaterThanOrEqual(89);
  });
});
