import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../src/core/random.js";
import { pooledClient } from "../../support/client-fixture.js";
import type { Fate } from "../../support/fake-libsql.js";
import { settle, watch, type Watched } from "../../support/pool-fixture.js";

/** For a long hunt: `RUNS=20000 npx vitest run --project unit client/promises`. */
const numRuns = Number(process.env.RUNS ?? 300);

const fates: readonly Fate[] = [
  "answer",
  "answer",
  "answer",
  "unsent",
  "lost-before",
  "lost-after",
  "hang",
  "hang-unexecuted",
  "slow",
  "busy",
  "broken",
  "refused-token",
  "sql",
];

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom("write" as const, "read" as const, "batch" as const) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("idempotent" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("transaction" as const), commits: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("fate" as const), fate: fc.constantFrom(...fates) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("advance" as const), ms: fc.constantFrom(1, 40, 300, 1_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("abort" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("opens" as const), work: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("reconnect" as const, "begin to reconnect" as const) }),
  },
);

interface Call {
  /** What it wants executed: all of it, once. */
  readonly statements: readonly string[];
  readonly mayRepeat: boolean;
  readonly result: Watched<unknown>;
}

describe("whatever happens, in whatever order", () => {
  it("a client loses no write, doubles none, and lies about none", { timeout: 60_000 }, async () => {
    const property = fc.asyncProperty(
      fc.array(step, { maxLength: 80, size: "max" }),
      fc.nat(),
      fc.boolean(),
      fc.constantFrom(0, 50, 5_000),
      async (steps, seed, rotates, patience) => {
        const options = { maxConnections: 3, operationTimeout: 2_000, connectionTimeout: 1_000 };
        const { client, database, clock } = pooledClient(options, { rotates, random: seededRandom(seed) });
        const calls: Call[] = [];
        const aborts: AbortController[] = [];
        for (const [at, action] of steps.entries()) {
          const abort = new AbortController();
          const mine = client.with({ signal: abort.signal });
          const [a, b] = [`INSERT ${at}a`, `INSERT ${at}b`];
          const keys = [a, b];
          const begin = (statements: string[], mayRepeat: boolean, call: Promise<unknown>): void => {
            calls.push({ statements, mayRepeat, result: watch(call) });
            aborts.push(abort);
          };
          if (action.do === "write") begin([a], false, mine.execute(a));
          else if (action.do === "batch") begin([`${a}; ${b}`], false, mine.batch(keys));
          else if (action.do === "read") begin([`SELECT ${at}`], true, mine.execute(`SELECT ${at}`));
          else if (action.do === "idempotent") {
            begin([b], true, mine.with({ idempotent: true }).execute(b));
          } else if (action.do === "transaction") {
            const work = async (): Promise<void> => {
              const transaction = await mine.transaction();
              try {
                for (const key of keys) await transaction.execute(key);
                if (action.commits) await transaction.commit();
                else throw new Error("thought better of it");
              } finally {
                transaction.close();
              }
            };
            begin(action.commits ? keys : [], false, work());
          } else if (action.do === "fate") database.fates.push(action.fate);
          else if (action.do === "advance") await clock.advance(action.ms);
          else if (action.do === "abort") aborts[at % Math.max(1, aborts.length)]?.abort();
          else if (action.do === "opens") database.opens = action.work ? {} : { then: "fail" };
          else if (action.do === "reconnect") await client.reconnect();
          else void client.reconnect();
          if (at % 3 === 0) await settle();
          expect(database.open.length).toBeLessThanOrEqual(3);
        }
        const closing = client.close({ timeout: patience });
        await clock.advance(options.operationTimeout * 4);
        await closing;
        for (const { statements, mayRepeat, result } of calls) {
          expect(result.state).not.toBe("pending");
          const counts = statements.map((sql) => database.executed.filter((done) => done === sql).length);
          if (result.state === "resolved") expect(Math.min(1, ...counts)).toBe(1);
          if (!mayRepeat) expect(Math.max(0, ...counts)).toBeLessThanOrEqual(1);
          // All or nothing.
          expect(new Set(counts.map((count) => count > 0)).size).toBeLessThanOrEqual(1);
          const outcome = (result.error as { outcome?: string } | undefined)?.outcome;
          if (outcome === "not executed") expect(counts).toEqual(statements.map(() => 0));
          if (result.error) expect(result.error.message).toMatch(/^[A-Z_]+: |thought better/);
        }
        expect(database.executed.filter((sql) => sql.startsWith("autocommit"))).toEqual([]);
        expect(database.open).toHaveLength(0);
        expect(client.statistics().activeConnections).toBe(0);
        expect(clock.pendingTimers).toBe(0);
      },
    );
    await fc.assert(property, { numRuns });
  });
});
