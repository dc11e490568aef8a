// What a soak has shown, as tables.
import Table from "cli-table3";

/** What is promised, by the names under which it is broken. */
const PROMISES = {
  "lost write": "no acknowledged write is lost",
  "doubled write": "no write is there twice",
  "torn write": "batches and transactions are there wholly or not at all",
  "write out of nothing": "what was not executed, or undone, is not there",
  "dead transaction": "nothing is executed in a transaction that is over",
  "double lease": "a connection is with one caller at a time, and comes back",
  "too many sockets": "sockets never exceed maxConnections",
  deadline: "every call ends within its deadline",
  "coded error": "every error is a LibsqlError with a code",
  recovery: "the same client is whole again after each fault",
  memory: "memory does not grow",
  handles: "timers, sockets and other handles do not become more",
  listeners: "listeners do not become more",
  "left open": "nothing is left after close()",
  process: "no unhandled rejection, no warning",
};

const plain = {
  style: { head: [], border: [] },
  chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
};

const table = (head, rows, aligns) => {
  const drawn = new Table({
    ...plain,
    head,
    colAligns: ["left", ...head.slice(1).map(() => aligns ?? "right")],
  });
  drawn.push(...rows);
  return drawn.toString();
};

const sum = (counts) => [...counts.values()].reduce((total, one) => total + one, 0);
const byName = ([one], [other]) => (one < other ? -1 : 1);

function sideBySide(title, lanes, countsOf, name = (key) => [key]) {
  const keys = [...new Set(lanes.flatMap((lane) => [...countsOf(lane).keys()]))].sort();
  const titles = Array.isArray(title) ? title : [title];
  const rows = keys.map((key) => [...name(key), ...lanes.map((lane) => countsOf(lane).get(key) ?? 0)]);
  const totals = [
    ...titles.map((_, index) => (index ? "" : "all")),
    ...lanes.map((lane) => sum(countsOf(lane))),
  ];
  return table([...titles, ...lanes.map((lane) => lane.name)], [...rows, totals]);
}

export function summary({ lanes, weather, violations, ledger, memory, samples, lag, end, peakOf }) {
  const figures = [
    ["most sockets open, here", (lane) => lane.peakSockets],
    ["most sockets open, at the proxy", (lane) => peakOf(lane.name)],
    ["sockets opened", (lane) => lane.statistics.totalCreated],
    ["leases", (lane) => lane.leases.total],
    ["most leases at one time", (lane) => lane.leases.peak],
    ["transactions taken back", (lane) => lane.statistics.totalLeaksSuspected],
    ["longest beyond a deadline, ms", (lane) => Math.round(lane.calls.longestOverrun)],
    ["slowest recovery, ms", (lane) => Math.round(lane.slowestRecovery)],
  ];
  const [first, last] = [samples.all[0], samples.all.at(-1)];
  const counted = (sample) => (sample ? Object.values(sample.counts) : []);
  return [
    sideBySide("calls", lanes, ({ calls }) => calls.counts),
    sideBySide(
      ["error", "outcome"],
      lanes,
      ({ calls }) => calls.errors,
      (key) => key.split("\t"),
    ),
    table(["fault", "times"], [...weather.faults].sort(byName)),
    table(
      ["", ...lanes.map(({ name }) => name)],
      figures.map(([what, of]) => [what, ...lanes.map(of)]),
    ),
    table(
      ["alive after garbage collection", ...Object.keys(first?.counts ?? {})],
      [
        ["first", ...counted(first)],
        ["last", ...counted(last)],
        ["after close()", ...Object.values(end.left), ""],
      ],
    ),
    `memory: ${memory}`,
    `${ledger.rows} rows of ${end.operations} writing operations, audited ${ledger.audits} times; this process was late by ${Math.round(lag.worst)} ms at most`,
    table(
      ["promise", "", "broken"],
      Object.entries(PROMISES).map(([name, words]) => {
        const broken = violations.countOf(name);
        return [words, broken > 0 ? "BROKEN" : "kept", broken || ""];
      }),
    ),
  ].join("\n");
}
