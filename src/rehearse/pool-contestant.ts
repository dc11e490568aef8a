import type { Milliseconds } from "../core/duration.js";
import type { RemoteTarget } from "../libsql/target.js";
import { createPool } from "../pool/client/create-pool.js";
import type { KeepAlivePoolOptions } from "../pool/config.js";
import type { ContestantMaker } from "./contestant.js";

export interface PoolContestantOptions {
  readonly ca: string | undefined;
  readonly operationTimeout: Milliseconds;
  readonly pool: Omit<KeepAlivePoolOptions, "open" | "clock" | "random">;
}

/** The client over the keep-alive pool, led through the proxy; every name stays the target's. */
export function poolContestant(target: RemoteTarget, options: PoolContestantOptions): ContestantMaker {
  const { ca, operationTimeout, pool } = options;
  const { baseUrl, authToken } = target;
  return {
    name: "pool",
    transport: `${target.transport}${target.tls ? "s" : ""}`,
    make: (via) => {
      const client = createPool({
        ...pool,
        ...{ url: baseUrl.href, via, operationTimeout },
        ...(authToken === undefined ? {} : { authToken }),
        ...(ca === undefined ? {} : { ca }),
      });
      return { client, close: () => client.close() };
    },
  };
}
