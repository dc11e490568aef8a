// What callers were told of their writes, until the audit has it.

export class Ledger {
  #audit;
  #violations;
  #entries = [];
  #lastOp = 0;
  audits = 0;
  rows = 0;

  constructor(audit, violations) {
    this.#audit = audit;
    this.#violations = violations;
  }

  /** The number of a new operation. */
  next() {
    return ++this.#lastOp;
  }

  /** An operation is over. @param rows how many it would have written */
  enter(op, rows, expected, what) {
    this.#entries.push([op, rows, expected, what]);
  }

  /** Looks at what was entered since the last time, or at everything there ever was. */
  async audit(method = "audit") {
    const entries = this.#entries;
    this.#entries = [];
    const { violations, count, rows, operations } = await this.#audit.ask(method, entries);
    this.audits++;
    this.rows = rows;
    for (const { promise, what } of violations) this.#violations.add(promise, what);
    if (count > violations.length) {
      this.#violations.add(violations[0].promise, `and ${count - violations.length} more`);
    }
    return operations;
  }
}
