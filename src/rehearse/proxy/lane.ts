import type { Socket } from "node:net";
import type { Clock, Timer } from "../../core/clock.js";
import type { Milliseconds } from "../../core/duration.js";
import { reset } from "./reset.js";

/** What travels: bytes, the end of them (FIN), or the end of everything (RST). */
export type Parcel =
  { readonly kind: "bytes"; readonly bytes: Buffer } | { readonly kind: "end" } | { readonly kind: "reset" };

/** How parcels travel. */
export type Pace =
  | { readonly kind: "at once" }
  | { readonly kind: "held" }
  | { readonly kind: "late"; readonly by: Milliseconds }
  | { readonly kind: "trickling"; readonly bytes: number; readonly every: Milliseconds };

const AT_ONCE: Pace = { kind: "at once" };
/** More than any answer of a test, and little enough for thousands of connections. */
const MOST_UNDER_WAY = 1024 * 1024;

/** One direction of one connection: parcels come out in the order in which they went in, at a pace that may change. */
export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #clock: Clock;
  #pace: Pace = AT_ONCE;
  #parcels: { parcel: Parcel; readonly sentAt: Milliseconds }[] = [];
  #bytes = 0;
  #timer: Timer | undefined;

  constructor(from: Socket, to: Socket, clock: Clock) {
    this.#from = from;
    this.#to = to;
    this.#clock = clock;
    to.on("drain", () => this.#holdBack());
  }

  /** From now on they travel so, those under way, too. */
  set pace(pace: Pace) {
    this.#pace = pace;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#move();
  }

  send(parcel: Parcel): void {
    this.#parcels.push({ parcel, sentAt: this.#clock.now() });
    this.#bytes += sizeOf(parcel);
    if (this.#timer === undefined) this.#move();
    this.#holdBack();
  }

  /** Whatever is under way is lost. */
  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#parcels = [];
    this.#bytes = 0;
    this.#holdBack();
  }

  #move(): void {
    this.#timer = undefined;
    const pace = this.#pace;
    if (pace.kind === "held") return;
    for (let next = this.#parcels[0]; next !== undefined; next = this.#parcels[0]) {
      const left = pace.kind === "late" ? next.sentAt + pace.by - this.#clock.now() : 0;
      if (left > 0) return this.#wait(left);
      if (pace.kind === "trickling" && next.parcel.kind === "bytes") {
        this.#trickle(next.parcel.bytes, pace.bytes);
        return this.#wait(pace.every);
      }
      this.#parcels.shift();
      this.#deliver(next.parcel);
    }
  }

  #trickle(bytes: Buffer, size: number): void {
    const first = this.#parcels[0];
    if (first === undefined) return;
    if (bytes.length > size) first.parcel = { kind: "bytes", bytes: bytes.subarray(size) };
    else this.#parcels.shift();
    this.#deliver({ kind: "bytes", bytes: bytes.subarray(0, size) });
  }

  #wait(delay: Milliseconds): void {
    this.#timer = this.#clock.schedule(delay, () => this.#move());
    this.#timer.unref();
  }

  #deliver(parcel: Parcel): void {
    this.#bytes -= sizeOf(parcel);
    const to = this.#to;
    if (!to.destroyed) {
      if (parcel.kind === "bytes") to.write(parcel.bytes);
      else if (parcel.kind === "end") to.end();
      else reset(to);
    }
    this.#holdBack();
  }

  /** Reads no more than the far end takes, as TCP does. */
  #holdBack(): void {
    const tooMuch = this.#bytes + this.#to.writableLength > MOST_UNDER_WAY && !this.#to.destroyed;
    if (tooMuch !== this.#from.isPaused()) this.#from[tooMuch ? "pause" : "resume"]();
  }
}

function sizeOf(parcel: Parcel): number {
  return parcel.kind === "bytes" ? parcel.bytes.length : 0;
}
