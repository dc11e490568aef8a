import type { Client } from "@libsql/client";
import type { ContestantName } from "./result.js";

/** Where a proxy listens. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Who uses the database through a proxy. */
export interface Contestant {
  readonly client: Pick<Client, "execute">;
  /** Ends its connections, whatever state they are in. */
  close(): Promise<void>;
}

export interface ContestantMaker {
  readonly name: ContestantName;
  /** How it reaches the database: `https`, `wss` and so on. */
  readonly transport: string;
  /** A new one, which has no connection yet. */
  make(via: Place): Contestant;
}
