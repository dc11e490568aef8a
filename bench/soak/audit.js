// Counts what is in the database against what the callers were told, in a process of its own.
import Database from "libsql";
import { ALL, EITHER, NONE } from "./expected.js";
import { serve } from "./helper.js";

const MOST_TOLD = 20;

let file;
let lastRow = 0;
/** By number of the operation: a bit for each of its rows that is there, and what is expected. */
const found = [];
const ledger = [];

function open() {
  const db = new Database(file);
  db.exec("PRAGMA busy_timeout = 5000");
  return db;
}

/** What is wrong with an operation, as a sentence; `undefined` when nothing is. */
function wrongWith(op) {
  const [, rows, expected, what] = ledger[op];
  const there = found[op] ?? 0;
  const all = (1 << rows) - 1;
  const isRight = expected === EITHER ? there === 0 || there === all : there === (expected === ALL ? all : 0);
  if (isRight) return undefined;
  const wanted = { [NONE]: "none", [ALL]: "all", [EITHER]: "all or none" }[expected];
  const present = [...there.toString(2)].filter((bit) => bit === "1").length;
  const promise = expected === ALL ? "lost write" : expected === NONE ? "write out of nothing" : "torn write";
  return { promise, what: `${what} (operation ${op}): ${present} of ${rows} rows, not ${wanted}` };
}

function audit(entries) {
  for (const entry of entries) ledger[entry[0]] = entry;
  const touched = new Set(entries.map(([op]) => op));
  const violations = [];
  const db = open();
  try {
    const rows = db
      .prepare("SELECT rowid, op, part FROM writes WHERE rowid > ? ORDER BY rowid")
      .raw()
      .all([lastRow]);
    for (const [row, op, part] of rows) {
      lastRow = row;
      if (found[op] & (1 << part)) {
        const what = `${ledger[op]?.[3] ?? "?"} (operation ${op}): row ${part} twice`;
        violations.push({ promise: "doubled write", what });
      }
      found[op] |= 1 << part;
      touched.add(op);
    }
  } finally {
    db.close();
  }
  for (const op of touched) {
    // What is under way is entered when it is over.
    const wrong = ledger[op] && wrongWith(op);
    if (wrong) violations.push(wrong);
  }
  return { violations: violations.slice(0, MOST_TOLD), count: violations.length, rows: lastRow };
}

/** Everything once more, from an empty slate: rows must not only come, but stay. */
function final(entries) {
  for (const entry of entries) ledger[entry[0]] = entry;
  found.length = 0;
  lastRow = 0;
  const { violations } = audit([]);
  for (let op = 0; op < Math.max(found.length, ledger.length); op++) {
    if (found[op] && !ledger[op]) {
      violations.push({ promise: "write out of nothing", what: `operation ${op} was never told of` });
    }
    const wrong = !found[op] && ledger[op] && wrongWith(op);
    if (wrong) violations.push(wrong);
  }
  const operations = ledger.filter(Boolean).length;
  return { violations: violations.slice(0, MOST_TOLD), count: violations.length, rows: lastRow, operations };
}

serve({
  prepare(databaseFile) {
    file = databaseFile;
    const db = open();
    db.exec("CREATE TABLE writes (op INTEGER NOT NULL, part INTEGER NOT NULL)");
    db.exec("CREATE INDEX writes_by_op ON writes (op)");
    db.close();
  },
  audit,
  final,
});
