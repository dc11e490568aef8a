import { printable } from "../core/printable.js";
import type { Host, TargetResult } from "./result.js";
import type { Sides } from "./same-plan.js";

/** What tells two of a kind apart, in words that are alike when those two are. */
type Trait<Kind> = (one: Kind, other: Kind) => readonly [string, string];

/** Two of these are the same size when they differ by less: some memory goes to the kernel, not always as much. */
const SAME_MEMORY = 0.01;

const HOST: readonly Trait<Host>[] = [
  each(({ cpu_model: model }) => `cpu model ${printable(model)}`),
  each(({ cpus }) => (cpus === 1 ? "1 cpu" : `${cpus} cpus`)),
  each(({ arch }) => `architecture ${printable(arch)}`),
  each(({ platform }) => `platform ${printable(platform)}`),
  memory,
  each(({ node }) => `Node ${printable(/^v?(\d+)/.exec(node)?.[1] ?? node)}`),
];

const WAY: readonly Trait<TargetResult>[] = [
  each(({ transport }) => `transport ${transport}`),
  each(({ tls }) => (tls ? "TLS" : "no TLS")),
  network,
];

const TARGET: readonly Trait<TargetResult>[] = [...WAY, each((target) => printable(place(target)))];

/**
 * The first difference between two machines that makes milliseconds measured on them different things, in words
 * such as `cpu model A there, cpu model B here`; `null` when there is none. How fast a machine happened to be is
 * not part of what it is.
 */
export function sameHost(one: Host, other: Host, sides?: Sides): string | null {
  return firstDifference(HOST, one, other, sides);
}

/**
 * The first difference between two databases, or the ways to them, in words; `null` when there is none.
 */
export function sameTarget(one: TargetResult, other: TargetResult, sides?: Sides): string | null {
  return firstDifference(TARGET, one, other, sides);
}

/**
 * The first difference between the ways to two databases, wherever they are: one that changes how strategies compare,
 * since what a connection saves depends on how far it goes.
 */
export function sameWay(one: TargetResult, other: TargetResult, sides?: Sides): string | null {
  return firstDifference(WAY, one, other, sides);
}

function firstDifference<Kind>(
  traits: readonly Trait<Kind>[],
  one: Kind,
  other: Kind,
  [there, here]: Sides = ["there", "here"],
): string | null {
  for (const trait of traits) {
    const [before, after] = trait(one, other);
    if (before !== after) return `${before} ${there}, ${after} ${here}`;
  }
  return null;
}

function each<Kind>(words: (one: Kind) => string): Trait<Kind> {
  return (one, other) => [words(one), words(other)];
}

function memory({ memory_bytes: one }: Host, { memory_bytes: other }: Host): readonly [string, string] {
  const isSame = Math.abs(one - other) <= SAME_MEMORY * Math.max(one, other);
  return isSame ? ["", ""] : [`${gibibytes(one)} of memory`, `${gibibytes(other)} of memory`];
}

/** With as many digits as it takes to tell memories apart. */
function gibibytes(bytes: number): string {
  return `${Number((bytes / 2 ** 30).toPrecision(4))} GiB`;
}

function network(
  { network: one }: TargetResult,
  { network: other }: TargetResult,
): readonly [string, string] {
  if (one === null || other === null) return [emulated(one), emulated(other)];
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const values = [one[name] ?? null, other[name] ?? null];
    if (values[0] !== values[1]) {
      return [`network ${printable(name)} ${values[0]}`, `network ${printable(name)} ${values[1]}`];
    }
  }
  return ["", ""];
}

const emulated = (network: TargetResult["network"]): string =>
  network === null ? "no emulated network" : "an emulated network";

/** Where a database is, the same place in any spelling; an embedded server has another port in each run. */
function place({ url, embedded, transport }: TargetResult): string {
  if (embedded) return "the embedded server";
  if (transport === "file" || transport === "memory" || !URL.canParse(url)) return url;
  // Default ports are only known for schemes that are special.
  const { protocol, host, pathname, searchParams } = new URL(url.replace(/^libsql:/i, "https:"));
  searchParams.delete("authToken");
  const query = searchParams.size > 0 ? `?${searchParams.toString()}` : "";
  return `${protocol}//${host}${pathname.replace(/\/$/, "")}${query}`;
}
