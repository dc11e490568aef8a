import type { Client, Config } from "@libsql/client";

export type Transport = "ws" | "http" | "file" | "memory";
export const REMOTE: readonly Transport[] = ["ws", "http"];
export const LOCAL: readonly Transport[] = ["file", "memory"];
/** Where more than one connection sees the same database. */
export const SHARED: readonly Transport[] = ["ws", "http", "file"];

/** What a case has to play with, beside the client that it is about. */
export interface Stage {
  readonly transport: Transport;
  /** Another client of the same database and of the same kind, closed when the case ends. */
  create(config?: Partial<Config>): Client;
}

/** Something to do with a client. What comes of it must not depend on which client it is. */
export interface Case {
  /** The behaviour that it is about, to be read after "a client". */
  readonly name: string;
  /** Default: all of them. */
  readonly on?: readonly Transport[];
  readonly config?: Partial<Config>;
  run(client: Client, stage: Stage): unknown;
}
