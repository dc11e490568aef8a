import type { Socket } from "node:net";
import type { Clock } from "../../core/clock.js";
import type { Milliseconds } from "../../core/duration.js";
import type { DeliveryQueue } from "./delivery-queue.js";
import type { Wire } from "./wire.js";

/** What travels: bytes, the end of them (FIN), or the end of everything (RST). */
export type Parcel =
  { readonly kind: "bytes"; readonly bytes: Buffer } | { readonly kind: "end" } | { readonly kind: "reset" };

export interface LaneOptions {
  readonly wire: Wire;
  readonly queue: DeliveryQueue;
  readonly clock: Clock;
  /** Where the bytes come from; paused while too many are under way. */
  readonly from: Socket;
  /** Where they go. */
  readonly to: Socket;
  /** A parcel has come out at the far end. */
  readonly arrived: (parcel: Parcel) => void;
  /** Handing over what arrived took so long. */
  readonly handedOver?: (took: Milliseconds) => void;
}

/** Many times what a fast connection has under way, and little enough for thousands of slow ones. */
const MOST_UNDER_WAY = 4 * 1024 * 1024;

/** One direction of one connection: parcels go in at one end and come out at the other, later and in order. */
export class Lane {
  readonly #options: LaneOptions;
  #parcels: { readonly due: Milliseconds; readonly parcel: Parcel }[] = [];
  #bytes = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    options.to.on("drain", () => this.#holdBack());
  }

  get isEmpty(): boolean {
    return this.#parcels.length === 0;
  }

  send(parcel: Parcel): void {
    const { wire, clock } = this.#options;
    const size = sizeOf(parcel);
    const due = wire.send(clock.now(), size);
    this.#parcels.push({ due, parcel });
    this.#bytes += size;
    if (this.#parcels.length === 1) this.#await(due);
    this.#holdBack();
  }

  /** Whatever is under way is lost. */
  clear(): void {
    this.#parcels = [];
    this.#bytes = 0;
  }

  #await(due: Milliseconds): void {
    this.#options.queue.at(due, () => this.#deliver());
  }

  #deliver(): void {
    const { clock, to, arrived, handedOver } = this.#options;
    const now = clock.now();
    // What arrives together is read together: one write, not one for each chunk.
    to.cork();
    for (let next = this.#parcels[0]; next && next.due <= now; next = this.#parcels[0]) {
      this.#parcels.shift();
      this.#bytes -= sizeOf(next.parcel);
      arrived(next.parcel);
    }
    to.uncork();
    handedOver?.(clock.now() - now);
    const next = this.#parcels[0];
    if (next) this.#await(next.due);
    this.#holdBack();
  }

  /** Reads no more than the far end takes, as TCP does. */
  #holdBack(): void {
    const { from, to } = this.#options;
    const tooMuch = this.#bytes + to.writableLength > MOST_UNDER_WAY;
    if (tooMuch !== from.isPaused()) from[tooMuch ? "pause" : "resume"]();
  }
}

function sizeOf(parcel: Parcel): number {
  return parcel.kind === "bytes" ? parcel.bytes.length : 0;
}
