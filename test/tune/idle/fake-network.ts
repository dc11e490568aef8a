import { ManualClock } from "../../../src/core/manual-clock.js";
import type { Milliseconds } from "../../../src/core/duration.js";
import { TursoPoolError } from "../../../src/core/errors.js";
import { pause } from "../../../src/core/pause.js";
import { findIdleLimitsIn, type IdlePlan } from "../../../src/tune/idle/find-limits.js";
import type { Prober } from "../../../src/tune/idle/prober.js";
import type { Phased } from "../../../src/tune/phase.js";
import type { IdleResult, LayerName, LossKind } from "../../../src/tune/result.js";
import { Seats } from "../../../src/tune/seats.js";
import type { TuneProgress } from "../../../src/tune/site.js";

/** What becomes of connections of one layer that idle. */
export interface FakeLimit {
  readonly after: Milliseconds;
  readonly kind: LossKind;
  /** An answer takes so long, twice as long as the one before, and until then it idles. */
  readonly takes?: Milliseconds;
}

/** A database on the manual clock, whose connections are lost when they idle for too long. */
export class FakeNetwork {
  readonly clock = new ManualClock();
  readonly seats: Seats;
  readonly limits: Partial<Record<LayerName, FakeLimit | undefined>>;
  readonly told: TuneProgress[] = [];
  readonly interruption = new AbortController();
  /** Idle times that were asked after. */
  readonly asked: { readonly layer: LayerName; readonly idle: Milliseconds; readonly at: Milliseconds }[] =
    [];
  readonly #open = new Set<() => void>();
  #isDead = false;
  #isFrozen = false;

  constructor(limits: Partial<Record<LayerName, FakeLimit | undefined>>, seats = 32) {
    this.limits = limits;
    this.seats = new Seats(seats);
  }

  get open(): number {
    return this.#open.size;
  }

  /** The server goes: all connections are closed, and none can be opened. */
  die(): void {
    this.#isDead = true;
    this.dropAll();
  }

  /** The server stands still: connections can be opened, and nobody is answered. */
  freeze(): void {
    this.#isFrozen = true;
  }

  dropAll(): void {
    for (const drop of [...this.#open]) drop();
  }

  /** Runs to the end. */
  async find(plan: Partial<IdlePlan> = {}): Promise<{ found: Phased<IdleResult>; took: Milliseconds }> {
    const { clock } = this;
    const startedAt = clock.now();
    let ended: Phased<IdleResult> | undefined;
    const finding = this.begin(plan).then((found) => (ended = found));
    while (ended === undefined) await clock.advance(50);
    return { found: await finding, took: clock.now() - startedAt };
  }

  begin(plan: Partial<IdlePlan> = {}): Promise<Phased<IdleResult>> {
    const { clock, seats } = this;
    const probers = (Object.keys(this.limits) as LayerName[]).map((layer) => this.#prober(layer));
    return findIdleLimitsIn(
      probers,
      {
        clock,
        seats,
        connectTimeout: 5_000,
        display: "ws://db",
        signal: this.interruption.signal,
        tell: (progress) => this.told.push(progress),
      },
      { maxIdle: 30_000, deadline: 600_000, patience: 1_000, ...plan },
      () => 0,
    );
  }

  async #answer(signal: AbortSignal): Promise<void> {
    if (!this.#isFrozen) return;
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
  }

  #prober(layer: LayerName): Prober {
    const takes = this.limits[layer]?.takes;
    return {
      layer,
      idlesUntilAnswered: takes !== undefined,
      ...(layer === "tcp" && { confirm: (signal: AbortSignal) => this.#answer(signal) }),
      open: async (opening) => {
        if (layer !== "tcp") await this.#answer(opening);
        if (this.#isDead) throw new TursoPoolError("UNREACHABLE", "ws://db: connection refused");
        const limit = this.limits[layer];
        const since = this.clock.now();
        let closed = (): void => undefined;
        const drop = (): void => {
          this.#open.delete(drop);
          timer?.cancel();
          closed();
        };
        const timer = limit?.kind === "closed" ? this.clock.schedule(limit.after, drop) : undefined;
        this.#open.add(drop);
        return {
          lead: takes === undefined ? undefined : takes / 2,
          ask: async (signal) => {
            if (takes !== undefined) await pause(this.clock, takes, signal);
            const idle = this.clock.now() - since;
            this.asked.push({ layer, idle, at: this.clock.now() });
            await this.#answer(signal);
            if (idle < (limit?.after ?? Infinity)) return;
            if (limit?.kind === "refused") throw new TursoPoolError("SERVER_ERROR", "STREAM_EXPIRED");
            await new Promise((_, reject) =>
              signal.addEventListener("abort", () => reject(signal.reason as Error)),
            );
          },
          onClose: (listener) => (closed = listener),
          close: async () => {
            closed = () => undefined;
            drop();
          },
        };
      },
    };
  }
}
