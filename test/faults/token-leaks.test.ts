import { inspect } from "node:util";
import type { Client } from "@libsql/client";
import { describe, expect, it, vi } from "vitest";
import { connector, ConnectionPool, createPool, snapshotOf, toPrometheus } from "#dist/index.js";
import { runCli } from "../support/cli.js";
import { echoingServer, HTTP_ECHOES, WS_ECHOES } from "../support/echoing-server.js";
import { eventually } from "../support/eventually.js";
import { blackHole, closedPort, serve } from "../support/servers.js";
import { signedTokens } from "../support/signed-tokens.js";
import { wrongServer } from "../support/wrong-certificates.js";

/** One that looks like a JWT, and one that looks like nothing. */
const ALL = [
  "eyJhbGciOiJFZERTQSJ9.eyJhIjoicncifQ.c2lnbmF0dXJlLW9mLW5vLXVzZQ",
  "tok_0paque~and.distinctive-9f3b",
] as const;
/** The whole of something, as a logger or a debugger would show it. */
function shown(value: unknown): string {
  const parts = [inspect(value, { depth: 20, showHidden: true, maxStringLength: Infinity }), String(value)];
  for (let at = value; at instanceof Error; at = at.cause) {
    parts.push(at.message, at.stack ?? "", JSON.stringify(at));
  }
  return parts.join("\n");
}

function expectNoToken(...values: readonly unknown[]): void {
  for (const value of values) {
    const text = shown(value);
    for (const token of ALL) {
      const at = text.indexOf(token);
      expect(at === -1 ? "" : text.slice(Math.max(0, at - 200), at + 100)).toBe("");
    }
  }
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

/** What a caller does, and what went wrong in it. */
async function failures(client: Client): Promise<unknown[]> {
  return [
    await failureOf(client.execute("SELECT 1")),
    await failureOf(client.batch(["SELECT 1", "SELECT 2"])),
    await failureOf(client.executeMultiple("SELECT 1")),
    await failureOf(
      client.transaction("write").then(async (transaction) => {
        try {
          await transaction.execute("SELECT 1");
        } finally {
          transaction.close();
        }
      }),
    ),
  ];
}

/** Everything that a user of a database can see when it fails, over a connection, a pool and a client. */
async function expectNoLeak(url: string, authToken: string | undefined, ca?: string): Promise<void> {
  const options = {
    url,
    ...(authToken === undefined ? {} : { authToken }),
    ...(ca === undefined ? {} : { ca }),
  };
  const open = connector(options);
  const connection = await open(AbortSignal.timeout(300)).catch((error: unknown) => expectNoToken(error));
  if (connection) {
    const pinged = await failureOf(connection.ping(AbortSignal.timeout(200)));
    const waiting = Promise.race([failures(connection.client), new Promise((done) => setTimeout(done, 200))]);
    expectNoToken(connection, connection.client, pinged, await waiting);
    await connection.close();
    expectNoToken(connection);
  }

  await using pool = new ConnectionPool({ open, connectionTimeout: 200, healthCheckTimeout: 200 });
  const lease = await pool.acquire().catch((error: unknown) => expectNoToken(error));
  expectNoToken(pool, lease, pool.statistics(), snapshotOf(pool), toPrometheus(pool));
  lease?.release();

  const client = createPool({
    ...options,
    operationTimeout: 250,
    connectionTimeout: 200,
    pingTimeout: 100,
    maxRetries: 1,
  });
  const events: unknown[] = [];
  for (const event of EVENTS) client.on(event, (told: unknown) => events.push(told));
  expectNoToken(...(await failures(client)));
  expectNoToken(
    client,
    client.pool,
    client.statistics(),
    events,
    snapshotOf(client.pool),
    toPrometheus(client.pool),
  );
  await client.close();
  expectNoToken(client);
}

const EVENTS = [
  "opened",
  "openFailed",
  "acquired",
  "released",
  "acquireTimedOut",
  "closed",
  "refreshed",
] as const;

/** One token is an option, the other in the URL. */
async function look(scheme: string, port: number, ca?: string): Promise<void> {
  const url = `${scheme}://localhost:${port}`;
  await Promise.all(
    ALL.map((token, index) =>
      index === 0 ? expectNoLeak(url, token, ca) : expectNoLeak(`${url}?authToken=${token}`, undefined, ca),
    ),
  );
}

describe("a token", () => {
  it.each(Object.entries(HTTP_ECHOES))(
    "is in no trace of an HTTP server that answers with %s",
    async (_, echo) => {
      await using server = await echoingServer(echo, () => "");
      await look("http", server.port);
      await eventually(() => server.open === 0);
    },
  );

  it.each(Object.entries(WS_ECHOES))(
    "is in no trace of a WebSocket server that answers with %s",
    async (_, echo) => {
      // hrana-client shows on the terminal what it did not expect.
      const dir = vi.spyOn(console, "dir").mockReturnValue(undefined);
      await using server = await echoingServer(() => "", echo);
      await look("ws", server.port);
      expectNoToken(dir.mock.calls);
      dir.mockRestore();
      await eventually(() => server.open === 0);
    },
  );

  it.each(["http", "ws", "https", "wss"])(
    "is in no trace of a server over %s that is not there, or silent",
    async (scheme) => {
      await look(scheme, await closedPort());
      await using silent = await blackHole();
      await look(scheme, silent.port);
      await eventually(() => silent.open() === 0);
    },
  );

  it.each(["https", "wss"])(
    "is in no trace of a server over %s whose certificate is refused",
    async (scheme) => {
      await using unknown = await wrongServer(["localhost"]);
      await look(scheme, unknown.port);
      await using expired = await wrongServer(["localhost"], -1);
      await look(scheme, expired.port, expired.cert);
    },
  );

  it.each(["http", "ws"] as const)(
    "is in no trace of a real server over %s that refuses it",
    async (scheme) => {
      await using tokens = await signedTokens();
      await using target = await serve(scheme, { authJwtKeyFile: tokens.authJwtKeyFile });
      await look(scheme, target.server.port);
    },
  );

  it.each(["http", "ws"] as const)(
    "is in no trace of a real server over %s that takes it",
    async (scheme) => {
      await using target = await serve(scheme);
      await look(scheme, target.server.port);
      const client = createPool({ url: target.url, authToken: ALL[0] });
      expectNoToken(await failureOf(client.execute("SELECT nothing FROM nowhere")), client, client.pool);
      await client.close();
    },
  );

  it.each(ALL)("is in no error of a URL or an option that is refused: %s", (token) => {
    const refused: readonly (readonly [string, string?])[] = [
      [`libsql://host?authToken=${token}&other=1`],
      [`libsql://host?jwt=${token}`],
      [`libsql://${token}@host`],
      [`nothing://host?authToken=${token}`],
      [`libsql://ho st?authToken=${token}`],
      [`https://host?tls=0&authToken=${token}`],
      ["libsql://host", `${token}\n`],
      ["libsql://host", `Bearer ${token}`],
    ];
    for (const [url, authToken] of refused) {
      const options = { url, ...(authToken === undefined ? {} : { authToken }) };
      for (const make of [connector, createPool]) {
        let error: unknown;
        try {
          make(options);
        } catch (thrown) {
          error = thrown;
        }
        expect(error).toBeInstanceOf(Error);
        expectNoToken(error);
      }
    }
  });

  it("is in no output of a command that fails, nor in what it saves", async () => {
    await using server = await echoingServer(
      HTTP_ECHOES["401 with the request"] ?? String,
      WS_ECHOES["a refused greeting"] ?? String,
    );
    const commands = [
      ["http", ALL[0], "ping", "--count", "1"],
      ["http", ALL[1], "ping", "--count", "1", "--json"],
      ["http", ALL[1], "bench", "--duration", "1s", "--json"],
      ["ws", ALL[1], "ping", "--count", "1"],
      ["ws", ALL[1], "bench", "--duration", "1s"],
      ["ws", ALL[0], "stats", "--duration", "1s", "--json"],
    ] as const;
    const finished = await Promise.all(
      commands.map(([scheme, token, ...command]) => {
        const url = `${scheme}://localhost:${server.port}?authToken=${token}`;
        return runCli([...command, "--url", url]);
      }),
    );
    for (const { stdout, stderr, code } of finished) {
      expect(code).toBe(1);
      expectNoToken(stdout + stderr);
    }
  });
});
