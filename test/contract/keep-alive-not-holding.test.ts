import { createClient } from "@libsql/client";
import { expect, it } from "vitest";
import { KeepAlivePool, SocketObserver, type Connection, type ObservedSocket } from "#dist/index.js";
import { alertsOf } from "#dist/monitor/health.js";
import { snapshotOf } from "#dist/monitor/snapshot.js";
import { eventually } from "../support/eventually.js";
import { serve } from "../support/servers.js";

it("a ping that comes back over another socket is found, where clients reconnect by themselves", async () => {
  await using target = await serve("ws", { idleTimeoutMs: 300 });
  const observer = new SocketObserver();
  let latest: ObservedSocket | undefined;
  observer.start({ opened: (socket) => (latest = socket) });
  const client = createClient({ url: target.url });
  const reconnecting: Connection = {
    client,
    get socket() {
      return latest;
    },
    open: true,
    ping: async () => {
      await client.execute("SELECT 1");
    },
    onClose: () => undefined,
    close: async () => client.close(),
  };
  try {
    await using pool = new KeepAlivePool({
      open: async () => reconnecting,
      maxConnections: 1,
      keepAliveInterval: 600,
    });
    await pool.use((connection) => connection.client.execute("SELECT 1"));
    await eventually(() => pool.statistics().totalPingsOnAnotherTransport > 0);
    const alerts = alertsOf(snapshotOf(pool), { leakThreshold: 30_000 });
    expect(alerts.find(({ rule }) => rule === "keep-alive-not-holding")?.remedy).toContain("connector()");
    expect(pool.statistics()).toMatchObject({ totalConnectionsCreated: 1, totalPingFailures: 0 });
  } finally {
    observer.stop();
  }
});
