import { expect, test } from "vitest";
import { createPool } from "#dist/index.js";
import { eventually } from "../../support/eventually.js";
import { serve } from "../../support/servers.js";

test.each(["ws", "http"] as const)(
  "a pooled client opens its first connections by itself over %s",
  async (scheme) => {
    await using server = await serve(scheme);
    await using client = createPool({ url: server.url, minConnections: 3 });
    await eventually(() => client.statistics().idleConnections === 3);
    expect(client.statistics().totalOpenFailures).toBe(0);
  },
);
