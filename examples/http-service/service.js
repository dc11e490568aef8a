/**
 * A small HTTP service on a keep-alive pool, whose statistics `turso-pool stats --attach` and Prometheus can read.
 * See examples/README.md for how to run it.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { connector, KeepAlivePool, serveStatistics, SocketObserver, TursoPoolError } from "turso-pool";

const {
  TURSO_DATABASE_URL: url = "ws://127.0.0.1:8080",
  TURSO_AUTH_TOKEN: authToken,
  HOST: host = "127.0.0.1",
  PORT = "3000",
  STATISTICS_PORT = "9187",
  STATISTICS_SOCKET: socketPath,
} = process.env;

const sockets = new SocketObserver().group();
const pool = new KeepAlivePool({
  name: "items",
  open: connector({ url, authToken, sockets }),
  maxConnections: 4,
  leakThreshold: 10_000,
});
const statistics = await serveStatistics(
  pool,
  socketPath ? { socketPath, sockets } : { port: Number(STATISTICS_PORT), sockets },
);

/** The status and the document that a request gets. `signal` aborts when its client has gone. */
async function answer({ method, url }, signal) {
  if (method !== "GET") return [405, { error: "This service can only be read." }];
  const [path] = url.split("?");
  if (path === "/healthz") {
    const healthy = await pool.healthCheck({ signal }).catch(() => false);
    return [healthy ? 200 : 503, { healthy }];
  }
  const [, id] = /^\/items\/(\d+)$/.exec(path) ?? [];
  if (id === undefined) return [404, { error: "There is /items/:id and /healthz." }];
  const { rows } = await pool.use(
    ({ client }) => client.execute({ sql: "SELECT * FROM items WHERE id = ?", args: [id] }),
    { signal },
  );
  return rows[0] ? [200, rows[0]] : [404, { error: `There is no item ${id}.` }];
}

/** The same for a request that failed: all that its client has to know is whether to come back soon. */
function failure(error) {
  const code = error instanceof TursoPoolError ? error.code : undefined;
  if (code !== "ABORTED") console.error(error);
  return code === "ACQUIRE_TIMEOUT"
    ? [503, { error: "Too busy: try again." }]
    : [500, { error: "The database failed." }];
}

const server = createServer(async (request, response) => {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const [status, body] = await answer(request, gone.signal).catch(failure);
  // A client that kept its connection would hold up the end.
  if (!server.listening) response.setHeader("connection", "close");
  response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
});

/** Answers what was asked already, gives everything back, and so lets the process end. */
async function stop() {
  const closed = once(server, "close");
  server.close();
  await closed;
  await pool.close();
  await statistics.close();
}
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);

server.listen(Number(PORT), host);
await once(server, "listening");
console.log(`Items on http://${host}:${server.address().port}, statistics on ${statistics.address}`);
