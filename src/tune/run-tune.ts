import { setMaxListeners } from "node:events";
import { watchLoopDelay } from "../bench/instrument.js";
import type { Milliseconds } from "../core/duration.js";
import { type Cost, costResult, measureCost } from "./cost/measure-cost.js";
import { deriveSettings, type Recommendation } from "./derive/derive-settings.js";
import { keepAliveAlone } from "./derive/keep-alive-alone.js";
import { transport } from "./derive/transport.js";
import { findIdleLimits } from "./idle/find-limits.js";
import { patienceFor } from "./idle/patience.js";
import type { IdleResult } from "./idle/result.js";
import { idleLimitFor } from "./idle-limit-for.js";
import { Journal } from "./journal.js";
import type { TunePlan } from "./plan.js";
import { profileResult } from "./profile-result.js";
import { billOf } from "./proof/bill.js";
import { prove } from "./proof/prove.js";
import type { BillResult, ProofResult } from "./proof/result.js";
import { isKeptAlive, verdictOf } from "./proof/verdict.js";
import type { TuneResult, VerdictResult } from "./result.js";
import { findSize } from "./size/find-size.js";
import type { SizeResult } from "./size/result.js";
import type { Site } from "./site.js";
import { noteOnInstrument } from "./instrument-note.js";

/** All that tuning finds; the rest of a result is what it was asked for. */
export type Findings = Omit<TuneResult, "schema_version" | "command" | "started_at" | "target">;

/** More than it takes, but on a database that is slow. */
const SHARE_FOR_COST = 0.2;
/** The idle phase leaves the rest of the budget to those after it. */
export const SHARE_FOR_IDLE = 0.6;
/** The sweep, too. */
const SHARE_FOR_SIZE = 0.5;

/**
 * Finds the settings and proves them: what it costs to connect, how long connections may idle, how many of them help,
 * what follows, and whether that measures better than what is used now.
 * @throws {TursoPoolError} when the database cannot be used at all, or an operation is none that may be run
 */
export async function runTune(plan: TunePlan, site: Site): Promise<Findings> {
  // Each connection that idles listens to it, and there may be many: that is no leak.
  setMaxListeners(0, site.signal);
  const tuning = new Tuning(plan, site);
  await tuning.run();
  return tuning.findings();
}

class Tuning {
  readonly #plan: TunePlan;
  readonly #site: Site;
  readonly #startedAt: Milliseconds;
  readonly #journal: Journal;
  readonly #loop = watchLoopDelay();
  #costs: readonly Cost[] = [];
  #idle: IdleResult | null = null;
  #size: SizeResult | null = null;
  #recommendation: Recommendation | undefined;
  #proof: ProofResult | null = null;

  constructor(plan: TunePlan, site: Site) {
    this.#plan = plan;
    this.#site = site;
    this.#startedAt = site.clock.now();
    this.#journal = new Journal(site);
  }

  async run(): Promise<void> {
    const { queries } = this.#plan;
    this.#costs =
      (await this.#journal.run("cost", () => measureCost(this.#site, queries, this.#by(SHARE_FOR_COST)))) ??
      [];
    this.#idle = await this.#findIdle();
    this.#size = await this.#findSize();
    const idleUnknown = this.#journal.reasonOf("idle") ?? "it could not be told";
    const evidence = { costs: this.#costs, idle: this.#idle, idleUnknown, size: this.#size };
    this.#recommendation = deriveSettings(this.#plan, evidence);
    this.#proof = await this.#prove();
    await this.#proveKeepAliveAlone();
  }

  findings(): Findings {
    const { profile, currentFrom } = this.#plan;
    const { signal } = this.#site;
    const settings = this.#recommendation?.settings ?? [];
    const bill = this.#bill();
    const note = noteOnInstrument(this.#loop.read());
    return {
      duration_ms: this.#elapsed,
      interrupted: signal.aborted,
      profile: profileResult(profile),
      current_from: currentFrom,
      phases: this.#journal.phases,
      cost: this.#costs.map(costResult),
      idle: this.#idle,
      size: this.#size,
      settings,
      proof: this.#proof,
      bill,
      verdict: this.#verdict(),
      notes: [...(note === undefined ? [] : [note]), ...this.#notesOnTarget()],
      error: this.#journal.error,
    };
  }

  async #findIdle(): Promise<IdleResult | null> {
    const [own, other] = this.#costs;
    if (own === undefined || this.#isLocal) return this.#journal.skip("idle", NO_SOCKETS);
    return this.#journal.run("idle", () =>
      findIdleLimits(this.#site, {
        maxIdle: this.#plan.maxIdle,
        deadline: this.#by(SHARE_FOR_IDLE),
        patience: patienceFor(this.#costs.flatMap(({ round_trip_ms: trip }) => trip ?? [])),
        transports: { own: true, other: other?.unavailable === null },
      }),
    );
  }

  async #findSize(): Promise<SizeResult | null> {
    const { profile, queries, maxConnectionsTried, seed } = this.#plan;
    const via = this.#via;
    if (via?.round_trip_ms == null) return this.#journal.skip("size", "nothing could be measured");
    const roundTrip = via.round_trip_ms.p50;
    return this.#journal.run("size", () =>
      findSize(this.#site, {
        way: via.way,
        profile,
        queries,
        deadline: this.#by(SHARE_FOR_SIZE),
        roundTrip,
        maxConnections: maxConnectionsTried,
        seed,
      }),
    );
  }

  async #prove(): Promise<ProofResult | null> {
    const recommendation = this.#recommendation;
    const own = this.#costs[0];
    if (recommendation === undefined || own === undefined)
      return this.#journal.skip("proof", "nothing was derived");
    const { now, recommended, via, settings } = recommendation;
    if (settings.every((one) => one.now === one.recommended)) {
      return this.#journal.skip("proof", "current and recommended are the same");
    }
    const { profile, queries, seed, current } = this.#plan;
    const limits = [own, via].map(({ transport }) => idleLimitFor(this.#idle, transport) ?? -Infinity);
    const limit = Math.max(...limits);
    return this.#journal.run("proof", () =>
      prove(
        {
          profile,
          queries,
          seed,
          current: { name: "current", way: own.way, settings: { ...current, ...now } },
          recommended: { name: "recommended", way: via.way, settings: { ...current, ...recommended } },
          limit: limit > 0 ? limit : null,
          deadline: this.#by(1),
        },
        this.#site,
      ),
    );
  }

  /** Where the size, say, measured worse, what keeps connections alive is none the worse for it: it is tried alone. */
  async #proveKeepAliveAlone(): Promise<void> {
    const [whole, proof, own] = [this.#recommendation, this.#proof, this.#costs[0]];
    const { verdict, reasons } = this.#verdict();
    if (whole === undefined || proof === null || own === undefined) return;
    if (verdict !== "keep what you have" || !isKeptAlive(proof)) return;
    this.#recommendation = keepAliveAlone(whole, own, reasons.join(", "));
    const alone = await this.#prove();
    if (this.#journal.joinLastTwo()) this.#proof = alone;
    else this.#recommendation = whole;
  }

  #verdict(): VerdictResult {
    return verdictOf({
      settings: this.#recommendation?.settings ?? [],
      proof: this.#proof,
      unproven: this.#journal.unproven,
      unmeasured: this.#journal.unmeasured,
      isBroken: this.#journal.isBroken,
      bill: this.#bill(),
    });
  }

  /** What to size for: the transport that will be recommended. */
  get #via(): Cost | undefined {
    return this.#costs.length === 0 ? undefined : transport(this.#costs).value;
  }

  #bill(): BillResult | null {
    const recommendation = this.#recommendation;
    if (recommendation === undefined) return null;
    const { via, recommended: settings } = recommendation;
    const { open_ms: open, round_trip_ms: trip } = via;
    const { profile, quotaPerDay } = this.#plan;
    return open && trip && billOf({ settings, profile, open, trip, quotaPerDay, isLocal: this.#isLocal });
  }

  get #isLocal(): boolean {
    return this.#site.own.target.kind === "local";
  }

  #notesOnTarget(): string[] {
    const { writes } = this.#plan.profile;
    return [...(this.#isLocal ? [FILE_NEEDS_NONE] : []), ...(writes > 0 ? [ONLY_READS] : [])];
  }

  get #elapsed(): Milliseconds {
    return this.#site.clock.now() - this.#startedAt;
  }

  /** When this share of what is left of the budget will be used up. */
  #by(share: number): Milliseconds {
    const left = Math.max(0, this.#plan.budget - this.#elapsed);
    return this.#site.clock.now() + share * left;
  }
}

const NO_SOCKETS =
  "a database of this machine has no connection that could be lost for idling, so keep-alive gains nothing";
const FILE_NEEDS_NONE =
  "Keep-alive gains nothing here: a database of this machine has no connection that could be lost for idling. enableKeepalive: false saves the pings.";
const ONLY_READS =
  "Nothing was written: where the workload writes, reads stood in for it. SQLite has one writer at a time, so writes are counted as one connection at most.";
