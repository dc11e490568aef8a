import { Deadline } from "../../bench/deadline.js";
import { Recorder } from "../../bench/recorder.js";
import { runBlock } from "../../bench/run-block.js";
import { statementSource, type WeightedQuery } from "../../bench/workload.js";
import type { Milliseconds } from "../../core/duration.js";
import { TursoPoolError } from "../../core/errors.js";
import { pause } from "../../core/pause.js";
import type { Random } from "../../core/random.js";
import { connectWithin } from "../../libsql/connect-within.js";
import { statementError } from "../../libsql/connection-errors.js";
import { within } from "../../watch/within.js";
import { seated } from "../seated.js";
import type { Site, Way } from "../site.js";
import { Crew } from "./crew.js";
import { LevelStrategy } from "./level-strategy.js";
import { isRefusal } from "./refusal.js";

/** Why there is no going on at a level. */
export type Trouble =
  /** The database takes no more at one time, or fails too often, but lives. */
  | { readonly kind: "refused" | "failures"; readonly error: TursoPoolError }
  /** It cannot be used any more. */
  | { readonly kind: "dead"; readonly error: TursoPoolError };

/** A block has no more operations than this, however fast they are: that is enough for any figure. */
export const MOST_OPERATIONS = 2_000;
/** The share of failures that is borne, and how many of them are no accident. */
const FAILURES_BORNE = 0.01;
const NO_ACCIDENT = 2;
/** How often, and after what silence, it is asked whether the database lives. */
const ATTEMPTS = 2;
const LULL: Milliseconds = 100;
/** What sockets and garbage of the block before need to be done with. */
const SETTLE: Milliseconds = 10;

/** Runs blocks at levels of concurrency, on connections of its own. */
export class Sweep {
  readonly #site: Site;
  readonly #way: Way;
  readonly #crew: Crew;
  readonly #deadline: Deadline;
  readonly #nextSql: () => string;
  readonly #signal: AbortSignal;
  #queries = 0;

  /** @param signal ends whatever is under way, by closing its connections. */
  constructor(site: Site, way: Way, queries: readonly WeightedQuery[], random: Random, signal: AbortSignal) {
    this.#site = site;
    this.#way = way;
    this.#signal = signal;
    this.#crew = new Crew(site, way, signal);
    this.#deadline = new Deadline(site.timeout, site.display);
    this.#nextSql = statementSource(queries, random);
    signal.addEventListener("abort", this.#abandon, { once: true });
  }

  /** Statements that were sent. */
  get queries(): number {
    return this.#queries;
  }

  /**
   * Runs a block, in which `level` callers have one operation each at a time. When the signal aborted meanwhile, what was
   * recorded is no measurement.
   */
  async block(level: number, duration: Milliseconds, recorder: Recorder): Promise<Trouble | undefined> {
    const unopened = await this.#crew.muster(level);
    if (this.#isStopped()) return undefined;
    if (unopened !== undefined) return this.#trouble(unopened);
    await pause(this.#site.clock, SETTLE, this.#signal);
    const ended = new AbortController();
    const strategy = new LevelStrategy({
      connections: this.#crew.send(level),
      where: this.#site.display,
      mostOperations: MOST_OPERATIONS,
      stop: () => ended.abort(),
    });
    const signal = AbortSignal.any([ended.signal, this.#signal]);
    const [deadline, nextSql] = [this.#deadline, this.#nextSql];
    const length = { kind: "duration", duration } as const;
    await runBlock({ strategy, nextSql, length, concurrency: level, recorder, deadline, signal });
    this.#queries += strategy.queries;
    await this.#crew.keepOnly(strategy.returned);
    if (this.#isStopped() || !isTooMany(recorder)) return undefined;
    return this.#trouble(recorder.firstError);
  }

  #isStopped(): boolean {
    return this.#signal.aborted;
  }

  /** Closes all that is open. Idempotent. */
  async close(): Promise<void> {
    this.#signal.removeEventListener("abort", this.#abandon);
    this.#deadline.close();
    await this.#crew.close();
  }

  readonly #abandon = (): void => void this.#crew.close();

  async #trouble(cause: unknown): Promise<Trouble> {
    const error = asTold(this.#site.display, cause);
    if (isRefusal(cause)) return { kind: "refused", error };
    const dead = await this.#causeOfDeath();
    if (dead !== undefined) return { kind: "dead", error: dead };
    // It lives, and yet opened no more: it has as many as it takes.
    return {
      kind: cause instanceof TursoPoolError && OPENING.has(cause.code) ? "refused" : "failures",
      error,
    };
  }

  /** Asks for one thing on one new connection: `undefined` when that is answered, be it by a refusal. */
  async #causeOfDeath(): Promise<TursoPoolError | undefined> {
    const { clock, timeout, display: where, connectTimeout, seats } = this.#site;
    // Its seats are for the one that asks.
    await this.#crew.close();
    const open = seated(this.#way, seats);
    for (let attempt = 1; ; attempt++) {
      // A server that was full has to see that the others are gone.
      await pause(clock, LULL, this.#signal);
      try {
        const connection = await connectWithin(open, where, connectTimeout, this.#signal);
        this.#queries++;
        await within({ clock, timeout, where }, (late) => connection.ping(late)).finally(() =>
          connection.close(),
        );
        return undefined;
      } catch (error) {
        if (this.#isStopped() || isRefusal(error)) return undefined;
        if (attempt === ATTEMPTS) return asTold(where, error);
      }
    }
  }
}

const OPENING: ReadonlySet<string> = new Set([
  "UNREACHABLE",
  "CONNECT_TIMEOUT",
  "SERVER_ERROR",
  "TLS_FAILED",
]);

function isTooMany({ errors, timeouts, latency }: Recorder): boolean {
  const failed = errors + timeouts;
  return failed >= NO_ACCIDENT && failed > FAILURES_BORNE * (failed + latency.count);
}

function asTold(where: string, cause: unknown): TursoPoolError {
  const error = statementError(where, cause);
  if (error instanceof TursoPoolError) return error;
  throw error;
}
