import type { Milliseconds } from "../core/duration.js";
import { connectWithin } from "../libsql/connect-within.js";
import type { Connect } from "../libsql/connection.js";
import { ping } from "../libsql/ping.js";
import { within, type Patience } from "./within.js";

/**
 * Opens one connection and sends one statement: what is wrong with a database shows here, as one error.
 * @throws what the database or the network says; `ABORTED` by the signal's reason
 */
export async function preflight(
  connect: Connect,
  patience: Patience & { readonly connectTimeout: Milliseconds },
  signal: AbortSignal,
): Promise<void> {
  const { where, connectTimeout } = patience;
  const connection = await connectWithin(connect, where, connectTimeout, signal);
  try {
    await within(patience, async (late) => {
      // Reads a page, so that a file which is no database is found out.
      await ping(
        connection.client,
        where,
        AbortSignal.any([signal, late]),
        "SELECT count(*) FROM sqlite_schema",
      );
    });
  } finally {
    await connection.close();
  }
}
