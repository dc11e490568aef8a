import type { Milliseconds } from "../../core/duration.js";
import type { IdleLimitResult, LayerName, LayerResult } from "../result.js";

/** Limits this close are one and the same, seen in several layers. */
const SAME_SHARE = 0.08;
const SAME: Milliseconds = 700;
/** A plain client that closes its socket sooner than others lose theirs does so by itself: closings are seen at once. */
const BY_ITSELF: Milliseconds = 200;

/** A layer in which a limit was found. */
type Limited = LayerResult & { readonly limit_ms: number; readonly lost_ms: number };
type Whose = Pick<IdleLimitResult, "whose" | "name" | "meaning">;

/** Whose limits these are: told from which layers share one, and which of the others outlive it. Shortest first. */
export function nameLimits(layers: readonly LayerResult[]): IdleLimitResult[] {
  const limited = layers.filter(isLimited).toSorted((a, b) => a.limit_ms - b.limit_ms);
  // A paused transaction has no socket of its own, so its limit is never that of one.
  const streams = limited.filter(({ layer }) => layer === "stream");
  const groups: Limited[][] = [];
  for (const layer of limited.filter((each) => each.layer !== "stream" && each.layer !== "client")) {
    const group = groups.at(-1);
    if (group?.[0] !== undefined && isSame(group[0], layer)) group.push(layer);
    else groups.push([layer]);
  }
  for (const client of limited.filter(({ layer }) => layer === "client")) {
    const group = groups.find(([first]) => first !== undefined && isCutOff(client, first));
    if (group === undefined) groups.push([client]);
    else group.unshift(client);
  }
  return [...groups.map((group) => named(group, whose(group, layers))), ...streams.map(streamLimit)].toSorted(
    (a, b) => a.limit_ms - b.limit_ms,
  );
}

function isLimited(layer: LayerResult): layer is Limited {
  return layer.outcome === "limit" && layer.limit_ms !== null && layer.lost_ms !== null;
}

function isSame(a: Limited, b: Limited): boolean {
  return Math.abs(b.limit_ms - a.limit_ms) <= Math.max(SAME, a.limit_ms * SAME_SHARE);
}

/** Whether it is the same limit that ends the client's socket, and not the client. */
function isCutOff(client: Limited, other: Limited): boolean {
  if (!isSame(other, client)) return false;
  if (client.kind !== "closed") return true;
  return other.kind === "closed" && client.limit_ms > other.limit_ms - BY_ITSELF;
}

/** The least of what its layers say; the kind that says most. */
function named(group: readonly Limited[], who: Whose): IdleLimitResult {
  // What a client of another make sees adds nothing to what connections of ours do.
  const ours = group.some(({ layer }) => layer !== "client")
    ? group.filter(({ layer }) => layer !== "client")
    : group;
  const survived = Math.min(...ours.map(({ survived_ms: ms }) => ms ?? 0));
  return {
    ...who,
    kind: ours[0]?.kind ?? "closed",
    limit_ms: Math.min(...ours.map(({ limit_ms: ms }) => ms)),
    survived_ms: survived === 0 ? null : survived,
    lost_ms: Math.min(...ours.map(({ lost_ms: ms }) => ms)),
    layers: group.map(({ layer }) => layer),
  };
}

function whose(group: readonly Limited[], all: readonly LayerResult[]): Whose {
  const has = (layer: LayerName): boolean => group.some((each) => each.layer === layer);
  const limit = Math.max(...group.map(({ limit_ms: ms }) => ms));
  /** Whether connections of another layer were alive when these were lost. */
  const outlives = (name: LayerName): boolean =>
    all.some(({ layer, survived_ms: ms }) => layer === name && ms !== null && ms > limit * (1 + SAME_SHARE));
  const least = Math.min(...group.map(({ limit_ms: ms }) => ms));
  /** Whether they are lost too, but sooner, for another reason. */
  const isShorter = (name: LayerName): boolean =>
    !has(name) && all.some((each) => each.layer === name && isLimited(each) && each.limit_ms < least);
  const [http, ws, tcp] = [has("http"), has("ws"), has("tcp")];
  if (!http && !ws && !tcp) return CLIENT;
  if (tcp && (http || ws)) {
    if (isShorter("http") || isShorter("ws")) return ON_THE_WAY;
    return ws || !outlives("ws") ? EVERY_SOCKET : { ...EVERY_SOCKET, meaning: SPARES_WS };
  }
  if (tcp) return outlives("http") || outlives("ws") ? FIRST_REQUEST : ON_THE_WAY;
  if (http && ws) return outlives("tcp") ? USED_SOCKETS : EVERY_SOCKET;
  if (http) return outlives("tcp") || outlives("ws") ? HTTP_KEEP_ALIVE : HTTP_ALONE;
  return outlives("tcp") || outlives("http") ? WEB_SOCKET : WEB_SOCKET_ALONE;
}

const PING_SOONER = "Ping more often than this, or every pause as long costs a new connection.";

const CLIENT: Whose = {
  whose: "client",
  name: "the client's own socket pool",
  meaning:
    "A plain createClient() over HTTP drops its socket after such a pause, and its next statement pays for a new one.",
};
const EVERY_SOCKET: Whose = {
  whose: "network",
  name: "the network's, or the server's for all its sockets",
  meaning: `All connections are lost alike, so what is on the way cannot be told from the server. ${PING_SOONER}`,
};
const SPARES_WS = `WebSockets outlive it: somebody keeps them alive by pings. Over HTTP: ${PING_SOONER}`;
const ON_THE_WAY: Whose = {
  whose: "network",
  name: "the network's, or the server's for all its sockets",
  meaning: `A connection that carries nothing is lost whatever it carried before; other limits are shorter. ${PING_SOONER}`,
};
const FIRST_REQUEST: Whose = {
  whose: "server",
  name: "the server's for a first request",
  meaning:
    "Only connections that have carried no request are lost; those that have are not. A connection opened ahead has to be used, or pinged, before that.",
};
const USED_SOCKETS: Whose = {
  whose: "server",
  name: "the server's for idle connections",
  meaning: `Connections that were used are lost, fresh ones are not, so it is the server's, or a proxy's that reads requests. ${PING_SOONER}`,
};
const HTTP_KEEP_ALIVE: Whose = {
  whose: "server",
  name: "the server's HTTP keep-alive",
  meaning: `It begins with each answer over HTTP; other connections live longer. ${PING_SOONER}`,
};
const HTTP_ALONE: Whose = {
  whose: "server",
  name: "the server's HTTP keep-alive, or the network's",
  meaning: `Nothing else was seen to live longer, so it cannot be told whose it is. ${PING_SOONER}`,
};
const WEB_SOCKET: Whose = {
  whose: "websocket",
  name: "the server's or a proxy's for WebSockets",
  meaning: `Other connections live longer. ${PING_SOONER}`,
};
const WEB_SOCKET_ALONE: Whose = {
  whose: "websocket",
  name: "the server's for WebSockets, or the network's",
  meaning: `Nothing else was seen to live longer, so it cannot be told whose it is. ${PING_SOONER}`,
};

function streamLimit(layer: Limited): IdleLimitResult {
  return named([layer], {
    whose: "stream",
    name: "the server's stream expiry",
    meaning:
      "A transaction over HTTP that pauses for as long is lost. Pings do not help it: each has a stream of its own.",
  });
}
