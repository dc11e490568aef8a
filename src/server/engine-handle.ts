import Database from "libsql";
import type { Col, EngineValue } from "./protocol.js";
import type { ScannedStatement } from "../core/sql/scan.js";

/** The part of the native statement that is used; its own types leave the values untyped. */
interface NativeStatement {
  readonly reader: boolean;
  raw(on: boolean): unknown;
  columns(): { readonly name: string; readonly type: string | null }[];
  run(args: readonly EngineValue[]): { readonly changes: number; readonly lastInsertRowid: number };
  get(args: readonly EngineValue[]): unknown;
  iterate(args: readonly EngineValue[]): Iterator<EngineValue[], unknown>;
}

interface CachedStatement {
  readonly native: NativeStatement;
  readonly reader: boolean;
  inUse: boolean;
}

/** What a finished statement did. */
export interface Outcome {
  readonly affectedRowCount: number;
  readonly lastInsertRowid: string | null;
}

/** A statement that has been started: its columns, then its rows, then its outcome. */
export interface Execution {
  readonly cols: readonly Col[];
  /** The next row, or `undefined` after the last one. Every row must be taken, or `abandon` called. */
  next(): readonly EngineValue[] | undefined;
  /** After the last row. */
  outcome(): Outcome;
  /** Stops before the last row, so that the statement holds no snapshot of the database. */
  abandon(): void;
}

const MAX_CACHED_STATEMENTS = 64;
const MAX_CACHED_SQL_LENGTH = 8_192;
/** In `p5` of the opcode Insert: it sets the last rowid. Source: SQLite's sqliteInt.h. */
const OPFLAG_LASTROWID = 0x20;
const COUNTERS = "SELECT changes(), last_insert_rowid()";

/**
 * One connection of the engine.
 *
 * Prepared statements are kept, because preparing costs ten times what running `SELECT 1` does and
 * because native memory is given back only by garbage collection, which does not see how much it is.
 * A changed schema is no danger: SQLite prepares again by itself, and columns are asked for after the first step.
 */
export class EngineHandle {
  readonly #db: InstanceType<typeof Database>;
  readonly #statements = new Map<string, CachedStatement>();
  /** Its state may differ from a fresh connection's (TEMP objects, pragmas): not for another stream. */
  marked = false;
  /** A statement that found the database busy is still open in it: to be replaced outside a transaction. */
  poisoned = false;
  #recycled = false;
  /** `last_insert_rowid()` may be another stream's: this one has made none yet. */
  #rowidIsForeign = false;

  private constructor(db: InstanceType<typeof Database>) {
    this.#db = db;
  }

  static open(file: string): EngineHandle {
    const db = new Database(file);
    db.defaultSafeIntegers(true);
    // With a write-ahead log, NORMAL loses no consistency; it is sqld's setting too.
    db.exec("PRAGMA synchronous = NORMAL");
    return new EngineHandle(db);
  }

  /** It served another stream before. */
  get recycled(): boolean {
    return this.#recycled;
  }

  /** It goes on to another stream. */
  recycle(): void {
    this.#recycled = this.#rowidIsForeign = true;
  }

  get inTransaction(): boolean {
    return this.#db.inTransaction;
  }

  /** Columns of a statement, without running it. */
  describe(sql: string): readonly Col[] {
    const { native, reader } = this.#prepare(sql);
    return reader ? columnsOf(native) : [];
  }

  /** Runs a statement up to its first row. @throws what the engine throws. */
  start(statement: ScannedStatement, args: readonly EngineValue[]): Execution {
    const prepared = this.#prepare(statement.sql);
    const stale = statement.isInsert && this.#rowidIsForeign ? this.#counters().rowid : undefined;
    const outcome = (changes: number, rowid: bigint): Outcome => ({
      affectedRowCount: statement.isChange ? changes : 0,
      lastInsertRowid: statement.isInsert
        ? String(this.#ownRowid(statement, args, changes, rowid, stale))
        : null,
    });
    if (prepared.reader && statement.isExplain) {
      const rows = this.#explain(prepared, args).values();
      return {
        cols: columnsOf(prepared.native),
        next: () => rows.next().value,
        abandon: () => undefined,
        outcome: () => ({ affectedRowCount: 0, lastInsertRowid: null }),
      };
    }
    if (prepared.reader) return this.#startReader(prepared, statement, args, outcome);
    const { changes, lastInsertRowid } = prepared.native.run(args);
    return {
      cols: [],
      next: () => undefined,
      abandon: () => undefined,
      outcome: () => {
        // The native binding gives the rowid as a double.
        const isExact = Number.isSafeInteger(lastInsertRowid);
        return outcome(changes, isExact ? BigInt(lastInsertRowid) : this.#counters().rowid);
      },
    };
  }

  #startReader(
    prepared: CachedStatement,
    statement: ScannedStatement,
    args: readonly EngineValue[],
    outcome: (changes: number, rowid: bigint) => Outcome,
  ): Execution {
    const rows = prepared.native.iterate(args);
    let ahead = rows.next();
    prepared.inUse = true;
    const fetch = (): IteratorResult<EngineValue[], unknown> => {
      try {
        return rows.next();
      } catch (error) {
        prepared.inUse = false;
        throw error;
      }
    };
    return {
      cols: columnsOf(prepared.native),
      next: () => {
        const row = ahead.done === true ? undefined : ahead.value;
        if (row) ahead = fetch();
        else prepared.inUse = false;
        return row;
      },
      outcome: () => {
        if (!statement.isChange) return { affectedRowCount: 0, lastInsertRowid: null };
        const { changes, rowid } = this.#counters();
        return outcome(changes, rowid);
      },
      abandon: () => {
        if (ahead.done !== true && prepared.inUse) {
          // RETURNING has all its rows ready, and `get` would make the change a second time.
          if (statement.kind === "read") this.#reset(prepared, args);
          else while (fetch().done !== true);
        }
        prepared.inUse = false;
      },
    };
  }

  /**
   * Reads an EXPLAIN to its end at once. Left open, it would keep tables from being dropped, even after its
   * last row; and it names tables by pointers that dangle, and crash the process, once the schema is read anew.
   */
  #explain(prepared: CachedStatement, args: readonly EngineValue[]): readonly EngineValue[][] {
    const rows: EngineValue[][] = [];
    const program = prepared.native.iterate(args);
    for (let row = program.next(); row.done !== true; row = program.next()) rows.push(row.value);
    this.#reset(prepared, args);
    return rows;
  }

  /** Ends a statement in the middle. The binding does so after `get` alone, which runs it to its first row. */
  #reset(prepared: CachedStatement, args: readonly EngineValue[]): void {
    try {
      prepared.native.get(args);
    } catch {
      // It may be open still: not for another stream.
      this.poisoned = true;
    }
  }

  /** Ends an open transaction, whatever happened in it. */
  rollback(): void {
    if (this.inTransaction) this.#db.exec("ROLLBACK");
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #counters(): { readonly changes: number; readonly rowid: bigint } {
    const [changes = 0n, rowid = 0n] = this.#prepare(COUNTERS).native.get([]) as readonly bigint[];
    return { changes: Number(changes), rowid };
  }

  /** What this stream's inserts made last: SQLite tells an earlier stream's rowid until they have made one. */
  #ownRowid(
    statement: ScannedStatement,
    args: readonly EngineValue[],
    changes: number,
    rowid: bigint,
    stale: bigint | undefined,
  ): bigint {
    // The same one may have been made again, in another table or after a DELETE.
    if (rowid === stale && !(changes > 0 && this.#makesRowid(statement, args))) return 0n;
    this.#rowidIsForeign = false;
    return rowid;
  }

  /** False for tables WITHOUT ROWID, and for what is more likely an update, which leaves the rowid alone. */
  #makesRowid(statement: ScannedStatement, args: readonly EngineValue[]): boolean {
    if (/\bDO\s+UPDATE\b/i.test(statement.sql)) return false;
    const program = this.#explain(this.#prepare(`EXPLAIN ${statement.sql}`), args);
    return program.some(([, op, , , , , flags]) => op === "Insert" && Number(flags) & OPFLAG_LASTROWID);
  }

  #prepare(sql: string): CachedStatement {
    const cached = this.#statements.get(sql);
    if (cached && !cached.inUse) return cached;
    const native = this.#db.prepare(sql) as unknown as NativeStatement;
    const { reader } = native;
    if (reader) native.raw(true);
    const prepared = { native, reader, inUse: false };
    // An EXPLAIN is not prepared again when the schema changes: see #explain.
    if (!cached && sql.length <= MAX_CACHED_SQL_LENGTH && !/^EXPLAIN\b/i.test(sql)) {
      if (this.#statements.size >= MAX_CACHED_STATEMENTS) {
        const oldest = this.#statements.keys().next();
        if (oldest.done !== true) this.#statements.delete(oldest.value);
      }
      this.#statements.set(sql, prepared);
    }
    return prepared;
  }
}

function columnsOf(statement: NativeStatement): readonly Col[] {
  return statement.columns().map(({ name, type }) => ({ name, decltype: type }));
}
