import { Deadline } from "../../bench/deadline.js";
import { Recorder } from "../../bench/recorder.js";
import { runBlock } from "../../bench/run-block.js";
import { statementSource, type WeightedQuery } from "../../bench/workload.js";
import type { Milliseconds } from "../../core/duration.js";
import { TursoPoolError } from "../../core/errors.js";
import { pause } from "../../core/pause.js";
import { seededRandom, shuffled } from "../../core/random.js";
import { connectWithin } from "../../libsql/connect-within.js";
import { statementError } from "../../libsql/connection-errors.js";
import { within } from "../../watch/within.js";
import type { Profile } from "../profile.js";
import { seated } from "../seated.js";
import { isRefusal } from "../size/refusal.js";
import type { Site } from "../site.js";
import { arrivalsOf, blockDuration, operationsPerBlock, runArrivals } from "./arrivals.js";
import { Contender, type Candidate } from "./contender.js";

export interface SteadyPlan {
  readonly profile: Profile;
  readonly queries: readonly WeightedQuery[];
  readonly seed: number;
  /** On the site's clock: no round begins that would end after it. */
  readonly deadline: Milliseconds;
}

/** What one candidate did under the profile's arrivals. */
export interface SteadyRecord {
  readonly candidate: Candidate;
  /** Operations that arrived by themselves. */
  readonly arrivals: Recorder;
  /** Operations of a closed loop of as many callers as a burst has; empty unless throughput counts. */
  readonly saturated: Recorder;
  /** Connections open after each round. */
  readonly held: number[];
}

export interface Steady {
  readonly records: readonly SteadyRecord[];
  /** Statements and pings that both sent, those of the warm-up too. */
  readonly queries: number;
  /** Why there are no more rounds: the database cannot be used any more. */
  readonly died: TursoPoolError | undefined;
}

export const STEADY_ROUNDS = 12;
/** Throughput is measured in shorter blocks: they are full from the first moment. */
const SATURATED: Milliseconds = 300;
/** However fast they are: that is enough for a throughput, and a bound for what is asked of a database. */
const MOST_OPERATIONS = 2_000;
/** For sockets and garbage of the last block. */
const SETTLE: Milliseconds = 20;

/** How long both candidates take, at most, on a database that keeps up. */
export function steadyDuration(profile: Profile): Milliseconds {
  const saturated = profile.aims.includes("throughput") ? SATURATED + SETTLE : 0;
  return 2 * (STEADY_ROUNDS + 1) * (blockDuration(profile) + SETTLE + saturated);
}

/** How many statements both send, at most. */
export function steadyOperations(profile: Profile): number {
  const saturated = profile.aims.includes("throughput") ? MOST_OPERATIONS + profile.burst : 0;
  return 2 * (STEADY_ROUNDS + 1) * (operationsPerBlock(profile) + saturated);
}

/**
 * Both candidates under the same arrivals: blocks interleaved in random order, a pause before each; the first round is a
 * warm-up and counts for nothing.
 */
export async function steady(
  candidates: readonly Candidate[],
  plan: SteadyPlan,
  site: Site,
): Promise<Steady> {
  const { profile } = plan;
  const { clock, signal, random } = site;
  const deadline = new Deadline(site.timeout, site.display);
  const runners = candidates.map((one) => new Runner(one, plan, site, deadline));
  const startedAt = clock.now();
  let died: TursoPoolError | undefined;
  try {
    for (let round = 0; round <= STEADY_ROUNDS && died === undefined; round++) {
      const each =
        round === 0 ? steadyDuration(profile) / (STEADY_ROUNDS + 1) : (clock.now() - startedAt) / round;
      if (signal.aborted || clock.now() + each > plan.deadline) break;
      const doing = `proof: traffic, round ${Math.max(1, round)} of ${STEADY_ROUNDS}`;
      site.tell({ phase: "proof", doing, expectedMs: each, leftMs: each * (STEADY_ROUNDS + 1 - round) });
      const bursts = arrivalsOf(profile, blockDuration(profile), random);
      for (const runner of shuffled(runners, random)) {
        await pause(clock, SETTLE, signal);
        await runner.round(bursts, round > 0);
      }
      if (runners.every(({ lastFailed }) => lastFailed)) {
        // Both may hold all the connections that there may be, each of them waiting for an answer.
        await Promise.all(runners.map((runner) => runner.restart(site)));
        died = await causeOfDeath(site);
      }
    }
  } finally {
    deadline.close();
    await Promise.all(runners.map((runner) => runner.close()));
  }
  return {
    records: runners.map(({ record }) => record),
    queries: runners.reduce((sum, { queries }) => sum + queries, 0),
    died,
  };
}

/** Opens a connection and asks over it. @returns why the database cannot be used any more; `undefined` when it can */
export async function causeOfDeath(site: Site): Promise<TursoPoolError | undefined> {
  const { own, seats, display: where, connectTimeout, clock, timeout, signal } = site;
  try {
    const connection = await connectWithin(seated(own, seats), where, connectTimeout, signal);
    await within({ clock, timeout, where }, (late) => connection.ping(late)).finally(() =>
      connection.close(),
    );
  } catch (cause) {
    // A refusal is a sign of life.
    if (signal.aborted || isRefusal(cause)) return undefined;
    const error = statementError(where, cause);
    if (error instanceof TursoPoolError) return error;
    throw error;
  }
  return undefined;
}

class Runner {
  readonly record: SteadyRecord;
  /** Not one operation of the last round succeeded. */
  lastFailed = false;
  readonly #clock;
  readonly #plan: Omit<Parameters<typeof runArrivals>[0], "strategy" | "recorder">;
  #contender: Contender;
  /** Of pools that were closed. */
  #queries = 0;
  readonly #callers: number;
  readonly #isSaturated: boolean;

  constructor(candidate: Candidate, plan: SteadyPlan, site: Site, deadline: Deadline) {
    this.#contender = new Contender(candidate, site);
    this.record = { candidate, arrivals: new Recorder(), saturated: new Recorder(), held: [] };
    const nextSql = statementSource(plan.queries, seededRandom(plan.seed));
    this.#plan = { nextSql, deadline, signal: site.signal };
    this.#clock = site.clock;
    this.#callers = plan.profile.burst;
    this.#isSaturated = plan.profile.aims.includes("throughput");
  }

  async round(bursts: Parameters<typeof runArrivals>[1], counts: boolean): Promise<void> {
    const { arrivals, saturated, held } = this.record;
    const recorder = counts ? arrivals : new Recorder();
    const contender = this.#contender;
    const block = { ...this.#plan, strategy: contender };
    await runArrivals({ ...block, recorder }, bursts, this.#clock);
    this.lastFailed = (recorder.rounds.at(-1)?.operations ?? 0) === 0;
    if (counts) held.push(contender.held);
    if (!this.#isSaturated) return;
    const ended = new AbortController();
    let operations = 0;
    const strategy: Pick<Contender, "name" | "operate"> = {
      name: contender.name,
      operate: (sql, startedAt) => {
        if (++operations >= MOST_OPERATIONS) ended.abort();
        return contender.operate(sql, startedAt);
      },
    };
    await runBlock({
      ...block,
      strategy,
      signal: AbortSignal.any([ended.signal, block.signal]),
      recorder: counts ? saturated : new Recorder(),
      concurrency: this.#callers,
      length: { kind: "duration", duration: SATURATED },
    });
  }

  /** Begins anew, with a pool that has no connection yet. */
  async restart(site: Site): Promise<void> {
    await this.close();
    this.#contender = new Contender(this.record.candidate, site);
  }

  async close(): Promise<void> {
    await this.#contender[Symbol.asyncDispose]();
    this.#queries += this.#contender.queries;
  }

  /** Statements and pings that were sent, those of the warm-up too; complete when it is closed. */
  get queries(): number {
    return this.#queries;
  }
}
