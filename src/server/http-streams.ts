import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock, Timer } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { RequestError } from "./hrana-errors.js";
import type { ServerMetrics } from "./metrics.js";
import { SqlStore } from "./sql-store.js";
import { SqlStream, type StreamContext } from "./sql-stream.js";

export interface HttpStreamsOptions {
  readonly context: StreamContext;
  readonly clock: Clock;
  readonly metrics: ServerMetrics;
  /** How long a stream lives without a request. */
  readonly expiry: Milliseconds;
}

interface Entry {
  readonly id: string;
  readonly stream: SqlStream;
  readonly sqls: SqlStore;
  /** What the next baton has to show; changes with each request, so that a baton works once. */
  secret: Buffer;
  /** With a request, or waiting for one; the expiry runs when there is nothing left to do. */
  state: "in-use" | "waiting" | "closed";
  expiry: Timer | undefined;
}

/** A stream in the hands of one request. Ends with either `keep` or `close`. */
export interface HttpStreamLease {
  readonly stream: SqlStream;
  readonly sqls: SqlStore;
  /**
   * Keeps the stream for a next request, which has to show the baton that is returned.
   * @param until a cursor that is still being read: the time without a request starts when it ends.
   * It must not reject.
   */
  keep(until?: Promise<void>): string;
  close(): Promise<void>;
}

const SECRET_BYTES = 24;
/** sqld's limits for texts stored by a stream over HTTP. */
const SQL_STORE_LIMITS = { maxTexts: 50, maxTextLength: 5_000 };

/**
 * The streams of Hrana over HTTP: between two requests each is found by its baton.
 *
 * A baton is `<id>.<secret>`; the secret is 192 random bits, so that it cannot be guessed, and is
 * compared in constant time.
 */
export class HttpStreams {
  readonly #options: HttpStreamsOptions;
  readonly #entries = new Map<string, Entry>();
  #lastId = 0;

  constructor(options: HttpStreamsOptions) {
    this.#options = options;
  }

  /**
   * The stream of a baton, or a new one.
   * @throws {RequestError} `STREAM_EXPIRED` for a baton that is unknown, expired, used or in use;
   * `TOO_MANY_STREAMS`.
   */
  async acquire(baton: string | undefined): Promise<HttpStreamLease> {
    if (baton !== undefined) return this.#lease(this.#find(baton));
    const stream = await SqlStream.open(this.#options.context);
    this.#lastId++;
    const entry: Entry = {
      id: this.#lastId.toString(36),
      stream,
      sqls: new SqlStore(SQL_STORE_LIMITS),
      secret: randomBytes(SECRET_BYTES),
      state: "in-use",
      expiry: undefined,
    };
    this.#entries.set(entry.id, entry);
    return this.#lease(entry);
  }

  /** Closes every stream. */
  async close(): Promise<void> {
    await Promise.all([...this.#entries.values()].map((entry) => this.#close(entry)));
  }

  #find(baton: string): Entry {
    const dot = baton.indexOf(".");
    const entry = this.#entries.get(baton.slice(0, Math.max(dot, 0)));
    const secret = Buffer.from(baton.slice(dot + 1), "base64url");
    if (!entry || secret.length !== SECRET_BYTES) {
      throw expired("The stream has expired due to inactivity, or was never opened here");
    }
    if (!timingSafeEqual(secret, entry.secret) || entry.state !== "waiting") {
      throw expired("Received a baton that has already been used");
    }
    entry.state = "in-use";
    this.#unwatch(entry);
    return entry;
  }

  #lease(entry: Entry): HttpStreamLease {
    return {
      stream: entry.stream,
      sqls: entry.sqls,
      keep: (until) => {
        entry.secret = randomBytes(SECRET_BYTES);
        entry.state = "waiting";
        if (until) void until.then(() => this.#watch(entry));
        else this.#watch(entry);
        return `${entry.id}.${entry.secret.toString("base64url")}`;
      },
      close: () => this.#close(entry),
    };
  }

  #watch(entry: Entry): void {
    if (entry.state !== "waiting") return;
    this.#unwatch(entry);
    const { clock, expiry, metrics } = this.#options;
    entry.expiry = clock.schedule(expiry, () => {
      metrics.streamsExpired++;
      void this.#close(entry);
    });
    entry.expiry.unref();
  }

  #unwatch(entry: Entry): void {
    entry.expiry?.cancel();
    entry.expiry = undefined;
  }

  async #close(entry: Entry): Promise<void> {
    entry.state = "closed";
    this.#entries.delete(entry.id);
    this.#unwatch(entry);
    await entry.stream.close();
  }
}

function expired(message: string): RequestError {
  return new RequestError("STREAM_EXPIRED", message);
}
