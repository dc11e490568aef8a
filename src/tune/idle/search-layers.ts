import type { Milliseconds } from "../../core/duration.js";
import type { LayerName } from "../result.js";
import type { IdleProbe, ProbeContext } from "./idle-probe.js";
import { LayerSearch, type LayerOptions } from "./layer-search.js";
import { shares } from "./shares.js";

export interface SearchingLayers {
  readonly layers: readonly Omit<LayerOptions, "context">[];
  readonly context: ProbeContext;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Connections were opened: what is waited for now. */
  readonly begun: (searches: readonly LayerSearch[], longest: Milliseconds) => void;
}

/** Searches all layers at once, within the connections that there may be. Afterwards none is open. */
export async function searchLayers({
  layers,
  context,
  signal,
  begun,
}: SearchingLayers): Promise<readonly LayerSearch[]> {
  const searches = layers.map((layer) => new LayerSearch({ ...layer, context }));
  const running = new Set<Promise<void>>();
  let wake = (): void => undefined;
  const interrupt = (): void => {
    for (const search of searches) search.stop({ kind: "interrupted" });
    wake();
  };
  const watch = (search: LayerSearch, probe: IdleProbe): void => {
    const ended = probe.ended.then((end) => {
      search.take(probe, end);
      running.delete(ended);
      wake();
    });
    running.add(ended);
  };
  signal.addEventListener("abort", interrupt, { once: true });
  if (signal.aborted) interrupt();
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => (wake = resolve));
      endIfDead(searches);
      const began = advanceAll(searches, context, watch);
      if (began) begun(searches, longestWait(searches));
      if (running.size === 0) break;
      await woken;
    }
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
  return searches;
}

/** Layers whose last connections are still closing keep theirs until then. */
function advanceAll(
  searches: readonly LayerSearch[],
  { seats }: ProbeContext,
  watch: (search: LayerSearch, probe: IdleProbe) => void,
): boolean {
  let began = false;
  // One layer's end leaves its connections to the others.
  for (let ended = -1; ended !== endsOf(searches);) {
    ended = endsOf(searches);
    const active = searches.filter(({ end, isIdle }) => end === undefined || !isIdle);
    const dealt = shares(
      seats.limit,
      active.map(({ prober }) => prober.layer),
    );
    for (const search of active) {
      const share = Math.min(dealt.get(search.prober.layer) ?? 0, search.waiting.length + seats.free);
      for (const probe of search.advance(share, akinTo(search, searches))) {
        watch(search, probe);
        began = true;
      }
    }
  }
  return began;
}

/** Some layers would not notice for long that the database is gone. */
function endIfDead(searches: readonly LayerSearch[]): void {
  const sockets = searches.filter(({ prober }) => AKIN.has(prober.layer));
  if (sockets.some(({ end }) => end === undefined)) return;
  const lastOpened = Math.max(...searches.map(({ openedAt }) => openedAt));
  for (const { end } of sockets) {
    if (end?.kind !== "unreachable" || end.since < lastOpened) continue;
    for (const search of searches) search.stop(end);
  }
}

/** Layers that are on the same way, so that one limit may be seen in all of them. */
const AKIN: ReadonlySet<LayerName> = new Set(["http", "ws", "tcp"]);

function akinTo(search: LayerSearch, searches: readonly LayerSearch[]): readonly LayerSearch[] {
  if (!AKIN.has(search.prober.layer)) return [];
  return searches.filter((other) => other !== search && AKIN.has(other.prober.layer));
}

function endsOf(searches: readonly LayerSearch[]): number {
  return searches.filter(({ end }) => end !== undefined).length;
}

function longestWait(searches: readonly LayerSearch[]): Milliseconds {
  return Math.max(0, ...searches.flatMap(({ waiting }) => waiting.map(({ left }) => left)));
}
