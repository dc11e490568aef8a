import { expect, test } from "vitest";
import { formatMetrics, newMetrics } from "../../src/server/metrics.js";

test("every counter has its help, its type and its value in Prometheus' format", () => {
  const metrics = { ...newMetrics(), socketsAccepted: 3, statements: 1_000_000 };
  const text = formatMetrics(metrics);
  expect(text).toContain(
    "# HELP turso_pool_server_sockets_accepted_total TCP connections accepted.\n" +
      "# TYPE turso_pool_server_sockets_accepted_total counter\n" +
      "turso_pool_server_sockets_accepted_total 3\n",
  );
  expect(text).toContain("# TYPE turso_pool_server_sockets_open gauge\nturso_pool_server_sockets_open 0\n");
  expect(text).toContain("turso_pool_server_statements_total 1000000\n");
  expect(text.match(/^turso_pool_server_\w+ \d+$/gm)).toHaveLength(Object.keys(metrics).length);
  expect(text.endsWith("\n")).toBe(true);
});
