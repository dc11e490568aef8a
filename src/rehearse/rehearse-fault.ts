import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { pause } from "../core/pause.js";
import { Callers } from "./callers.js";
import type { Contestant, ContestantMaker, Place } from "./contestant.js";
import { FaultProxy } from "./proxy/fault-proxy.js";
import type { Rehearsed } from "./rehearsed-faults.js";
import type { ContestantName, ObservedResult, RehearsedFault } from "./result.js";

export interface RehearsalPlan {
  readonly callers: number;
  readonly perSecond: number;
  readonly before: Milliseconds;
  readonly fault: Milliseconds;
  readonly recoveryLimit: Milliseconds;
  readonly patience: Milliseconds;
}

export interface Stage {
  /** Where the server is. */
  readonly upstream: Place;
  readonly contestants: readonly ContestantMaker[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** After it has recovered: what it had not finished fails now, if at all. */
const CALM_MS = 500;

/** A contestant with its own proxy and its own callers: what one does is no load to the other. */
class Scene {
  readonly name: ContestantName;
  readonly callers: Callers;
  readonly #proxy: FaultProxy;
  readonly #contestant: Contestant;
  #struck: number | null = null;

  private constructor(name: ContestantName, proxy: FaultProxy, contestant: Contestant, callers: Callers) {
    this.name = name;
    this.#proxy = proxy;
    this.#contestant = contestant;
    this.callers = callers;
  }

  static async open(maker: ContestantMaker, plan: RehearsalPlan, { upstream, clock }: Stage): Promise<Scene> {
    const proxy = await FaultProxy.listen({ ...upstream, clock });
    try {
      const contestant = maker.make({ host: "127.0.0.1", port: proxy.port });
      return new Scene(maker.name, proxy, contestant, new Callers({ ...plan, contestant, clock }));
    } catch (error) {
      await proxy.close();
      throw error;
    }
  }

  async begin({ how }: Rehearsed): Promise<void> {
    if (how.kind !== "proxy") return;
    for (const fault of how.steps) await this.#proxy.inject(fault);
  }

  async end({ how }: Rehearsed): Promise<void> {
    if (how.kind === "proxy") this.#struck = this.#proxy.struck;
    await this.#proxy.heal();
    this.callers.healed();
  }

  async observed(): Promise<ObservedResult> {
    const seen = await this.callers.stop();
    return { ...seen, struck: this.#struck, connections: this.#proxy.accepted };
  }

  async close(): Promise<void> {
    await this.callers.leave();
    await this.#contestant.close();
    await this.#proxy.close();
  }
}

/** Rehearses one fault with all contestants at the same time; `undefined` when the signal aborted it. */
export async function rehearseFault(
  rehearsed: Rehearsed,
  plan: RehearsalPlan,
  stage: Stage,
): Promise<RehearsedFault | undefined> {
  const { clock, signal, contestants } = stage;
  const scenes: Scene[] = [];
  const leave = (): void => scenes.forEach(({ callers }) => void callers.leave());
  signal.addEventListener("abort", leave, { once: true });
  try {
    for (const maker of contestants) scenes.push(await Scene.open(maker, plan, stage));
    if (signal.aborted) leave();
    await pause(clock, plan.before, signal);
    await strike(rehearsed, scenes, () => pause(clock, plan.fault, signal));
    const recovering = new AbortController();
    const recovered = Promise.all(scenes.map(({ callers }) => callers.recovered));
    void recovered.then(() => recovering.abort());
    await pause(clock, plan.recoveryLimit, AbortSignal.any([signal, recovering.signal]));
    await pause(clock, CALM_MS, signal);
    const seen = new Map<ContestantName, ObservedResult>();
    await Promise.all(scenes.map(async (scene) => void seen.set(scene.name, await scene.observed())));
    // Then nobody was waited for.
    if (signal.aborted) return undefined;
    const [plain, pool] = [seen.get("plain"), seen.get("pool")];
    if (!plain || !pool) throw new Error("a rehearsal needs both contestants");
    return { fault: rehearsed.fault, meaning: rehearsed.meaning, plain, pool };
  } finally {
    signal.removeEventListener("abort", leave);
    await Promise.all(scenes.map((scene) => scene.close()));
  }
}

/** Whatever happens meanwhile, the fault ends: a server that was stopped goes on. */
async function strike(
  rehearsed: Rehearsed,
  scenes: readonly Scene[],
  meanwhile: () => Promise<void>,
): Promise<void> {
  const { how } = rehearsed;
  try {
    if (how.kind === "server") await how.server.begin();
    await Promise.all(scenes.map((scene) => scene.begin(rehearsed)));
    await meanwhile();
  } finally {
    if (how.kind === "server") await how.server.end();
    await Promise.all(scenes.map((scene) => scene.end(rehearsed)));
  }
}
