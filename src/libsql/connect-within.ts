import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";
import type { Connect, Connection } from "./connection.js";

/** Opens one connection outside any pool. @throws `CONNECT_TIMEOUT` when it is not open within `timeout`. */
export async function connectWithin<C extends Connection>(
  connect: Connect<C>,
  where: string,
  timeout: Milliseconds,
  signal?: AbortSignal,
): Promise<C> {
  signal?.throwIfAborted();
  const attempt = new AbortController();
  const abort = (): void => attempt.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => attempt.abort(timedOut(where, timeout)), timeout);
  try {
    return await connect(attempt.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

function timedOut(where: string, timeout: Milliseconds): TursoPoolError {
  return new TursoPoolError("CONNECT_TIMEOUT", `${where}: no connection within ${timeout} ms`, {
    hint: "Check the host, the port and any firewall on the way, or raise --connect-timeout.",
  });
}
