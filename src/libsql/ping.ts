import type { Client } from "@libsql/client";
import { unlessAborted } from "../core/unless-aborted.js";
import { statementError } from "./connection-errors.js";

/** Runs a statement on a client, until the signal aborts. The client itself has no way to stop one. */
export async function ping(
  client: Client,
  where: string,
  signal: AbortSignal,
  sql = "SELECT 1",
): Promise<void> {
  signal.throwIfAborted();
  try {
    await unlessAborted(client.execute(sql), signal);
  } catch (cause) {
    throw signal.aborted ? (signal.reason as Error) : statementError(where, cause);
  }
}
