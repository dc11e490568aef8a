import type { Client, Transaction, TransactionMode } from "@libsql/client";
import type { Case, Stage, Transport } from "../case.js";
import { told, type Told } from "../outcome.js";

export const MODES: readonly TransactionMode[] = ["write", "read", "deferred"];

export const rows = (client: Client): Promise<Told> => told(() => client.execute("SELECT a FROM t"));

type Story = (tx: Transaction, client: Client, stage: Stage) => Promise<unknown>;

/** A story of one transaction on a table with one row, whether it is closed, and what the table has then. */
export const story = (
  name: string,
  mode: TransactionMode | undefined,
  tell: Story,
  on?: readonly Transport[],
): Case => ({
  name,
  ...(on === undefined ? {} : { on }),
  run: async (client, stage) => {
    await client.executeMultiple("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES ('there before')");
    const tx = await client.transaction(mode);
    try {
      const heard = await told(() => tell(tx, client, stage));
      const closed = tx.closed;
      tx.close();
      return [heard, closed, tx.closed, await rows(client)];
    } finally {
      tx.close();
    }
  },
});

export const insert = (tx: Transaction, value: string) =>
  told(() => tx.execute({ sql: "INSERT INTO t VALUES (?)", args: [value] }));
