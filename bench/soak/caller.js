// One caller of a client: one operation after the other, drawn by seed, with a little rest between.
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../../dist/core/random.js";
import { ALL, expectedAfter, NONE } from "./expected.js";
import { insert, inserts, TIMEOUT_MS } from "./statements.js";
import { transaction } from "./transactions.js";

const LONGEST_REST_MS = 500;
const MOST_REMEMBERED = 20;

export class Caller {
  /** Where it calls: a client, and what all its callers share. */
  lane;
  random;
  /** Writes that are surely there. */
  #acknowledged = [];

  constructor(lane, seed) {
    this.lane = lane;
    this.random = seededRandom(seed);
  }

  /** Until the client is closed. */
  async run() {
    const { lane } = this;
    while (!lane.closed) {
      await sleep(this.random() * LONGEST_REST_MS);
      await lane.gate;
      if (lane.closed) return;
      await this.#operation()(this);
    }
  }

  chance(probability) {
    return this.random() < probability;
  }

  upTo(most) {
    return 1 + Math.floor(this.random() * most);
  }

  /**
   * How a call is made: as it comes, with a signal that may abort, or with little time.
   * @param haste how likely these two are, each
   */
  manner(haste = 0.06) {
    const draw = this.random();
    if (draw < haste) return { operationTimeout: this.upTo(40) };
    if (draw < 2 * haste) return { signal: AbortSignal.timeout(this.upTo(40)) };
    // One that many calls share, and that none may cling to.
    if (draw < 0.4) return { signal: this.lane.signal };
    return {};
  }

  /** A call of the client; see `Calls.call()`. */
  call(what, manner, work) {
    const client = this.lane.client.with(manner);
    return this.lane.calls.call(what, manner.operationTimeout ?? TIMEOUT_MS, () => work(client));
  }

  /** A write of so many rows at once, by one call. */
  async write(what, rows, work) {
    const op = this.lane.ledger.next();
    const { error } = await this.call(what, this.manner(), (client) => work(client, op));
    if (error === undefined) this.wrote(op, rows, what);
    else this.lane.ledger.enter(op, rows, expectedAfter(error), what);
  }

  wrote(op, rows, what) {
    this.lane.ledger.enter(op, rows, ALL, what);
    this.#acknowledged.push([op, rows]);
    if (this.#acknowledged.length > MOST_REMEMBERED) this.#acknowledged.shift();
  }

  /** One that was written before, and how many rows it has. */
  written() {
    return this.#acknowledged[Math.floor(this.random() * this.#acknowledged.length)];
  }

  #operation() {
    const draw = this.random();
    if (draw < 0.3) return read;
    if (draw < 0.55)
      return (caller) => caller.write("execute", 1, (client, op) => client.execute(insert(op, 0)));
    if (draw < 0.68) return batch;
    if (draw < 0.71) return migrate;
    if (draw < 0.74) return multiple;
    if (draw < 0.77) return refused;
    return transaction;
  }
}

function batch(caller) {
  const rows = caller.upTo(5);
  const mode = caller.chance(0.7) ? "write" : "deferred";
  return caller.write("batch", rows, (client, op) => client.batch(inserts(op, rows), mode));
}

function migrate(caller) {
  const rows = caller.upTo(3);
  return caller.write("migrate", rows, (client, op) => client.migrate(inserts(op, rows)));
}

function multiple(caller) {
  const rows = caller.upTo(3);
  return caller.write("executeMultiple", rows, (client, op) => {
    const statements = inserts(op, rows).map((_, part) => `INSERT INTO writes VALUES (${op}, ${part});`);
    return client.executeMultiple(`BEGIN IMMEDIATE; ${statements.join(" ")} COMMIT`);
  });
}

/** A batch whose last statement the database refuses: nothing of it is to stay. */
async function refused(caller) {
  const { ledger, violations } = caller.lane;
  const op = ledger.next();
  const { error } = await caller.call("batch, refused", caller.manner(), (client) =>
    client.batch([...inserts(op, 2), "INSERT INTO nowhere VALUES (1)"], "write"),
  );
  if (error === undefined)
    violations.add("torn write", `operation ${op}: a batch with a bad statement went well`);
  ledger.enter(op, 2, NONE, "batch, refused");
}

/** What was acknowledged is there, whoever asks. */
async function read(caller) {
  const { lane } = caller;
  const written = caller.written();
  if (written === undefined || caller.chance(0.3)) {
    const sql = "SELECT count(*), max(rowid) FROM writes WHERE rowid > ?";
    await caller.call("read", caller.manner(), (client) => client.execute(sql, [lane.ledger.rows]));
    return;
  }
  const [op, rows] = written;
  const mayLie = lane.answersMayLie;
  const { value } = await caller.call("read", caller.manner(), (client) =>
    client.execute("SELECT part FROM writes WHERE op = ? ORDER BY part", [op]),
  );
  if (value === undefined || mayLie || lane.answersMayLie) return;
  const seen = value.rows.map((row) => row[0]).join();
  const wanted = Array.from({ length: rows }, (_, part) => part).join();
  if (seen !== wanted) {
    lane.violations.add("lost write", `${lane.name}: operation ${op} reads as rows ${seen}, not ${wanted}`);
  }
}
