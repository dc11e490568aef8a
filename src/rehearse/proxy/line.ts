import { connect, type Socket } from "node:net";
import type { Clock } from "../../core/clock.js";
import type { Milliseconds } from "../../core/duration.js";
import type { Ending } from "./fault.js";
import { Lane, type Pace, type Parcel } from "./lane.js";
import { RequestReader, type ReadRequest } from "./request-reader.js";
import { reset } from "./reset.js";
import { letThrough, type TreatedLine, type Treatment } from "./treatment.js";

export interface LineOptions {
  readonly client: Socket;
  /** Where the server is. */
  readonly upstream: { readonly host: string; readonly port: number };
  readonly clock: Clock;
  /** The client has closed its side, or we ours. */
  readonly clientGone: () => void;
  /** Both of its sockets are closed. */
  readonly gone: () => void;
}

/**
 * What has become of it. `forwarding`: all is well. `dead`: nothing goes through any more, and neither side is told,
 * not even that the other has closed. `cut`: the client's side was ended by us; the server may finish.
 */
type State = "forwarding" | "dead" | "cut";

/** One client's connection through the proxy: its socket, one of ours to the server, a lane each way. */
export class Line implements TreatedLine {
  readonly #options: LineOptions;
  readonly #client: Socket;
  readonly #requests = new RequestReader();
  readonly #down: Lane;
  readonly #up: Lane;
  readonly #server: Socket;
  #treatment: Treatment;
  #state: State = "forwarding";
  #isClientGone = false;
  #lastCarried: Milliseconds;
  #isHealed = false;
  #hasAsked = false;
  #hasAnswered = false;

  /** @param treatment what is done to it, from the first byte */
  constructor(options: LineOptions, treatment: Treatment) {
    const { client, upstream, clock } = options;
    this.#options = options;
    this.#client = client;
    this.#treatment = letThrough;
    this.#lastCarried = clock.now();
    this.#server = connect({ ...upstream, noDelay: true, allowHalfOpen: true });
    this.#up = new Lane(client, this.#server, clock);
    this.#down = new Lane(this.#server, client, clock);
    this.#listen(client, (parcel) => this.#fromClient(parcel));
    this.#listen(this.#server, (parcel) => this.#fromServer(parcel));
    client.once("end", () => this.#clientIsGone());
    client.once("close", () => this.#clientIsGone());
    this.#treat(treatment, "new");
  }

  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** It is treated so from now on, unless it is past that. */
  treat(treatment: Treatment): void {
    this.#treat(treatment, "open");
  }

  set downPace(pace: Pace) {
    this.#down.pace = pace;
  }

  set upPace(pace: Pace) {
    this.#up.pace = pace;
  }

  toClient(bytes: Buffer): void {
    if (this.#state === "forwarding" && bytes.length > 0) this.#down.send({ kind: "bytes", bytes });
  }

  end(how: Ending): void {
    this.#state = "cut";
    for (const socket of [this.#client, this.#server]) {
      if (how === "reset") reset(socket);
      else socket.destroySoon();
    }
  }

  cutClient(how: Ending, last: Buffer = Buffer.alloc(0)): void {
    this.#state = "cut";
    const client = this.#client;
    // Resetting takes back what the kernel has not sent yet.
    client.write(last, () => (how === "reset" ? reset(client) : client.destroySoon()));
    this.#server.end();
    this.#server.resume();
  }

  lose(): void {
    this.#state = "dead";
    this.#isHealed = false;
    this.#up.clear();
    this.#down.clear();
  }

  /** The network is whole again: of what was lost, each end learns when the other closes. */
  heal(): void {
    this.#isHealed = true;
    if (this.#state === "dead" && this.#isClientGone) this.close();
  }

  /** Closes both sockets now. Idempotent. */
  close(): void {
    this.#client.destroy();
    this.#server.destroy();
  }

  #treat(treatment: Treatment, age: "open" | "new"): void {
    if (this.#state !== "forwarding") return;
    this.#treatment = treatment;
    this.#up.pace = { kind: "at once" };
    this.#down.pace = { kind: "at once" };
    treatment.meet?.(this, age);
    if (treatment.request === undefined) this.#toServer(this.#requests.letThrough());
  }

  #toServer(bytes: Buffer): void {
    if (this.#state === "forwarding" && bytes.length > 0) this.#up.send({ kind: "bytes", bytes });
  }

  #listen(socket: Socket, take: (parcel: Parcel) => void): void {
    let hasEnded = false;
    socket.on("data", (bytes: Buffer) => take({ kind: "bytes", bytes }));
    socket.on("end", () => {
      hasEnded = true;
      take({ kind: "end" });
    });
    socket.on("error", () => undefined);
    socket.on("close", (hasFailed) => {
      if (hasFailed || !hasEnded) take({ kind: "reset" });
      if (!this.#client.closed || !this.#server.closed) return;
      this.#up.clear();
      this.#down.clear();
      this.#options.gone();
    });
  }

  #fromClient(parcel: Parcel): void {
    if (parcel.kind === "bytes") this.#carry();
    if (this.#state !== "forwarding") return;
    if (parcel.kind !== "bytes") return this.#up.send(parcel);
    const found = this.#requests.read(parcel.bytes);
    if (found.some(({ request }) => request.kind !== "other")) this.#hasAsked = true;
    const treatment = this.#treatment;
    if (treatment.request === undefined) {
      this.#requests.letThrough();
      return this.#toServer(parcel.bytes);
    }
    for (const piece of found) this.#request(piece, treatment);
  }

  /** What came in together with a request that has ended the connection is lost with it. */
  #request(piece: ReadRequest, treatment: Treatment): void {
    if (this.#state === "forwarding" && treatment.request?.(piece, this) !== true) this.#toServer(piece.rest);
  }

  #fromServer(parcel: Parcel): void {
    if (parcel.kind === "bytes") this.#carry();
    if (this.#state === "cut" && parcel.kind === "end") this.#server.destroy();
    if (this.#state !== "forwarding") return;
    if (parcel.kind !== "bytes") return this.#down.send(parcel);
    if (this.#treatment.answer === undefined) this.toClient(parcel.bytes);
    else this.#treatment.answer(parcel.bytes, this);
    this.#hasAnswered = this.#hasAsked;
  }

  #carry(): void {
    const now = this.#options.clock.now();
    if (this.#state === "forwarding") this.#treatment.carries?.(this, now - this.#lastCarried);
    this.#lastCarried = now;
  }

  #clientIsGone(): void {
    if (this.#isClientGone) return;
    this.#isClientGone = true;
    this.#options.clientGone();
    if (this.#state === "dead" && this.#isHealed) this.close();
  }
}
