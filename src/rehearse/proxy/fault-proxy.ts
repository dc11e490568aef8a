import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { realClock, type Clock } from "../../core/clock.js";
import { seededRandom, type Random } from "../../core/random.js";
import type { Fault } from "./fault.js";
import { Line } from "./line.js";
import { StrikeCounter } from "./strikes.js";
import { letThrough, type Treatment } from "./treatment.js";
import { treatmentOf } from "./treatment-of.js";

export interface FaultProxyOptions {
  /** Where the server is. */
  readonly host: string;
  readonly port: number;
  /** The same seed gives the same faults the same chances. Default 1. */
  readonly seed?: number | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * A TCP proxy on this machine, in front of a server, that does to connections what it is told: one {@link Fault}
 * at a time, which can be changed while connections are open. It listens on loopback only.
 */
export class FaultProxy implements AsyncDisposable {
  readonly #upstream: { readonly host: string; readonly port: number };
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #lines = new Set<Line>();
  /** Connections that a fault took, of which the server never heard. */
  readonly #taken = new Set<Socket>();
  #listener: Server | undefined;
  #treatment: Treatment = letThrough;
  #strikes: StrikeCounter | undefined;
  #port = 0;
  #accepted = 0;
  #open = 0;
  #peak = 0;
  #isClosed = false;
  /** Faults begin and end one after the other. */
  #change: Promise<void> = Promise.resolve();

  private constructor({ host, port, clock = realClock, seed = 1 }: FaultProxyOptions) {
    this.#upstream = { host, port };
    this.#clock = clock;
    this.#random = seededRandom(seed);
  }

  /** Listens on a free port of 127.0.0.1. */
  static async listen(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    await proxy.#listen();
    return proxy;
  }

  /** Where it listens; the same for good. */
  get port(): number {
    return this.#port;
  }

  /** Connections that clients have open now. */
  get open(): number {
    return this.#open;
  }

  /** The most that were open at one time. */
  get peak(): number {
    return this.#peak;
  }

  /** Connections in all. */
  get accepted(): number {
    return this.#accepted;
  }

  /** How many times the fault has struck that was injected last: connections, requests or, when corrupting, bytes. */
  get struck(): number {
    return this.#strikes?.struck ?? 0;
  }

  /** The fault begins when this resolves, in place of the one before, which ends without {@link heal}. */
  inject(fault: Fault): Promise<void> {
    return this.#changing(async () => {
      const strikes = new StrikeCounter(
        "times" in fault || "probability" in fault ? fault : {},
        this.#random,
      );
      const treatment = await treatmentOf(fault, {
        strikes,
        random: this.#random,
        host: this.#upstream.host,
      });
      if (fault.kind === "refuse") this.#listener = void this.#listener?.close();
      else await this.#listen();
      this.#strikes = strikes;
      this.#treat(treatment);
    });
  }

  /** All is well from when this resolves; what was struck stays so. */
  heal(): Promise<void> {
    return this.#changing(async () => {
      await this.#listen();
      this.#treat(letThrough);
      for (const line of this.#lines) line.heal();
      for (const client of this.#taken) if (client.readableEnded) client.destroy();
    });
  }

  /** Closes every connection, and listens no more. Idempotent. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#changing(async () => {
      const listener = this.#listener;
      this.#listener = undefined;
      const closed = listener && new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const line of this.#lines) line.close();
      for (const client of this.#taken) client.destroy();
      await closed;
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #changing(change: () => Promise<void>): Promise<void> {
    const changed = this.#change.then(change);
    this.#change = changed.catch(() => undefined);
    return changed;
  }

  #treat(treatment: Treatment): void {
    this.#treatment = treatment;
    for (const line of this.#lines) line.treat(treatment);
  }

  async #listen(): Promise<void> {
    if (this.#listener !== undefined || this.#isClosed) return;
    const listener = createServer({ noDelay: true, allowHalfOpen: true }, (client) => this.#accept(client));
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject);
      listener.listen({ host: "127.0.0.1", port: this.#port, backlog: 4_096 }, resolve);
    });
    listener.on("error", () => undefined);
    this.#port = (listener.address() as AddressInfo).port;
    this.#listener = listener;
  }

  #accept(client: Socket): void {
    this.#accepted++;
    this.#open++;
    this.#peak = Math.max(this.#peak, this.#open);
    const treatment = this.#treatment;
    client.on("error", () => undefined);
    if (treatment.accept?.(client)) return this.#keep(client);
    const line: Line = new Line(
      {
        client,
        upstream: this.#upstream,
        clock: this.#clock,
        clientGone: () => this.#open--,
        gone: () => this.#lines.delete(line),
      },
      treatment,
    );
    this.#lines.add(line);
  }

  /** Of a connection that a fault took: an end that nobody may hear of is not answered before all is well again. */
  #keep(client: Socket): void {
    this.#taken.add(client);
    let isGone = false;
    const gone = (): void => {
      if (!isGone) this.#open--;
      isGone = true;
    };
    client.once("end", () => {
      gone();
      if (this.#treatment === letThrough) client.destroy();
    });
    client.once("close", () => {
      gone();
      this.#taken.delete(client);
    });
  }
}
