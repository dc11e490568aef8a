import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock, settle } from "../../src/core/manual-clock.js";
import { plan } from "../../src/server/answer.js";
import { NO_ARGS } from "../../src/server/bind-args.js";
import { HandlePool } from "../../src/server/handle-pool.js";
import { newMetrics } from "../../src/server/metrics.js";
import type { RequestContext } from "../../src/server/program.js";
import type { EngineValue, Stmt, StmtResult, StreamRequest } from "../../src/server/protocol.js";
import { ResultBudget } from "../../src/server/result-budget.js";
import { prepareDatabase } from "../../src/server/seed.js";
import { SqlCache } from "../../src/server/sql-cache.js";
import { SqlStore } from "../../src/server/sql-store.js";
import { SqlStream, type StreamContext } from "../../src/server/sql-stream.js";
import { WriteLock } from "../../src/server/write-lock.js";

/** Everything a stream needs, on a database of its own and a clock that stands still. */
export class EngineFixture {
  readonly clock = new ManualClock();
  readonly metrics = newMetrics();
  readonly folder = mkdtempSync(join(tmpdir(), "turso-pool-test-"));
  readonly file = join(this.folder, "data.db");
  readonly handles: HandlePool;
  readonly context: StreamContext;
  readonly cache = new SqlCache();

  constructor({ maxInUse = 8 } = {}) {
    prepareDatabase(this.file);
    const { clock, metrics, file } = this;
    this.handles = new HandlePool({ file, maxInUse, waitTimeout: 1_000, clock, metrics });
    const lock = new WriteLock({ clock, busyTimeout: 5_000, idleTimeout: 5_000 });
    this.context = { handles: this.handles, lock, metrics, clock, busyTimeout: 5_000 };
  }

  open(): Promise<SqlStream> {
    return SqlStream.open(this.context);
  }

  request(overrides: Partial<RequestContext> = {}): RequestContext {
    return {
      version: 3,
      permission: "read-write",
      sqls: new SqlStore({ maxTexts: 10, maxTextLength: 1_000 }),
      cache: this.cache,
      budget: new ResultBudget(1_000_000),
      ...overrides,
    };
  }

  async ask(stream: SqlStream, request: StreamRequest, overrides: Partial<RequestContext> = {}) {
    const job = plan(request, this.request(overrides));
    return stream.run(() => job(stream));
  }

  async execute(stream: SqlStream, sql: string, args: readonly EngineValue[] = []): Promise<StmtResult> {
    const response = await this.ask(stream, { type: "execute", stmt: stmt(sql, args) });
    if (response.type !== "execute") throw new Error(`answered with ${response.type}`);
    return response.result;
  }

  /** The first value of the first row, as it goes over the wire. */
  async value(stream: SqlStream, sql: string): Promise<unknown> {
    const value = (await this.execute(stream, sql)).rows[0]?.[0];
    return value && "value" in value ? value.value : value;
  }

  dispose(): void {
    this.handles.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A statement as it is after decoding. */
export function stmt(sql: string, args: readonly EngineValue[] = [], wantRows = true): Stmt {
  return { source: { by: "text", sql }, args, namedArgs: NO_ARGS.namedArgs, wantRows };
}

/** The error that a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("was not rejected");
}

/** Lets work that waits for nothing but promises get on. */
export async function getOn(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await settle();
}
