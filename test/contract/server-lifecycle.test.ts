import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type EmbeddedServer, startEmbeddedServer } from "#dist/server/embedded-server.js";
import { describe, expect, test } from "vitest";
import {
  isAlive,
  onTestEnd,
  pipeline,
  post,
  RawSocket,
  startServer,
  temporaryFolder,
  until,
} from "./server-support.js";

const ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

interface StmtResult {
  readonly rows: readonly (readonly { readonly value: string }[])[];
}

async function count(server: EmbeddedServer, table: string): Promise<unknown> {
  const answer = await post(server, "/v2/pipeline", pipeline([`SELECT count(*) FROM ${table}`]));
  const { results } = JSON.parse(answer.text) as { results: { response: { result: StmtResult } }[] };
  return results[0]?.response.result.rows[0]?.[0]?.value;
}

async function startFailure(start: Promise<EmbeddedServer>) {
  try {
    await (await start).close();
  } catch (error) {
    return error as Error & { code: string; hint: string };
  }
  throw new Error("the server started");
}

describe("a server", () => {
  test("listens on loopback, on a free port, with a seeded table, and leaves nothing behind", async () => {
    const server = await startServer();
    expect(server.host).toBe("127.0.0.1");
    expect(server.url("ws")).toBe(`ws://127.0.0.1:${server.port}`);
    expect(server.url("http")).toBe(`http://127.0.0.1:${server.port}`);
    expect(server.caFile).toBeUndefined();
    expect(await count(server, "items")).toBe("10000");
    await Promise.all([server.close(), server.close()]);
    await server.close();
    expect(await server.exited).toMatchObject({ code: 0, signal: null });
    expect(isAlive(server.pid)).toBe(false);
    await expect(server.metrics()).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
  });

  test("removes its temporary folder with the certificate in it", async () => {
    const server = await startServer({ tls: "self-signed" });
    const caFile = server.caFile ?? "";
    expect(readFileSync(caFile, "utf8")).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(readFileSync(caFile, "utf8")).not.toContain("PRIVATE");
    await server.close();
    expect(existsSync(join(caFile, ".."))).toBe(false);
  });

  test("does not leave Ctrl-C to decide: that is its parent's", async () => {
    const server = await startServer();
    process.kill(server.pid, "SIGINT");
    expect(await count(server, "items")).toBe("10000");
  });

  test("that was killed says so, leaves no folder, and another can take its port and file", async () => {
    const databaseFile = join(temporaryFolder(), "data.db");
    const first = await startServer({ databaseFile, tls: "self-signed" });
    const folder = join(first.caFile ?? "", "..");
    await first.close();
    const second = await startServer({ databaseFile });
    await post(second, "/v2/pipeline", pipeline(["CREATE TABLE kept (a)", "INSERT INTO kept VALUES (1)"]));
    process.kill(second.pid, "SIGKILL");
    expect(await second.exited).toMatchObject({ code: null, signal: "SIGKILL" });
    const third = await startServer({ databaseFile, port: second.port });
    expect(third.port).toBe(second.port);
    expect(await count(third, "kept")).toBe("1");
    expect(existsSync(folder)).toBe(false);
  });

  test("that the engine aborts says what happened", async () => {
    const server = await startServer();
    await expect(post(server, "/v2/pipeline", pipeline(["SELECT CAST(x'ff' AS TEXT)"]))).rejects.toThrow();
    const exit = await server.exited;
    expect(exit.signal).toBe("SIGABRT");
    expect(exit.lastWords).toContain("Utf8Error");
    await expect(server.metrics()).rejects.toThrow(/ended \(signal SIGABRT\)/);
  });

  test("ends when it is told to, even inside a statement that does not", async () => {
    const server = await startServer();
    const asked = post(server, "/v2/pipeline", pipeline([ENDLESS])).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server.close();
    expect((await server.exited).signal).toBe("SIGKILL");
    await asked;
  });
});

describe("a server whose parent is killed", () => {
  async function orphan(statement: string): Promise<void> {
    const script = `
      import { startEmbeddedServer } from "#dist/server/embedded-server.js";
      const server = await startEmbeddedServer({ tls: "self-signed" });
      process.stdout.write(JSON.stringify({ pid: server.pid, port: server.port, caFile: server.caFile }));`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestEnd(() => void parent.kill("SIGKILL"));
    const output = await new Promise<string>((resolve) =>
      parent.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text)),
    );
    const { pid, port, caFile } = JSON.parse(output) as { pid: number; port: number; caFile: string };
    onTestEnd(() => expect(isAlive(pid)).toBe(false));
    const socket = await RawSocket.open(`wss://localhost:${port}`, "hrana2", readFileSync(caFile, "utf8"));
    socket.send({ type: "hello", jwt: null });
    socket.request(1, { type: "open_stream", stream_id: 1 });
    await socket.answer(1);
    socket.request(2, { type: "execute", stream_id: 1, stmt: { sql: statement } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    parent.kill("SIGKILL");
    await until(() => !isAlive(pid));
    await until(() => !existsSync(join(caFile, "..")));
  }

  test("ends, with its files", () => orphan("SELECT 1"));

  test("ends even inside a statement that does not", () => orphan(ENDLESS));
});

describe("a start that fails", () => {
  test("because the port is in use says so, and what to do", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => holder.on("listening", resolve));
    onTestEnd(() => void holder.close());
    const { port } = holder.address() as { port: number };
    const error = await startFailure(startEmbeddedServer({ port }));
    expect(error).toMatchObject({ name: "TursoPoolError", code: "SERVER_START_FAILED" });
    expect(error.message).toBe(`Port ${port} of 127.0.0.1 is in use`);
    expect(error.hint).toMatch(/choose another port/);
  });

  test("because of a file names it, and what to do", async () => {
    const folder = temporaryFolder();
    const [missing, junk] = [join(folder, "no", "such.file"), join(folder, "junk")];
    writeFileSync(junk, "neither a key, nor a certificate, nor a database; ".repeat(100));
    const tls = { certFile: junk, keyFile: junk };
    const cases = [
      [{ databaseFile: missing }, /folder .*no does not exist/],
      [{ databaseFile: junk }, /Cannot open the database .*junk: file is not a database/],
      [{ authJwtKeyFile: missing }, /Cannot read the JWT key file .*such\.file/],
      [{ authJwtKeyFile: junk }, /Cannot use the JWT key .*junk: neither PEM nor 32 bytes/],
      [{ tls: { ...tls, certFile: missing } }, /Cannot read the TLS certificate file/],
      [{ tls }, /Cannot use the TLS certificate .*junk/],
      [{ host: "192.0.2.1" }, /192\.0\.2\.1 is not an address of this machine/],
    ] as const;
    const check = async ([options, message]: (typeof cases)[number]): Promise<void> => {
      const error = await startFailure(startEmbeddedServer(options));
      expect(error.code).toBe("SERVER_START_FAILED");
      expect(error.message).toMatch(message);
      expect(error.hint.length).toBeGreaterThan(10);
    };
    await Promise.all(cases.map(check));
  });

  test("because of an option starts no process at all", async () => {
    expect(await startFailure(startEmbeddedServer({ port: -1 }))).toMatchObject({ code: "INVALID_OPTION" });
  });

  test("because it was aborted, before or meanwhile, leaves no process", async () => {
    const early = AbortSignal.abort();
    expect(await startFailure(startEmbeddedServer({}, early))).toMatchObject({ code: "ABORTED" });
    const controller = new AbortController();
    const start = startFailure(startEmbeddedServer({}, controller.signal));
    setTimeout(() => controller.abort(), 50);
    expect(await start).toMatchObject({ code: "ABORTED" });
  });
});
