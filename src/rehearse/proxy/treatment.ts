import type { Socket } from "node:net";
import type { Milliseconds } from "../../core/duration.js";
import type { Ending } from "./fault.js";
import type { Pace } from "./lane.js";
import type { ReadRequest } from "./request-reader.js";

/** A connection as far as a {@link Treatment} is concerned. */
export interface TreatedLine {
  /** A request of it was answered. What of TLS handshakes comes late may be taken for an answer to the first. */
  readonly hasAnswered: boolean;
  /** How answers travel. */
  downPace: Pace;
  /** How requests travel. */
  upPace: Pace;
  toClient(bytes: Buffer): void;
  /** Ends both sides, at once. */
  end(how: Ending): void;
  /** Ends the client's side after these bytes; the server is left to finish. */
  cutClient(how: Ending, last?: Buffer): void;
  /** Nothing goes through any more, and nobody is told. */
  lose(): void;
}

/** What a fault does to connections. Whatever it does not say goes through. */
export interface Treatment {
  /** Whether it takes a new connection, of which the server then never hears. */
  accept?(client: Socket): boolean;
  /** It meets each connection once: those that are open, then each new one that it did not take. */
  meet?(line: TreatedLine, age: "open" | "new"): void;
  /** Before bytes are carried on a connection that carried none for so long. */
  carries?(line: TreatedLine, idleFor: Milliseconds): void;
  /** Whether it takes a request, of which the server then never hears. Requests are held until they are whole. */
  request?(piece: ReadRequest, line: TreatedLine): boolean;
  /** Is given all that comes from the server. */
  answer?(bytes: Buffer, line: TreatedLine): void;
}

/** All is well. */
export const letThrough: Treatment = {};
