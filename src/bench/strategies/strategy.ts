import type { Milliseconds } from "../../core/duration.js";
import type { Target } from "../../libsql/target.js";
import type { KeepAliveStatistics, PoolStatistics } from "../../pool/statistics.js";
import type { CountingConnector } from "../counting-connector.js";
import type { BenchPlan, StrategyName } from "../plan.js";
import type { PlainClients } from "./plain-clients.js";

/** One operation that succeeded. */
export interface Operation {
  /** The part before its connection was ready; `null` where that cannot be seen from outside the client. */
  readonly overhead: Milliseconds | null;
  /** When its last row had come; what a strategy does afterwards is not the operation's. */
  readonly doneAt: Milliseconds;
}

/** A way to get a connection for each operation. */
export interface Strategy {
  readonly name: StrategyName;
  /** Runs one statement: from asking for a connection, at `startedAt`, to the last row. */
  operate(sql: string, startedAt: Milliseconds): Promise<Operation>;
  /** Sockets opened so far. */
  readonly socketsOpened: number;
  /** Connections opened so far: sockets, or handles of a local database; `null` where the client hides them. */
  readonly connectionsOpened: number | null;
  /** The pool's own account, if there is one. */
  statistics(): PoolStatistics | KeepAliveStatistics | null;
  /** Afterwards nothing of it is open. */
  close(): Promise<void>;
}

/** What strategies are made from. */
export interface StrategyContext {
  readonly target: Target;
  readonly plan: BenchPlan;
  /** Makes a way to open connections that are counted for the strategy that asked. */
  readonly connector: () => CountingConnector;
  /** Sees the sockets of plain clients. */
  readonly plainClients: PlainClients;
}
