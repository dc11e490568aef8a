import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { connector, SocketObserver, TursoPoolError, type LibsqlConnection } from "#dist/index.js";
import { eventually } from "../support/eventually.js";
import { blackHole, closedPort, SCHEMES, serve, type TestServer } from "../support/servers.js";

const never = (): AbortSignal => new AbortController().signal;
const connect = (to: TestServer, signal = never()): Promise<LibsqlConnection> =>
  connector({ url: to.url, ca: to.ca })(signal);

describe.each(SCHEMES)("a connection over %s", (scheme) => {
  it("owns exactly one socket, which all its statements share", async () => {
    await using target = await serve(scheme);
    const connections = await Promise.all([1, 2, 3].map(() => connect(target)));
    for (const connection of connections) {
      for (let i = 0; i < 5; i++) await connection.client.execute("SELECT 1");
      await Promise.all([1, 2, 3].map(() => connection.client.execute("SELECT 1")));
    }
    expect((await target.server.metrics()).socketsAccepted).toBe(3);
    await Promise.all(connections.map((connection) => connection.close()));
    await eventually(async () => (await target.server.metrics()).socketsOpen === 0);
  });

  it("reads rows, writes, batches and runs transactions", async () => {
    await using target = await serve(scheme);
    const connection = await connect(target);
    const { client } = connection;
    expect((await client.execute("SELECT count(*) AS n FROM items")).rows[0]?.n).toBe(10_000);
    await client.executeMultiple(
      "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); INSERT INTO t VALUES (1, 'x')",
    );
    const [inserted, all] = await client.batch(
      [
        { sql: "INSERT INTO t VALUES (?, :b)".replace(":b", "?"), args: [2, "y"] },
        "SELECT * FROM t ORDER BY a",
      ],
      "write",
    );
    expect(inserted?.rowsAffected).toBe(1);
    expect(all?.rows.map((row) => row.b)).toEqual(["x", "y"]);
    const transaction = await client.transaction("write");
    await transaction.execute("DELETE FROM t");
    await transaction.rollback();
    expect((await client.execute("SELECT count(*) AS n FROM t")).rows[0]?.n).toBe(2);
    expect((await target.server.metrics()).socketsAccepted).toBe(1);
    await connection.close();
  });

  it("accounts for every phase of its handshake", async () => {
    await using target = await serve(scheme);
    const connection = await connect(target);
    const { dns, tcp, tls, upgrade, total } = connection.handshake;
    expect(tcp).toBeGreaterThan(0);
    expect(tls === null).toBe(target.ca === undefined);
    expect(upgrade === null).toBe(scheme.startsWith("http"));
    expect((dns ?? 0) + (tcp ?? 0) + (tls ?? 0) + (upgrade ?? 0)).toBeCloseTo(total, 6);
    await connection.close();
  });

  it("is closed for good when the server closes its socket, and tells at that moment", async () => {
    await using target = await serve(scheme, { idleTimeoutMs: 300 });
    const connection = await connect(target);
    await connection.client.execute("SELECT 1");
    expect(connection.open).toBe(true);
    await new Promise<void>((resolve) => connection.onClose(resolve));
    expect(connection.open).toBe(false);
    await expect(connection.client.execute("SELECT 1")).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    await expect(connection.ping(never())).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    expect((await target.server.metrics()).socketsAccepted).toBe(1);
    await connection.close();
  });

  it("closes twice as well as once, and tells late listeners at once", async () => {
    await using target = await serve(scheme);
    const connection = await connect(target);
    await Promise.all([connection.close(), connection.close()]);
    let told = false;
    connection.onClose(() => (told = true));
    expect(told).toBe(true);
  });

  it("is counted and attributed by a socket observer", async () => {
    await using target = await serve(scheme);
    const observer = new SocketObserver();
    observer.start();
    const opened: unknown[] = [];
    const closed: unknown[] = [];
    const group = observer.group({
      opened: (socket) => opened.push(socket),
      closed: (socket) => closed.push(socket),
    });
    const connection = await connector({ url: target.url, ca: target.ca, sockets: group })(never());
    await connection.client.execute("SELECT 1");
    expect([group.opened, group.open, observer.others.opened]).toEqual([1, 1, 0]);
    expect(opened).toEqual([{ connection, handshake: connection.handshake }]);
    await connection.close();
    await eventually(() => group.open === 0 && closed.length === 1);
    observer.stop();
  });

  it("is refused as unreachable where nobody listens", async () => {
    const refused = connector({ url: `${scheme}://127.0.0.1:${await closedPort()}` })(never());
    await expect(refused).rejects.toMatchObject({ code: "UNREACHABLE" });
    await expect(refused).rejects.toThrow(/connection refused/);
    await expect(refused).rejects.toBeInstanceOf(TursoPoolError);
  });
});

describe.each(["ws", "wss", "https"] as const)("an opening over %s", (scheme) => {
  it("that nobody answers ends with its signal's reason, and leaves no socket", async () => {
    await using hole = await blackHole();
    const stop = new AbortController();
    const opening = connector({ url: `${scheme}://127.0.0.1:${hole.port}` })(stop.signal);
    const reason = new TursoPoolError("CONNECT_TIMEOUT", "too late");
    opening.catch(() => undefined);
    await eventually(() => hole.open() === 1);
    stop.abort(reason);
    await expect(opening).rejects.toBe(reason);
    await eventually(() => hole.open() === 0);
  });
});

it("a certificate that is not trusted is refused", async () => {
  await using target = await serve("https");
  await expect(connector({ url: target.url })(never())).rejects.toMatchObject({ code: "TLS_FAILED" });
  await expect(connector({ url: target.url.replace("https", "wss") })(never())).rejects.toMatchObject({
    code: "TLS_FAILED",
  });
});

it("TLS to a server that has none is told as such", async () => {
  await using target = await serve("http");
  const opening = connector({ url: target.url.replace("http", "https") })(never());
  await expect(opening).rejects.toMatchObject({ code: "TLS_FAILED" });
});

describe("a connection to a local database", () => {
  it("has a handle of its own on the file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
    const open = connector({ url: `file:${join(folder, "a.db")}` });
    const [one, other] = [await open(never()), await open(never())];
    await one.client.execute("CREATE TABLE t (a)");
    expect((await other.client.execute("SELECT count(*) AS n FROM t")).rows[0]?.n).toBe(0);
    expect(one.handshake.file).toBe(one.handshake.total);
    await one.ping(never());
    await one.close();
    expect([one.open, other.open]).toEqual([false, true]);
    await other.close();
    await rm(folder, { recursive: true });
  });

  it("in memory is a database of its own", async () => {
    const open = connector({ url: ":memory:" });
    const [one, other] = [await open(never()), await open(never())];
    await one.client.execute("CREATE TABLE t (a)");
    await expect(other.client.execute("SELECT * FROM t")).rejects.toThrow(/no such table/);
    await Promise.all([one.close(), other.close()]);
  });

  it("in a folder that is not there is unreachable, and says which folder", async () => {
    const opening = connector({ url: "file:/no-such-folder/a.db" })(never());
    await expect(opening).rejects.toMatchObject({ code: "UNREACHABLE" });
    await expect(opening).rejects.toThrow("/no-such-folder does not exist");
  });
});
