import type { Client } from "@libsql/client";
import { told } from "../outcome.js";

/** Whatever one can do with a client. */
export const USES: readonly (readonly [name: string, use: (client: Client) => unknown])[] = [
  ["execute()", (client) => client.execute("SELECT 1 AS one")],
  ["batch()", (client) => client.batch(["SELECT 1 AS one"])],
  ["migrate()", (client) => client.migrate(["SELECT 1 AS one"])],
  ["executeMultiple()", (client) => client.executeMultiple("SELECT 1")],
  [
    "transaction()",
    async (client) => {
      const tx = await client.transaction("write");
      await tx.execute("SELECT 1");
      await tx.commit();
      return tx.closed;
    },
  ],
];

export const everyUse = async (client: Client): Promise<unknown[]> => {
  const outcomes: unknown[] = [];
  for (const [name, use] of USES) outcomes.push([name, await told(() => use(client))]);
  return outcomes;
};
