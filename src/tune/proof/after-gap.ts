import type { Milliseconds } from "../../core/duration.js";
import { pause } from "../../core/pause.js";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import { KeepAlivePool } from "../../pool/keep-alive-pool.js";
import { within } from "../../watch/within.js";
import { seated } from "../seated.js";
import type { Site } from "../site.js";
import type { Candidate } from "./contender.js";

/** Both candidates' operations after the same gap: how long each took; `null` for one that failed. */
export interface GapPair {
  readonly current: Milliseconds | null;
  readonly recommended: Milliseconds | null;
}

export interface GapPlan {
  readonly gap: Milliseconds;
  readonly gaps: number;
  /** Pools of each candidate, which take turns over the gap. */
  readonly pools: number;
}

/** Between the two of a pair, so that they don't meet. */
const APART: Milliseconds = 40;

/**
 * One operation after each gap, in several pools of one connection for each candidate. Their gaps begin at different
 * times, so that each pair of operations meets the database at a moment of its own.
 */
export async function afterGaps(
  candidates: readonly [current: Candidate, recommended: Candidate],
  { gap, gaps, pools }: GapPlan,
  site: Site,
): Promise<readonly GapPair[]> {
  const pairs = await Promise.all(
    Array.from({ length: pools }, async (_, index) => {
      await pause(site.clock, (index * gap) / pools, site.signal);
      return pairsOf(candidates, gap, gaps, site);
    }),
  );
  return pairs.flat();
}

async function pairsOf(
  [current, recommended]: readonly [Candidate, Candidate],
  gap: Milliseconds,
  gaps: number,
  site: Site,
): Promise<GapPair[]> {
  const { clock, signal, random } = site;
  await using one = new LonePool(current, site);
  await using other = new LonePool(recommended, site);
  // Warm before the first gap begins.
  await Promise.all([one.operate(), other.operate()]);
  const pairs: GapPair[] = [];
  for (let done = 0; done < gaps; done++) {
    await pause(clock, gap, signal);
    if (signal.aborted) break;
    const isFirst = random() < 0.5;
    const later = async (pool: LonePool): Promise<Milliseconds | null> => {
      await pause(clock, APART, signal);
      return pool.operate();
    };
    const [a, b] = await Promise.all([
      isFirst ? one.operate() : later(one),
      isFirst ? later(other) : other.operate(),
    ]);
    if (!site.signal.aborted) pairs.push({ current: a, recommended: b });
  }
  return pairs;
}

/** A pool of one connection with a candidate's settings. */
class LonePool implements AsyncDisposable {
  readonly #pool: KeepAlivePool<LibsqlConnection>;
  readonly #site: Site;

  constructor({ settings, way }: Candidate, site: Site) {
    const { clock, random, seats } = site;
    const alone = { minConnections: 1, maxConnections: 1 };
    this.#site = site;
    this.#pool = new KeepAlivePool({ ...settings, ...alone, clock, random, open: seated(way, seats) });
  }

  /** Never rejects. */
  async operate(): Promise<Milliseconds | null> {
    const { clock, timeout, display: where, signal } = this.#site;
    const startedAt = clock.now();
    try {
      using lease = await this.#pool.acquire({ signal });
      try {
        await within({ clock, timeout, where }, (late) => lease.connection.ping(late));
      } catch (error) {
        // An answer that is still to come must not be taken for that of the next statement.
        lease.destroy();
        throw error;
      }
      return clock.now() - startedAt;
    } catch {
      return null;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool.close({ timeout: 0 });
  }
}
