import { ManualClock } from "../../src/core/manual-clock.js";
import { ClientCore } from "../../src/pool/client/client-core.js";
import { resolveClient, type PooledClientOptions } from "../../src/pool/client/options.js";
import { PooledClient } from "../../src/pool/client/pooled-client.js";
import { Session } from "../../src/pool/client/session.js";
import { FakeLibsql } from "./fake-libsql.js";

type ClientOptions = Partial<Omit<PooledClientOptions, "url" | "authToken">>;

/** A PooledClient over a scripted database, on a manual clock, with nothing open at the start. */
export function pooledClient(
  options: ClientOptions = {},
  setup: { readonly rotates?: boolean; readonly random?: () => number } = {},
) {
  const clock = new ManualClock();
  const database = new FakeLibsql(clock);
  const config = resolveClient(options as PooledClientOptions);
  const pool = { minConnections: 0, clock, random: setup.random ?? (() => 0), ...options };
  const core = new ClientCore({
    config,
    rotates: setup.rotates ?? false,
    begin: () => new Session(database, pool, config),
  });
  return { clock, database, client: new PooledClient(core) };
}
