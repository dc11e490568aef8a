import type { Client } from "@libsql/client";
import { statementError } from "./connection-errors.js";

/** Runs a statement on a client, until the signal aborts. The client itself has no way to stop one. */
export async function ping(
  client: Client,
  where: string,
  signal: AbortSignal,
  sql = "SELECT 1",
): Promise<void> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    await Promise.race([client.execute(sql), aborted]);
  } catch (cause) {
    throw signal.aborted ? (signal.reason as Error) : statementError(where, cause);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
