import { ManualClock } from "../../src/core/manual-clock.js";
import type { Alert } from "../../src/monitor/result.js";
import { holdPool, type HoldPlan } from "../../src/watch/hold-pool.js";
import type { LookResult } from "../../src/watch/result.js";
import { FakeDatabase, type FakeConnection } from "../support/fake-connections.js";

export type Held = Awaited<ReturnType<typeof holdPool>> & {
  readonly looks: readonly LookResult[];
  readonly database: FakeDatabase;
};

/** Holds a pool of fake connections on a manual clock to its end, and fails when anything is left of it. */
export async function hold(
  plan: Partial<HoldPlan> = {},
  script: (database: FakeDatabase, clock: ManualClock, stop: () => void) => void = () => undefined,
): Promise<Held> {
  const clock = new ManualClock();
  const database = new FakeDatabase(clock);
  const looks: LookResult[] = [];
  const stop = new AbortController();
  script(database, clock, () => stop.abort());
  const done = holdPool<FakeConnection>(
    {
      open: database.connect,
      display: "ws://db",
      sockets: {
        get opened() {
          return database.connections.length;
        },
        get open() {
          return database.open.length;
        },
      },
      random: () => 0,
    },
    {
      ...{ load: null, interval: 2_000, duration: 60_000, leakThreshold: 30_000, timeout: 1_000 },
      ...plan,
      pool: { minConnections: 2, ...plan.pool },
    },
    { clock, signal: stop.signal, onLook: (look) => looks.push(look) },
  );
  let isDone = false;
  void done.finally(() => (isDone = true)).catch(() => undefined);
  while (!isDone) await clock.advance(100);
  const held = await done;
  if (clock.pendingTimers > 0) throw new Error(`${clock.pendingTimers} timers were left`);
  if (database.occupied > 0) throw new Error(`${database.occupied} connections were left`);
  return { ...held, looks, database };
}

/** The far side of a middlebox: connections that carried nothing for so long are forgotten, and nobody is told. */
export function forgetAfter(limit: number): (database: FakeDatabase, clock: ManualClock) => void {
  return (database, clock) => {
    const connect = database.connect;
    Object.defineProperty(database, "connect", {
      value: async (signal: AbortSignal) => {
        const connection = await connect(signal);
        let forgotten = false;
        Object.defineProperty(connection, "pings", {
          get: () => {
            forgotten ||= clock.now() - connection.provenAt >= limit;
            return forgotten ? { then: "hang" } : { after: 1 };
          },
        });
        return connection;
      },
    });
  };
}

/** The options that an alert's remedy sets. */
export function remedied(alerts: readonly Alert[], rule: Alert["rule"]): HoldPlan["pool"] {
  const settings = alerts.find((alert) => alert.rule === rule)?.settings ?? [];
  return Object.fromEntries(settings.map(({ option, to }) => [option, to]));
}

export const rulesOf = (alerts: readonly Alert[]): string[] => alerts.map(({ rule }) => rule);
