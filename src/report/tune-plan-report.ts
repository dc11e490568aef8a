import type { PhaseName, TunePlanResult } from "../tune/result.js";
import { count, stretch } from "./format.js";
import type { Style } from "./style.js";
import { paragraph } from "./tune-report/paragraph.js";
import { withText } from "./tune-report/text-column.js";
import { placeOf, workloadOf } from "./tune-report/tune-heading.js";

/** As the report calls them that it would end in. */
const PHASE: Readonly<Record<PhaseName, string>> = {
  cost: "connecting",
  idle: "idle limits",
  size: "size",
  proof: "proof",
};

interface Row {
  readonly name: string;
  readonly connections: number;
  readonly time: number;
  readonly queries: number;
  readonly what: string;
}

/** What `--dry-run` says would be done, at most. */
export function tunePlanReport(plan: TunePlanResult, style: Style, columns: number): string {
  const heading = [`${placeOf(plan.target, style)} · a plan, nothing was measured`, workloadOf(plan.profile)];
  return [
    heading.map((line) => paragraph(line, columns)).join("\n"),
    table(rowsOf(plan), style, columns),
    paragraph(
      "Connections are those at one time. Nothing will be written to the database: every statement reads.",
      columns,
    ),
    // 6,349 where 238,000 were planned.
    paragraph(
      "To find the size it asks as fast as it is answered. Only a database on this machine gets near that many queries: where an answer takes 20 ms, 32 connections made some 6,000.",
      columns,
    ),
  ].join("\n\n");
}

function rowsOf({ phases, connections, duration_ms: time, queries }: TunePlanResult): Row[] {
  return [
    ...phases.map((one) => ({
      ...{ name: PHASE[one.phase], connections: one.connections, time: one.duration_ms },
      ...{ queries: one.queries, what: one.what },
    })),
    { name: "in all", connections, time, queries, what: "" },
  ];
}

function table(rows: readonly Row[], style: Style, columns: number): string {
  const beside = withText<Row>(
    [
      { head: "phase", cell: ({ name }) => style.bold(name) },
      { head: "connections\nat most", cell: ({ connections }) => count(connections) },
      { head: "time\nat most", cell: ({ time }) => stretch(time) },
      { head: "queries\nat most", cell: ({ queries }) => count(queries) },
    ],
    { head: "what", text: ({ what }) => what },
    rows,
    style,
    columns,
  );
  return beside ?? rows.map((row) => block(row, style, columns)).join("\n");
}

function block({ name, connections, time, queries, what }: Row, style: Style, columns: number): string {
  const most = [
    `${count(connections)} ${connections === 1 ? "connection" : "connections"}`,
    stretch(time),
    `${count(queries)} ${queries === 1 ? "query" : "queries"}`,
  ];
  const line = `${style.bold(name)}: at most ${most.join(", ")}`;
  return [paragraph(line, columns), ...(what === "" ? [] : [paragraph(what, columns, "  ")])].join("\n");
}
