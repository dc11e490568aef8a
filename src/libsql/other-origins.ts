import { LibsqlError } from "@libsql/client";
import { Agent, type Dispatcher } from "undici";

/**
 * The hosts to which a server sends a stream's later requests (`base_url`), which is not over the connection's socket.
 * The token goes with them, so it goes where certificates are checked as for the connection, and not from TLS to none.
 * @see https://github.com/tursodatabase/libsql/blob/main/docs/HRANA_2_SPEC.md#hrana-over-http
 */
export class OtherOrigins {
  readonly #own: string;
  readonly #ca: string | undefined;
  #agent: Agent | undefined;
  #requests = 0;

  /** @param own the origin of the connection */
  constructor(own: string, ca: string | undefined) {
    this.#own = own;
    this.#ca = ca;
  }

  /** How many requests went there. */
  get requests(): number {
    return this.#requests;
  }

  /**
   * Where to send a request.
   * @throws {LibsqlError} `SERVER_ERROR` for one that is less safe
   */
  dispatcher(origin: string): Dispatcher {
    const isSafe = origin.startsWith("https://");
    if (!isSafe && (this.#own.startsWith("https://") || !origin.startsWith("http://"))) {
      throw new LibsqlError("the server sends the stream on to where there is no TLS", "SERVER_ERROR");
    }
    const ca = this.#ca === undefined ? {} : { ca: this.#ca };
    this.#agent ??= new Agent({ connect: { rejectUnauthorized: true, ...ca } });
    this.#requests++;
    return this.#agent;
  }

  close(): void {
    void this.#agent?.destroy();
  }
}
