// Three ways to use one database, as their users would write them.
import { createClient } from "@libsql/client";
import genericPool from "generic-pool";
import { createPool } from "../../dist/index.js";

/** Connections that a pool may have. */
export const MOST_CONNECTIONS = 10;
/** Ours gives every call this long. The others know no such thing. */
export const OPERATION_TIMEOUT = 3_000;

export const CONTESTANTS = {
  plain: {
    title: "plain client",
    make: (url) => {
      const client = createClient({ url });
      return { execute: (statement) => client.execute(statement), close: async () => client.close() };
    },
  },
  "generic-pool": {
    title: "generic-pool",
    make: (url) => {
      const pool = genericPool.createPool(
        {
          create: async () => createClient({ url }),
          destroy: async (client) => client.close(),
          validate: async (client) => {
            try {
              await client.execute("SELECT 1");
              return true;
            } catch {
              return false;
            }
          },
        },
        {
          min: 1,
          max: MOST_CONNECTIONS,
          testOnBorrow: true,
          acquireTimeoutMillis: 5_000,
          idleTimeoutMillis: 30_000,
          evictionRunIntervalMillis: 10_000,
        },
      );
      return {
        execute: (statement) => pool.use((client) => client.execute(statement)),
        close: async () => {
          // What is never given back would keep drain() waiting for ever.
          await Promise.race([pool.drain(), new Promise((resolve) => setTimeout(resolve, 500).unref())]);
          await Promise.race([pool.clear(), new Promise((resolve) => setTimeout(resolve, 500).unref())]);
        },
      };
    },
  },
  ours: {
    title: "createPool",
    make: (url) => {
      const client = createPool({
        url,
        maxConnections: MOST_CONNECTIONS,
        operationTimeout: OPERATION_TIMEOUT,
      });
      return { execute: (statement) => client.execute(statement), close: () => client.close() };
    },
  },
};
