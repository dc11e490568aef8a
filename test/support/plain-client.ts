import { connect, type Socket } from "node:net";
import { eventually } from "./eventually.js";

/** A plain socket, and all that it sees. */
export class PlainClient implements AsyncDisposable {
  readonly socket: Socket;
  #bytes = Buffer.alloc(0);
  #end: string | undefined;

  private constructor(port: number) {
    this.socket = connect({ host: "127.0.0.1", port, noDelay: true });
    this.socket.on("data", (bytes: Buffer) => (this.#bytes = Buffer.concat([this.#bytes, bytes])));
    this.socket.on("error", (error: NodeJS.ErrnoException) => (this.#end ??= error.code));
    this.socket.on("end", () => (this.#end ??= "FIN"));
  }

  /** Connected, or refused. */
  static async to(port: number): Promise<PlainClient> {
    const client = new PlainClient(port);
    await new Promise<void>((resolve) => {
      client.socket.once("connect", resolve);
      client.socket.once("close", () => resolve());
    });
    return client;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  get text(): string {
    return this.#bytes.toString("latin1");
  }

  /** `FIN`, or the code of an error; `undefined` while it is open. */
  get end(): string | undefined {
    return this.#end;
  }

  send(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** Sends, and waits until the same comes back. */
  async echo(text: string): Promise<void> {
    const before = this.#bytes.length;
    this.send(text);
    await eventually(() => this.#bytes.subarray(before).toString("latin1").includes(text));
  }

  async hears(text: string): Promise<void> {
    await eventually(() => this.text.includes(text));
  }

  /** How it ended. */
  async ended(): Promise<string> {
    await eventually(() => this.#end !== undefined);
    return this.#end ?? "";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    if (!this.socket.closed) await new Promise((resolve) => this.socket.once("close", resolve));
  }
}
