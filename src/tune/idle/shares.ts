import type { LayerName } from "../result.js";

/**
 * Who goes first when there are not enough connections for all. The client's own pool and streams are known to end soon,
 * and need few.
 */
const ORDER: readonly LayerName[] = ["http", "ws", "tcp", "client", "stream"];
const MOST: Readonly<Partial<Record<LayerName, number>>> = { client: 3, stream: 4 };

/** Connections for each layer, as even as may be; none for those whose turn comes when another is done. */
export function shares(limit: number, active: readonly LayerName[]): ReadonlyMap<LayerName, number> {
  const dealt = new Map<LayerName, number>(active.map((layer) => [layer, 0]));
  let left = limit;
  for (let wasDealt = true; left > 0 && wasDealt;) {
    wasDealt = false;
    for (const layer of ORDER) {
      const has = dealt.get(layer);
      if (has === undefined || has >= (MOST[layer] ?? Infinity) || left === 0) continue;
      dealt.set(layer, has + 1);
      left--;
      wasDealt = true;
    }
  }
  return dealt;
}
