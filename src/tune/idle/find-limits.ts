import type { Milliseconds } from "../../core/duration.js";
import type { Target } from "../../libsql/target.js";
import type { StatsError } from "../../watch/result.js";
import { statsError } from "../../watch/observe.js";
import type { Phased } from "../phase.js";
import type { IdleResult, LayerName } from "../result.js";
import type { Site, Way } from "../site.js";
import { pausedTransactions, plainClients } from "./client-probers.js";
import { freshConnections, usedConnections } from "./connection-probers.js";
import type { Gap } from "./expected.js";
import { layerResult } from "./layer-result.js";
import type { LayerSearch } from "./layer-search.js";
import { nameLimits } from "./name-limits.js";
import type { Prober } from "./prober.js";
import { searchLayers } from "./search-layers.js";
import { doing } from "./words.js";

/** How idle limits are looked for. */
export interface IdlePlan {
  /** For how long, at most, a connection idles. */
  readonly maxIdle: Milliseconds;
  /** On the site's clock: nothing is begun that would end after this. */
  readonly deadline: Milliseconds;
  /** How long an answer is waited for, before the connection is taken for lost. */
  readonly patience: Milliseconds;
  /** Which of the site's two ways can be used. */
  readonly transports: { readonly own: boolean; readonly other: boolean };
}

/** sqld ends a stream after 10 s, so one that lives for this long is not looked at any longer. */
export const LONGEST_STREAM: Milliseconds = 30_000;
/** What sqld and undici are known to do is tried first. */
const SUSPECTED: Readonly<Partial<Record<LayerName, Gap>>> = {
  stream: { lower: 9_800, upper: 10_200 },
  client: { lower: 3_900, upper: 4_100 },
};

/** Finds out how long connections may idle, in each layer, by leaving some alone and asking them then. Only reads. */
export async function findIdleLimits(site: Site, plan: IdlePlan): Promise<Phased<IdleResult>> {
  const { own, other } = site;
  const ways = [...(plan.transports.own ? [own] : []), ...(other && plan.transports.other ? [other] : [])];
  const probers = probersFor(ways);
  if (probers.length === 0) return skipped(own.target);
  let queries = 0;
  const counted = probers.map(({ confirm, ...prober }) => ({
    ...prober,
    open: (signal: AbortSignal) => {
      // A fresh one sends nothing; a transaction begins, reads, and says goodbye.
      queries += { client: 1, http: 1, ws: 1, tcp: 0, stream: 2 }[prober.layer];
      return prober.open(signal);
    },
    ...(confirm !== undefined && {
      confirm: (signal: AbortSignal) => {
        queries++;
        return confirm(signal);
      },
    }),
  }));
  return findIdleLimitsIn(counted, site, plan, () => queries);
}

/** As {@link findIdleLimits}, with what opens connections given. */
export async function findIdleLimitsIn(
  probers: readonly Prober[],
  site: Pick<Site, "clock" | "seats" | "connectTimeout" | "display" | "signal" | "tell">,
  { maxIdle, deadline, patience }: Pick<IdlePlan, "maxIdle" | "deadline" | "patience">,
  opened: () => number,
): Promise<Phased<IdleResult>> {
  const { clock, seats, signal } = site;
  let asked = 0;
  let told = "";
  const searches = await searchLayers({
    layers: probers.map((prober) => ({
      prober,
      deadline,
      reach: prober.layer === "stream" ? Math.min(maxIdle, LONGEST_STREAM) : maxIdle,
      suspected: SUSPECTED[prober.layer],
    })),
    context: {
      clock,
      seats,
      openTimeout: site.connectTimeout + patience,
      patience,
      where: site.display,
      sent: () => asked++,
    },
    signal,
    begun: (all, longest) => {
      const now = doing(all);
      if (now === told) return;
      told = now;
      site.tell({
        phase: "idle",
        doing: now,
        expectedMs: longest,
        leftMs: Math.max(0, deadline - clock.now()),
      });
    },
  });
  const layers = searches.map(layerResult);
  return {
    ...outcomeOf(searches, signal),
    value: { max_idle_ms: maxIdle, layers, limits: nameLimits(layers) },
    queries: opened() + asked,
  };
}

/** Over HTTP there is more to see than over WebSocket: a server that has both is asked over both. */
function probersFor(ways: readonly Way[]): Prober[] {
  const probers: Prober[] = [];
  for (const way of ways) {
    const { target, ca } = way;
    if (target.kind !== "remote") continue;
    if (target.transport === "ws") probers.push(usedConnections("ws", way));
    else {
      const http = { target, ca };
      probers.push(usedConnections("http", way), freshConnections(way));
      probers.push(plainClients(http), pausedTransactions(http));
    }
  }
  return probers;
}

function outcomeOf(
  searches: readonly LayerSearch[],
  signal: AbortSignal,
): Pick<Phased<IdleResult>, "outcome" | "reason" | "error"> {
  if (signal.aborted) return { outcome: "cut short", reason: "interrupted", error: null };
  const error = whyDead(searches);
  if (error !== null) {
    return { outcome: "failed", reason: "the database could not be reached any more", error };
  }
  const short = searches.filter(({ end }) => end?.kind === "out of time" || end?.kind === "unreachable");
  if (short.length > 0) {
    const names = short.map(({ prober }) => prober.layer).join(", ");
    const why = short.some(({ end }) => end?.kind === "out of time") ? "no time left" : "no connection";
    return { outcome: "cut short", reason: `${why} for ${names}`, error: null };
  }
  const reach = searches.some((search) => search.wasShortened);
  return reach
    ? { outcome: "cut short", reason: "no time left to look for longer limits", error: null }
    : { outcome: "done", reason: null, error: null };
}

/** Why a layer could open nothing any more, when after that no other could, either. */
function whyDead(searches: readonly LayerSearch[]): StatsError | null {
  const lastOpened = Math.max(...searches.map(({ openedAt }) => openedAt));
  for (const { end } of searches) {
    if (end?.kind === "unreachable" && end.since >= lastOpened) return statsError(end.error);
  }
  return null;
}

function skipped(target: Target): Phased<IdleResult> {
  const reason =
    target.kind === "local" ? "a file has no connection that idles" : "there is no way to connect";
  return { outcome: "skipped", reason, value: null, queries: 0, error: null };
}
