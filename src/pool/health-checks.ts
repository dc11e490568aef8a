import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";
import type { Connection } from "../libsql/connection.js";
import { aborted } from "./errors.js";
import type { Lease } from "./lease.js";
import type { Pinger } from "./pinger.js";

/** Pings that say whether a connection is of use, and the account of them. */
export class HealthChecks<C extends Connection> {
  passed = 0;
  failed = 0;
  readonly #pinger: Pinger<C>;

  constructor(pinger: Pinger<C>) {
    this.#pinger = pinger;
  }

  /** Pings a leased connection, which is destroyed when it does not answer. @throws `ABORTED`, or `AUTH_REJECTED` */
  async check(lease: Lease<C>, timeout: Milliseconds, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      await this.#pinger.ping(lease.connection, timeout, signal);
      this.passed++;
      return true;
    } catch (error) {
      // An answer that is still to come must not be taken for that of the next statement.
      if (signal?.aborted) {
        lease.destroy();
        throw aborted(signal);
      }
      this.failed++;
      lease.destroy("health-check-failed");
      if (error instanceof TursoPoolError && error.code === "AUTH_REJECTED") throw error;
      return false;
    }
  }
}
