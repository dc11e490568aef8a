import { Alarm } from "../core/alarm.js";
import type { Connection } from "../libsql/connection.js";
import type { KeepAliveConfig } from "./config.js";
import type { ConnectionPool } from "./connection-pool.js";
import type { Entry } from "./entry.js";
import type { PoolObserver } from "./pool-observer.js";
import type { KeepAliveCounts } from "./statistics.js";

/** By how much a ping comes early at most: as a share of the interval. Never late. */
const PING_JITTER = 0.2;

/**
 * Pings each idle connection before it was unproven for `keepAliveInterval`: reserve, ping, then put it back,
 * or close and replace it. Each connection has its own moment, so they do not all ping at once.
 */
export class KeepAliveTask<C extends Connection> implements PoolObserver<C> {
  readonly #pool: ConnectionPool<C>;
  readonly #config: KeepAliveConfig;
  readonly #alarm: Alarm;
  #refreshed = 0;
  #staleDetected = 0;
  #pings = 0;
  #pingFailures = 0;
  #pingsOnAnotherTransport = 0;

  constructor(pool: ConnectionPool<C>, config: KeepAliveConfig) {
    this.#pool = pool;
    this.#config = config;
    this.#alarm = new Alarm(pool.config.clock, () => this.#round());
  }

  start(): void {
    if (this.#config.enableKeepalive && this.#config.enableProactivePing) this.#sleepUntil(Infinity);
  }

  /** The pool was closed. */
  closed(): void {
    this.#alarm.close();
  }

  counts(): KeepAliveCounts {
    return {
      refreshed: this.#refreshed,
      staleDetected: this.#staleDetected,
      pings: this.#pings,
      pingFailures: this.#pingFailures,
      pingsOnAnotherTransport: this.#pingsOnAnotherTransport,
    };
  }

  /** A connection was found stale. */
  doubted(): void {
    this.#staleDetected++;
  }

  /** A stale connection was revalidated, or closed to be replaced. */
  resolved(connection: C, answered: boolean): void {
    this.#refreshed++;
    this.#pool.tell("refreshed", { connection, answered });
  }

  #round(): void {
    const now = this.#pool.config.clock.now();
    let next = Infinity;
    for (const entry of this.#pool.idle()) {
      const due = entry.provenAt + this.#config.keepAliveInterval * (1 - PING_JITTER * entry.jitter);
      if (due <= now) void this.#ping(entry, now - entry.provenAt >= this.#config.staleThreshold);
      else next = Math.min(next, due);
    }
    this.#sleepUntil(next);
  }

  /** A connection that comes free from now on is not due before the shortest interval is over. */
  #sleepUntil(due: number): void {
    const shortest = this.#config.keepAliveInterval * (1 - PING_JITTER);
    this.#alarm.setNoLaterThan(Math.min(due, this.#pool.config.clock.now() + shortest));
  }

  async #ping(entry: Entry<C>, stale: boolean): Promise<void> {
    // The ping before this one may have found out that this connection is closed.
    if (entry.state !== "idle") return;
    if (stale) this.doubted();
    this.#pings++;
    const { clock } = this.#pool.config;
    const { resource: connection, provenAt } = entry;
    const { socket } = connection;
    const sentAt = clock.now();
    const outcome = await this.#pool.probe(entry, this.#config.pingTimeout);
    if (outcome === "abandoned") return;
    const answered = outcome === "answered";
    const sameTransport = connection.socket === socket;
    if (answered && !sameTransport) this.#pingsOnAnotherTransport++;
    const tookMs = clock.now() - sentAt;
    this.#pool.tell("pinged", { connection, answered, tookMs, idleMs: sentAt - provenAt, sameTransport });
    if (stale) this.resolved(connection, answered);
    if (answered) this.#pool.putBack(entry);
    else {
      this.#pingFailures++;
      this.#pool.replace(entry, "ping-failed");
    }
  }
}
