import wrapAnsi from "wrap-ansi";
import type { ObservedResult, RehearsalResult, RehearsedFault } from "../rehearse/result.js";
import { borderless, firstThatFits, type Column } from "./borderless.js";
import { count, period, quantity, span } from "./format.js";
import type { Style } from "./style.js";

/** A count stays with what it counts. */
const TIMES = "\u00a0×\u00a0";

/** What became of whom under which fault, and what that is to be held against. */
export function rehearsalReport(result: RehearsalResult, style: Style, columns: number): string {
  const wrapped = (text: string, indent = ""): string =>
    wrapAnsi(text.replaceAll(" × ", TIMES), columns - indent.length, { hard: true })
      .replaceAll(TIMES, " × ")
      .replaceAll("\n", `\n${indent}`);
  return [
    wrapped(heading(result, style)),
    table(result, style, columns),
    ...(errors(result).length === 0
      ? []
      : [
          [
            style.bold("Errors that reached callers"),
            ...errors(result).map((line) => wrapped(line, "  ")),
          ].join("\n"),
        ]),
    notes(result)
      .map((line) => wrapped(line))
      .join("\n"),
  ].join("\n\n");
}

function heading({ target, plan, interrupted }: RehearsalResult, style: Style): string {
  const where = target.embedded ? `${target.url} (embedded)` : target.url;
  const callers = plan.callers === 1 ? "1 caller" : `${count(plan.callers)} callers`;
  const parts = [
    style.bold(where),
    `${quantity(plan.rate_per_second, "per_second")} by ${callers} each`,
    `faults of ${span(plan.fault_ms)}`,
  ];
  return `${parts.join(" · ")}${interrupted ? style.yellow(" · interrupted") : ""}`;
}

interface Row {
  readonly fault: string;
  readonly who: string;
  readonly seen: ObservedResult;
}

function table({ faults, plan }: RehearsalResult, style: Style, columns: number): string {
  const rows = faults.flatMap(({ fault, plain, pool }): Row[] => [
    { fault, who: "plain", seen: plain },
    { fault: "", who: "pool", seen: pool },
  ]);
  const bad = (value: number, paint = style.red): string => (value === 0 ? count(0) : paint(count(value)));
  const cells: Column<Row>[] = [
    { head: "\nfault", cell: ({ fault }) => fault },
    { head: "\nclient", cell: ({ who }) => who },
    { head: "\ncalls", cell: ({ seen }) => count(seen.calls) },
    { head: "\nerrors", cell: ({ seen }) => bad(seen.failed, style.yellow) },
    { head: "wrong\nanswers", cell: ({ seen }) => bad(seen.wrong_answers) },
    { head: "\nhung", cell: ({ seen }) => bad(seen.hangs) },
    { head: "longest\nstall", cell: ({ seen }) => stall(seen, plan.patience_ms) },
    { head: "answers\nagain after", cell: ({ seen }) => recovery(seen, style) },
  ];
  return firstThatFits(
    [2, 1].map((gap) => borderless(cells, rows, style, gap)),
    columns,
  );
}

function stall({ hangs, longest_stall_ms: longest }: ObservedResult, patience: number): string {
  return hangs > 0 ? `> ${period(patience)}` : period(longest);
}

function recovery({ recovered_after_ms: after }: ObservedResult, style: Style): string {
  return after === null ? style.red("never") : period(after);
}

/** `refuse: plain 119 × TypeError; pool 4 × OPERATION_TIMEOUT`, for each fault with any. */
function errors({ faults }: RehearsalResult): string[] {
  const list = (who: string, { errors: all }: ObservedResult): string[] =>
    all.length === 0
      ? []
      : [`${who} ${all.map(({ code, count: times }) => `${count(times)} × ${code}`).join(", ")}`];
  return faults.flatMap(({ fault, plain, pool }: RehearsedFault) => {
    const told = [...list("plain", plain), ...list("pool", pool)];
    return told.length === 0 ? [] : [`${fault}: ${told.join("; ")}`];
  });
}

function notes({ plan, faults, skipped, target }: RehearsalResult): string[] {
  const asked = `${target.transport}${target.tls ? "s" : ""}`;
  const reasons = [...new Set(skipped.map(({ reason }) => reason))];
  const typeErrors = faults.some(({ plain }) => plain.errors.some(({ code }) => code === "TypeError"));
  const wrong = faults.some(({ plain, pool }) => plain.wrong_answers + pool.wrong_answers > 0);
  return [
    ...faults.map(({ fault, meaning }) => `${fault}: ${meaning}.`),
    `Each asked ${plan.statement} again and again: ${span(plan.before_ms)} before, during and after each fault; a caller that waits for an answer asks nothing meanwhile, so who waits longer makes fewer calls. “answers again after” counts from the end of the fault. Nothing was written, and nothing that went to the server was altered.`,
    `The plain client is one createClient() of @libsql/client over ${plan.plain_transport}, which has no deadline: a call of either that had not ended after ${span(plan.patience_ms)} counts as hung, and its caller went on. The pool is one createPool() over ${plan.pool_transport} with an operationTimeout of ${span(plan.operation_timeout_ms)}.`,
    ...(plan.plain_transport === asked
      ? []
      : [
          `A plain client over ${asked} cannot be led through a proxy: its certificate would be of another name.`,
        ]),
    ...(typeErrors ? ["A TypeError is what fetch() throws when a connection fails; it has no code."] : []),
    ...(wrong ? ["Without TLS nothing tells a corrupted answer from a true one."] : []),
    ...reasons.map((reason) => {
      const those = skipped.filter((one) => one.reason === reason).map(({ fault }) => fault);
      return `Not rehearsed: ${those.join(", ")}: ${reason}.`;
    }),
  ];
}
