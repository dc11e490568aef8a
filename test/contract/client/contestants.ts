import { createClient, type Client, type Config } from "@libsql/client";
import { createPool } from "#dist/index.js";

/** Two ways to get a client from the same options, or from what should be options. */
export const CONTESTANTS = {
  plain: (config: Config): Client => createClient(config),
  pooled: (config: Config): Client => createPool(config),
};

export type Kind = keyof typeof CONTESTANTS;
