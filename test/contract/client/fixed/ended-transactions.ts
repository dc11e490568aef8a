import { LOCAL } from "../case.js";
import { answered, anything, done, five, inBatch, over, type FixedDefect } from "./defect.js";

const MODES = ["write", "read", "deferred"];
const overInBatch = inBatch("TRANSACTION_CLOSED", 0);

/** A transaction that has ended, asked for everything: see `afterwards` of the cases. */
const ended = (batch: unknown, emptyBatch: unknown): unknown[] => [
  true,
  over,
  batch,
  emptyBatch,
  over,
  over,
  done,
  done,
  true,
];
const [endedInFile, endedByUs] = [ended(overInBatch, []), ended(over, over)];

/** Of transactions over files that have ended. */
export const ENDED_TRANSACTIONS: readonly FixedDefect[] = [
  {
    why: "over files, a transaction that has ended blames the first statement of a batch",
    on: LOCAL,
    cases: ["COMMIT", "ROLLBACK"].map(
      (end) => `says what is wrong with a ${end} out of the blue, everywhere that it can stand`,
    ),
    plain: [[answered, overInBatch], ...five(anything)],
    ours: [[answered, over], ...five(anything)],
  },
  {
    why: "over files, a transaction that has ended blames the first statement of a batch, and takes an empty one",
    on: LOCAL,
    cases: MODES.map((mode) => `commits in a ${mode} transaction`),
    plain: [[answered, answered, answered, done, ...endedInFile], true, true, answered],
    ours: [[answered, answered, answered, done, ...endedByUs], true, true, answered],
  },
  {
    why: "as above, after rollback() and close()",
    on: LOCAL,
    cases: MODES.flatMap((mode) => [
      `rolls back in a ${mode} transaction`,
      `closes a ${mode} transaction, which rolls it back`,
    ]),
    plain: [[answered, done, ...endedInFile], true, true, answered],
    ours: [[answered, done, ...endedByUs], true, true, answered],
  },
  {
    why: "as above, after a commit() of nothing",
    on: LOCAL,
    cases: MODES.map((mode) => `commits a ${mode} transaction of nothing`),
    plain: [[false, done, ...endedInFile], true, true, answered],
    ours: [[false, done, ...endedByUs], true, true, answered],
  },
  {
    why: "as above, after a rollback() of nothing",
    on: LOCAL,
    cases: MODES.map((mode) => `rolls back a ${mode} transaction of nothing`),
    plain: [[done, ...endedInFile], true, true, answered],
    ours: [[done, ...endedByUs], true, true, answered],
  },
];
