// The soak's world, in a process of its own: the server, and for each client a proxy in front of it.
import { setTimeout as sleep } from "node:timers/promises";
import { FaultProxy } from "../../dist/rehearse/proxy/fault-proxy.js";
import { startEmbeddedServer } from "../../dist/server/embedded-server.js";
import { serve } from "./helper.js";

const RESTARTS = 20;

let server;
let options;
const proxies = new Map();

async function kill() {
  process.kill(server.pid, "SIGKILL");
  await server.exited;
}

/** On the same port and file. A connection that somebody tried to open meanwhile may sit on the port for a moment. */
async function restart() {
  for (let left = RESTARTS; ; left--) {
    try {
      server = await startEmbeddedServer(options);
      return;
    } catch (error) {
      if (left === 0) throw error;
      await sleep(100);
    }
  }
}

async function end() {
  for (const proxy of proxies.values()) await proxy.close();
  // A process that is stopped hears nothing.
  await signal("SIGCONT");
  await server?.close();
}

async function signal(name) {
  try {
    process.kill(server.pid, name);
  } catch {
    // It is gone.
  }
}

serve(
  {
    async start({ databaseFile, streamExpiryMs, names, seed }) {
      server = await startEmbeddedServer({ databaseFile, streamExpiryMs });
      const { host, port } = server;
      options = { databaseFile, streamExpiryMs, port };
      for (const [index, name] of names.entries()) {
        proxies.set(name, await FaultProxy.listen({ host, port, seed: seed + index }));
      }
      return Object.fromEntries([...proxies].map(([name, proxy]) => [name, proxy.port]));
    },
    inject: (name, fault) => proxies.get(name).inject(fault),
    heal: (name) => proxies.get(name).heal(),
    kill,
    restart,
    signal,
    async status() {
      const seen = [...proxies].map(([name, { open, peak, accepted }]) => [name, { open, peak, accepted }]);
      return { proxies: Object.fromEntries(seen), server: await server.metrics() };
    },
  },
  end,
);
