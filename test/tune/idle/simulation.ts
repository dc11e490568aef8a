import type { Milliseconds } from "../../../src/core/duration.js";
import type { Observation } from "../../../src/tune/idle/cuts.js";
import type { Gap } from "../../../src/tune/idle/expected.js";
import { nextStep, type Step } from "../../../src/tune/idle/search.js";

/** What a made-up network does to connections that idle. */
export interface MadeUp {
  readonly seats: number;
  readonly reach: Milliseconds;
  readonly hints?: readonly Gap[];
  /** How long the connection that is opened as the n-th may idle; `Infinity` for ever. */
  readonly limit: (n: number) => Milliseconds;
  readonly how: "closed" | "silent";
  /** The n-th is closed by accident at this age. */
  readonly accident?: { readonly n: number; readonly age: Milliseconds };
}

export interface Found {
  readonly step: Exclude<Step, { kind: "go on" }>;
  readonly took: Milliseconds;
  readonly observations: readonly Observation[];
  readonly peak: number;
}

const PATIENCE = 1_000;
const STAGGER = 150;
const FLOOR = 500;

interface Idler {
  readonly n: number;
  readonly since: Milliseconds;
  readonly idle: Milliseconds;
  /** How long it had idled when it was asked. */
  asked?: Milliseconds;
}

/** Runs a search against a made-up network, without any clock. */
export function simulate(network: MadeUp): Found {
  const observations: Observation[] = [];
  let idlers: Idler[] = [];
  let now = 0;
  let opened = 0;
  let peak = 0;
  for (let turns = 0; turns < 5_000; turns++) {
    const step = nextStep({
      ...network,
      observations,
      floor: FLOOR,
      waiting: idlers.map(({ since, idle }) => ({ idle, age: now - since })),
    });
    if (step.kind !== "go on") return { step, took: now, observations, peak };
    for (const [i, idle] of step.begin.entries())
      idlers.push({ n: opened++, since: now + i * STAGGER, idle });
    peak = Math.max(peak, idlers.length);
    const [next] = idlers
      .map((idler) => ({ idler, ...nextEvent(network, idler, step.cap, now) }))
      .toSorted((a, b) => a.at - b.at);
    if (next === undefined) throw new Error("stuck: nothing is waited for");
    now = Math.max(now, next.at);
    if (next.seen === "asked") next.idler.asked = now - next.idler.since;
    else {
      observations.push(next.seen);
      idlers = idlers.filter((idler) => idler !== next.idler);
    }
  }
  throw new Error("it does not end");
}

interface Event {
  readonly at: Milliseconds;
  readonly seen: Observation | "asked";
}

function nextEvent(network: MadeUp, { n, since, idle, asked }: Idler, cap: Milliseconds, now: number): Event {
  const limit = network.limit(n);
  if (asked !== undefined) {
    const isLost = asked >= limit;
    const at = since + asked + (isLost ? PATIENCE : 0);
    return { at, seen: { idle: asked, at, lost: isLost ? "silent" : null } };
  }
  const accident = network.accident?.n === n ? network.accident.age : Infinity;
  const closed = Math.min(network.how === "closed" ? limit : Infinity, accident);
  const ask = Math.max(Math.min(idle, cap), now - since);
  if (closed <= ask)
    return { at: since + closed, seen: { idle: closed, at: since + closed, lost: "closed" } };
  return { at: since + ask, seen: "asked" };
}
