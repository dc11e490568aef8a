import { preflight } from "../../bench/preflight.js";
import type { WeightedQuery } from "../../bench/workload.js";
import type { Milliseconds } from "../../core/duration.js";
import { TursoPoolError } from "../../core/errors.js";
import { shuffled } from "../../core/random.js";
import { connectWithin } from "../../libsql/connect-within.js";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import { within } from "../../watch/within.js";
import { statsError } from "../../watch/observe.js";
import type { Phased } from "../phase.js";
import type { CostResult } from "../result.js";
import { seated } from "../seated.js";
import type { Site, Way } from "../site.js";
import { keepAliveHint } from "./keep-alive-hint.js";
import { costFigures } from "./cost-figures.js";

/** What was measured over one way, in rounds, so that two ways can be compared. */
export interface Cost extends CostResult {
  readonly way: Way;
  /** The median round trip of each round. */
  readonly rounds: readonly Milliseconds[];
}

/** As results tell it. */
export function costResult(cost: Cost): CostResult {
  const { transport, url, unavailable, open_ms, round_trip_ms, keep_alive_hint_ms } = cost;
  return { transport, url, unavailable, open_ms, round_trip_ms, keep_alive_hint_ms };
}

/** Ways are compared in turns, as strategies are. */
export const ROUNDS = 8;
export const OPENS_PER_ROUND = 2;
const STATEMENTS_PER_ROUND = 25;
/** The first statements of a connection are no round trips: they set things up. */
const UNCOUNTED = 3;
export const QUERIES_PER_ROUND = UNCOUNTED + STATEMENTS_PER_ROUND;
/** A round on a slow network ends early. */
export const LONGEST_ROUND: Milliseconds = 1_000;

/**
 * What connecting and asking cost over each way. One that is not the site's own and does not work is `unavailable`.
 * @param deadline on the site's clock: after the first, no round begins that would end after it
 * @throws {TursoPoolError} when the site's own way does not work at all, or an operation is none that may be run
 */
export async function measureCost(
  site: Site,
  queries: readonly WeightedQuery[],
  deadline: Milliseconds = Infinity,
): Promise<Phased<readonly Cost[]>> {
  const { own, other, signal, clock } = site;
  const asked = { queries, allowWrites: false, connectTimeout: site.connectTimeout };
  const check = (way: Way): Promise<unknown> =>
    preflight(
      { ...asked, operationTimeout: site.timeout },
      way.target,
      { connect: seated(way, site.seats, UNHEEDING) },
      signal,
      FLOOR_SAMPLES,
    );
  site.tell({ phase: "cost", doing: "cost: connecting", expectedMs: null, leftMs: null });
  await check(own);
  const tries = [new Trial(own)];
  let queriesSent = PREFLIGHT_QUERIES + queries.length;
  if (other !== undefined) {
    const trial = new Trial(other);
    await check(other).catch((error: unknown) => trial.failed(error, signal));
    queriesSent += PREFLIGHT_QUERIES + queries.length;
    tries.push(trial);
  }
  for (const trial of tries) trial.hint = await keepAliveHint(trial.way, signal);
  const isStopped = (): boolean => signal.aborted;
  const startedAt = clock.now();
  let outOfTime: string | null = null;
  for (let round = 0; round < ROUNDS && !isStopped(); round++) {
    const each = round === 0 ? null : (clock.now() - startedAt) / round;
    if (each !== null && clock.now() + each > deadline) {
      outOfTime = `--budget allows for ${round} of ${ROUNDS} rounds`;
      break;
    }
    for (const trial of shuffled(tries, site.random)) {
      const leftMs = each === null ? null : each * (ROUNDS - round);
      const doing = `cost: ${trial.way.target.transport}, round ${round + 1} of ${ROUNDS}`;
      site.tell({ phase: "cost", doing, expectedMs: each === null ? null : each / tries.length, leftMs });
      if (isStopped()) break;
      try {
        await trial.round(site);
      } catch (error) {
        const isOwn = trial.way === own;
        trial.failed(error, signal);
        if (!isOwn || isStopped()) continue;
        const value = tries.map((one) => one.result());
        const sent = queriesSent + tries.reduce((sum, one) => sum + one.queries, 0);
        return { value, outcome: "failed", reason: DIED, queries: sent, error: statsError(error) };
      }
    }
  }
  const queriesAll = queriesSent + tries.reduce((sum, one) => sum + one.queries, 0);
  const value = tries.map((one) => one.result());
  const reason = signal.aborted ? "interrupted" : outOfTime;
  const outcome = reason === null ? "done" : "cut short";
  return { value, outcome, reason, queries: queriesAll, error: null };
}

const DIED = "the database could not be used any more";
/** Told of a short keep-alive, a connection would leave after its first answer. What that costs is the proof's to tell. */
const UNHEEDING = { heedKeepAliveHint: false } as const;
/** The rounds measure better than the preflight would. */
const FLOOR_SAMPLES = 1;
/** What a preflight asks beside the operations: the schema, and the floor's samples. */
export const PREFLIGHT_QUERIES = 1 + FLOOR_SAMPLES;

/** One way, and what it has cost so far. */
class Trial {
  readonly way: Way;
  hint: Milliseconds | null = null;
  queries = 0;
  #unavailable: string | null = null;
  readonly #opens: Milliseconds[] = [];
  readonly #trips: Milliseconds[] = [];
  readonly #rounds: Milliseconds[] = [];

  constructor(way: Way) {
    this.way = way;
  }

  failed(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    if (!(error instanceof TursoPoolError)) throw error;
    this.#unavailable = statsError(error).message;
  }

  async round(site: Site): Promise<void> {
    if (this.#unavailable !== null) return;
    const { clock } = site;
    let connection: LibsqlConnection | undefined;
    try {
      for (let i = 0; i < OPENS_PER_ROUND; i++) {
        await connection?.close();
        const openedAt = clock.now();
        const open = seated(this.way, site.seats, UNHEEDING);
        connection = await connectWithin(open, site.display, site.connectTimeout, site.signal);
        this.#opens.push(clock.now() - openedAt);
      }
      if (connection !== undefined) await this.#ask(site, connection);
    } finally {
      await connection?.close();
    }
  }

  async #ask({ clock, timeout, display: where }: Site, connection: LibsqlConnection): Promise<void> {
    const until = clock.now() + LONGEST_ROUND;
    const trips: Milliseconds[] = [];
    for (let i = 0; i < QUERIES_PER_ROUND; i++) {
      const askedAt = clock.now();
      // On a slow network one that sets things up must do.
      const counts = i >= UNCOUNTED || (i > 0 && askedAt > until);
      this.queries++;
      await within({ clock, timeout, where }, (late) => connection.ping(late));
      if (counts) trips.push(clock.now() - askedAt);
      if (trips.length > 0 && clock.now() > until) break;
    }
    this.#trips.push(...trips);
    this.#rounds.push(trips.toSorted((a, b) => a - b)[Math.floor(trips.length / 2)] ?? 0);
  }

  result(): Cost {
    const { target } = this.way;
    return {
      transport: target.transport,
      url: target.display,
      unavailable: this.#unavailable,
      open_ms: costFigures(this.#opens),
      round_trip_ms: costFigures(this.#trips),
      keep_alive_hint_ms: this.hint,
      way: this.way,
      rounds: this.#rounds,
    };
  }
}
