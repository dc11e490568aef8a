import type {
  IdleLimitResult,
  IdleResult,
  LayerName,
  LayerResult,
  LossKind,
  TuneResult,
} from "../../tune/result.js";
import { borderless, firstThatFits, type Column } from "../borderless.js";
import { count, NO_FIGURE, period } from "../format.js";
import type { Style } from "../style.js";
import { paragraph, sentence } from "./paragraph.js";
import { section } from "./section.js";

const LAYER: Readonly<Record<LayerName, string>> = {
  client: "createClient()",
  http: "HTTP",
  ws: "WebSocket",
  tcp: "bare TCP",
  stream: "Hrana stream",
};

/** As in the table. */
const ORDER: readonly LayerName[] = ["ws", "http", "tcp", "client", "stream"];

const KIND: Readonly<Record<LossKind, string>> = {
  closed: "closed",
  refused: "refused",
  silent: "no answer",
};

/** How long connections may idle: the limits by name, and what each layer showed. */
export function idleTables(result: TuneResult, style: Style, columns: number): string {
  const { idle } = result;
  if (idle === null) return section("Idle limits", "idle", result, [], style, columns);
  const none = noneFound(idle);
  const found = [
    ...idle.limits.map((limit) => named(limit, style, columns)),
    none === undefined ? undefined : paragraph(none, columns),
    // Where nothing was tried, a table of dashes tells nothing.
    idle.layers.every(({ probes }) => probes === 0) ? undefined : layerTable(idle, style, columns),
    ...notesOn(idle).map((note) => paragraph(note, columns, "", style.dim)),
  ];
  return section("Idle limits", "idle", result, found, style, columns);
}

function named(limit: IdleLimitResult, style: Style, columns: number): string {
  const { name, kind, limit_ms: at, survived_ms: survived, lost_ms: lost, layers, meaning } = limit;
  const bracket =
    survived === null ? `${period(lost)} was too long` : `${period(survived)} survived, ${period(lost)} not`;
  const title = style.bold(`${sentence(name).slice(0, -1)}: ${period(at)}`);
  const seenIn = ORDER.filter((layer) => layers.includes(layer))
    .map((layer) => LAYER[layer])
    .join(", ");
  return paragraph(
    `${title} (${bracket}; ${KIND[kind]}). Seen in ${seenIn}. ${sentence(meaning)}`,
    columns,
    "- ",
  );
}

/** That there is none is an answer; that some could not be tried is another. */
function noneFound({ max_idle_ms: most, layers, limits }: IdleResult): string | undefined {
  const none = layers.filter(({ outcome }) => outcome === "none");
  if (none.length === 0) return limits.length > 0 ? undefined : `Can't tell of any up to ${period(most)}.`;
  const upTo = period(Math.min(...none.map(({ searched_up_to_ms: searched }) => searched)));
  const where = none.map(({ layer }) => LAYER[layer]).join(", ");
  return `None found up to ${upTo} in ${where}: what idled that long survived.`;
}

/** Each once, with all the layers that it is about. */
function notesOn({ layers }: IdleResult): string[] {
  const about = new Map<string, string[]>();
  for (const { layer, outcome, note } of layers) {
    const why = note ?? (outcome === "unknown" ? "it was stopped before it could tell" : undefined);
    if (why !== undefined) about.set(why, [...(about.get(why) ?? []), LAYER[layer]]);
  }
  return [...about].map(([why, names]) => sentence(`${names.join(", ")}: ${why}`));
}

function layerTable({ layers }: IdleResult, style: Style, columns: number): string {
  const time = (head: string, of: "survived_ms" | "lost_ms"): Column<LayerResult> => ({
    head,
    cell: ({ [of]: value }) => period(value),
  });
  const every: Column<LayerResult>[] = [
    { head: "idle", cell: ({ layer }) => style.bold(LAYER[layer]) },
    { head: "limit", cell: limitOf },
    time("longest\nsurvived", "survived_ms"),
    time("shortest\nlost", "lost_ms"),
    { head: "how it\nended", cell: ({ kind }) => (kind === null ? NO_FIGURE : KIND[kind]) },
    { head: "near it\nkept", cell: ({ survivals }) => count(survivals) },
    { head: "\nlost", cell: ({ losses }) => count(losses) },
    { head: "probes", cell: ({ probes }) => count(probes) },
  ];
  const fewer = every.filter(({ head }) => !EXTRA.has(head));
  return firstThatFits(
    [
      borderless(every, layers, style),
      borderless(every, layers, style, 1),
      borderless(fewer, layers, style),
      borderless(fewer, layers, style, 1),
    ],
    columns,
  );
}

const EXTRA: ReadonlySet<string> = new Set(["near it\nkept", "\nlost"]);

function limitOf({ outcome, limit_ms: limit, searched_up_to_ms: searched }: LayerResult): string {
  switch (outcome) {
    case "limit":
      return period(limit);
    case "none":
      return `over ${period(searched)}`;
    case "unknown":
      return "can't tell";
  }
}
