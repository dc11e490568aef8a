// Interactive transactions of a caller, with every way to end one.
import { setTimeout as sleep } from "node:timers/promises";
import { PooledClientError } from "../../dist/index.js";
import { expectedAfter, NONE } from "./expected.js";
import { insert, TIMEOUT_MS } from "./statements.js";

/** One that is lost in mid-statement blocks all writers until the server lets go of it: for now and then. */
const HASTE = 0.004;
/** A row that is tried after the end, and must never be there. */
const AFTERWARDS = 12;
/** Longer than a server bears a transaction that does nothing while others want to write. */
const TOO_LONG_MS = 5_500;

export async function transaction(caller) {
  const { lane } = caller;
  const manner = caller.manner(HASTE);
  const op = lane.ledger.next();
  const mode = caller.chance(0.6) ? "write" : caller.chance(0.5) ? "deferred" : "read";
  const opened = await caller.call("transaction", manner, (client) => client.transaction(mode));
  const run = new Run(caller, op, manner, opened.value);
  if (opened.error) return run.over(NONE, "not begun");
  const end = run.drawEnd(mode);
  if (end === "forgotten" && caller.chance(0.5)) return run.over(NONE, end);
  if (mode !== "read") {
    const error = await run.write();
    if (error) return run.failed(error);
  }
  if (caller.chance(0.4)) {
    const error = await run.read();
    if (error) return run.failed(error);
  }
  return run[end]();
}

class Run {
  #caller;
  #lane;
  #op;
  #timeout;
  #transaction;
  #rows = 0;

  constructor(caller, op, { operationTimeout = TIMEOUT_MS }, transaction) {
    this.#caller = caller;
    this.#lane = caller.lane;
    this.#op = op;
    this.#timeout = operationTimeout;
    this.#transaction = transaction;
  }

  drawEnd(mode) {
    const { random } = this.#caller;
    // What keeps a connection, or all writers, for seconds is for now and then.
    if (this.#lane.mayForget(mode)) return "forgotten";
    if (mode === "write" && this.#lane.mayIdle()) return "idled";
    const draw = random();
    if (draw < 0.6) return "committed";
    if (draw < 0.7) return "committedByText";
    if (draw < 0.8) return "rolledBack";
    if (draw < 0.9) return "closed";
    if (draw < 0.905) return "closedInMidStatement";
    return "committedAfterError";
  }

  over(expected, how) {
    this.#lane.ledger.enter(this.#op, this.#rows, expected, `transaction, ${how}`);
  }

  /** One to four rows: one after the other, all at once, or in a batch. Gives the error if there was one. */
  async write() {
    const caller = this.#caller;
    const rows = Array.from({ length: caller.upTo(4) }, () => insert(this.#op, this.#rows++));
    const draw = caller.random();
    if (draw < 0.3) return (await this.#call("batch", (transaction) => transaction.batch(rows))).error;
    const each = rows.map((row) => () => this.#call("execute", (transaction) => transaction.execute(row)));
    if (draw < 0.5) return (await Promise.all(each.map((one) => one()))).find(({ error }) => error)?.error;
    for (const one of each) {
      const { error } = await one();
      if (error) return error;
      if (caller.chance(0.2)) await sleep(caller.upTo(30));
    }
    return undefined;
  }

  /** It sees its own rows, and the right number of them. */
  async read() {
    const mayLie = this.#lane.answersMayLie;
    const { value, error } = await this.#call("execute", (transaction) =>
      transaction.execute("SELECT count(*) FROM writes WHERE op = ?", [this.#op]),
    );
    const seen = value?.rows[0][0];
    if (value && seen !== this.#rows && !mayLie && !this.#lane.answersMayLie) {
      const what = `transaction ${this.#op} sees ${seen} of its ${this.#rows} rows`;
      this.#lane.violations.add("torn write", what);
    }
    return error;
  }

  /** A statement of it failed: what was lost on the way is lost for good. */
  async failed(error) {
    if (error instanceof PooledClientError) await this.#mustBeOver();
    else if (this.#caller.chance(0.5)) await this.#call("rollback", (transaction) => transaction.rollback());
    this.#transaction.close();
    this.over(NONE, "failed");
  }

  committed() {
    return this.#commit("commit", (transaction) => transaction.commit());
  }

  committedByText() {
    return this.#commit("execute COMMIT", (transaction) => transaction.execute("COMMIT"));
  }

  /** A statement that the database refuses does not end it. */
  async committedAfterError() {
    const { error } = await this.#call("execute, refused", (transaction) =>
      transaction.execute("SELECT nothing"),
    );
    if (error instanceof PooledClientError) return this.failed(error);
    return this.committed();
  }

  async rolledBack() {
    const { error } = await this.#call("rollback", (transaction) => transaction.rollback());
    this.over(NONE, "rolled back");
    if (!error) await this.#mustBeOver();
  }

  async closed() {
    this.#transaction.close();
    this.over(NONE, "closed");
    await this.#mustBeOver();
  }

  async closedInMidStatement() {
    const row = insert(this.#op, this.#rows++);
    const statement = this.#call("execute, closed", (transaction) => transaction.execute(row));
    if (this.#caller.chance(0.5)) await sleep(this.#caller.upTo(5));
    this.#transaction.close();
    await statement;
    this.over(NONE, "closed in mid-statement");
    await this.#mustBeOver();
  }

  /** Nobody ends it: it is taken back, and nothing of it stays. */
  forgotten() {
    this.over(NONE, "forgotten");
  }

  /** Too slow for the server, for the pool's patience, or not. */
  async idled() {
    await sleep(TOO_LONG_MS);
    const error = await this.write();
    if (error) return this.failed(error);
    return this.committed();
  }

  async #commit(what, work) {
    const { error } = await this.#call(what, work);
    if (error) {
      const mayBeOpen = !(error instanceof PooledClientError) && what !== "commit";
      if (mayBeOpen) this.#transaction.close();
      this.over(expectedAfter(error), what);
    } else if (this.#rows === 0) this.over(NONE, what);
    else this.#caller.wrote(this.#op, this.#rows, `transaction, ${what}`);
    await this.#mustBeOver();
  }

  /** Whatever comes after the end is refused, and nothing of it is executed. */
  async #mustBeOver() {
    if (!this.#caller.chance(0.3)) return;
    const { error } = await this.#call("execute, too late", (transaction) =>
      transaction.execute(insert(this.#op, AFTERWARDS)),
    );
    if (error?.code === "TRANSACTION_CLOSED" || error?.code === "ABORTED") return;
    const seen = error ? `rejects with ${error.code}` : "was executed";
    this.#lane.violations.add("dead transaction", `${this.#op}: a statement after its end ${seen}`);
  }

  #call(what, work) {
    return this.#lane.calls.call(`in transaction: ${what}`, this.#timeout, () => work(this.#transaction));
  }
}
