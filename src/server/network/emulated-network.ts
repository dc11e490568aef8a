import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { realClock, type Clock } from "../../core/clock.js";
import { seededRandom } from "../../core/random.js";
import type { NetworkConfig } from "./config.js";
import { DeliveryQueue } from "./delivery-queue.js";
import { Link } from "./link.js";
import { Wire } from "./wire.js";

export interface EmulatedNetworkOptions {
  readonly network: NetworkConfig;
  /** Where the server listens on 127.0.0.1. */
  readonly port: number;
  readonly clock?: Clock | undefined;
}

/**
 * A network between clients and a server on this machine: a TCP proxy that does to connections what distance,
 * narrow lines and middleboxes do. It runs in the server's process, so one hop of loopback more is its cost.
 *
 * What a client sees of a round trip time R: connecting is instant, its first answer comes after 2 R (see
 * `Link`), each later one after R. So of the phases of opening a connection, the one after TCP takes R more
 * than over a real network, TCP takes R less, and the sum is the same.
 */
export class EmulatedNetwork {
  readonly #options: EmulatedNetworkOptions;
  readonly #clock: Clock;
  readonly #queue: DeliveryQueue;
  readonly #links = new Set<Link>();
  readonly #listener: Server;
  #accepted = 0;

  constructor(options: EmulatedNetworkOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#queue = new DeliveryQueue(this.#clock);
    this.#listener = createServer({ noDelay: true, allowHalfOpen: true }, (client) => this.#accept(client));
  }

  /** Starts to accept connections. Rejects with what Node says, such as `EADDRINUSE`. */
  listen({
    host,
    port,
  }: {
    readonly host: string;
    readonly port: number;
  }): Promise<{ host: string; port: number }> {
    const listener = this.#listener;
    return new Promise((resolve, reject) => {
      listener.once("error", reject);
      listener.listen({ host, port, backlog: 4_096 }, () => {
        listener.off("error", reject);
        listener.on("error", () => undefined);
        resolve({ host, port: (listener.address() as AddressInfo).port });
      });
    });
  }

  /** Closes every connection, both of its sockets. Idempotent. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#listener.close(() => resolve()));
    for (const link of this.#links) link.close();
    await closed;
    this.#queue.close();
  }

  #accept(client: Socket): void {
    const { network, port } = this.#options;
    const draw = seededRandom(network.seed + this.#accepted++);
    const wire = (): Wire =>
      new Wire({
        delay: network.rtt / 2,
        jitter: network.jitter / 2,
        bytesPerSecond: network.bandwidthBytesPerSecond ?? Infinity,
        random: seededRandom(draw() * 2 ** 32),
      });
    const link: Link = new Link({
      client,
      port,
      up: wire(),
      down: wire(),
      idle: network.idle,
      queue: this.#queue,
      clock: this.#clock,
      gone: () => this.#links.delete(link),
    });
    this.#links.add(link);
  }
}
