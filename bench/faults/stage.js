// A server with a database, a proxy in front of it, and the count of what was written in the end: one for each
// contestant, so that what one does to it is no fault of another's.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connector } from "../../dist/libsql/connector.js";
import { FaultProxy } from "../../dist/rehearse/proxy/fault-proxy.js";
import { startEmbeddedServer } from "../../dist/server/embedded-server.js";
import { factOf, FACTS } from "./load.js";

/** What a statement takes, so that some are under way whenever something happens. */
const STATEMENT_TIME = 10;

export class Stage {
  #folder = mkdtempSync(join(tmpdir(), "turso-pool-bench-"));
  #options;
  #scheme;
  #isDirect;

  static async open({ scheme, isDirect, seed, certificate, options }) {
    const stage = new Stage();
    stage.#scheme = scheme;
    stage.#isDirect = isDirect;
    stage.#options = {
      statementTimeMs: STATEMENT_TIME,
      ...options,
      databaseFile: join(stage.#folder, "bench.db"),
      tls: scheme === "https" || scheme === "wss" ? certificate : "off",
    };
    await stage.start();
    stage.proxy = await FaultProxy.listen({ host: "127.0.0.1", port: stage.server.port, seed });
    await stage.#past((client) =>
      client.batch([
        "CREATE TABLE writes (key TEXT)",
        "CREATE TABLE facts (id INTEGER PRIMARY KEY, fact TEXT)",
        ...Array.from({ length: FACTS }, (_, i) => ({
          sql: "INSERT INTO facts VALUES (?, ?)",
          args: [i + 1, factOf(i + 1)],
        })),
      ]),
    );
    return stage;
  }

  /** Where the contestant is sent to. */
  get url() {
    const port = this.#isDirect ? this.server.port : this.proxy.port;
    return `${this.#scheme}://127.0.0.1:${port}`;
  }

  /** Starts the server; again on the same port, with the same file. */
  async start() {
    const port = this.server?.port ?? 0;
    this.server = await startEmbeddedServer({ ...this.#options, port });
  }

  async kill() {
    process.kill(this.server.pid, "SIGKILL");
    await this.server.exited;
  }

  freeze() {
    process.kill(this.server.pid, "SIGSTOP");
  }

  thaw() {
    process.kill(this.server.pid, "SIGCONT");
  }

  /** How often each key is in the table. */
  async count() {
    const { rows } = await this.#past((client) =>
      client.execute("SELECT key, count(*) FROM writes GROUP BY key"),
    );
    return new Map(rows.map((row) => [row[0], row[1]]));
  }

  async close() {
    await this.proxy.close();
    await this.server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Past the proxy, and past everybody's connections. */
  async #past(work) {
    const { tls } = this.#options;
    const ca = tls === "off" ? undefined : readFileSync(tls.certFile, "utf8");
    const scheme = this.#scheme.replace("ws", "http");
    const url = `${scheme}://127.0.0.1:${this.server.port}`;
    const connection = await connector({ url, ca })(new AbortController().signal);
    try {
      return await work(connection.client);
    } finally {
      await connection.close();
    }
  }
}
