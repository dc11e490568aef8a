import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { createSecureContext } from "node:tls";
import type { Authenticator } from "./auth.js";
import type { ServerCertificate } from "./certificate.js";
import type { ServerConfig } from "./config.js";
import { type Address, LibsqlServer } from "./libsql-server.js";
import type { ServerMetrics } from "./metrics.js";
import type { EmulatedNetwork } from "./network/emulated-network.js";
import { prepareDatabase } from "./seed.js";
import { listenFailed, reasonOf, startFailed } from "./start-errors.js";

/** A server that accepts connections. */
export interface StartedServer {
  metrics(): ServerMetrics;
  /** Idempotent. */
  close(): Promise<void>;
  readonly host: string;
  readonly port: number;
  /** PEM to trust, when the certificate was made on the fly. */
  readonly caFile: string | undefined;
}

/**
 * Starts a server in this process: database, key and certificate first, the socket last.
 * @param folder exists, and holds what the server writes that nobody gave a place: the caller removes it.
 * @throws {TursoPoolError} `SERVER_START_FAILED`, with what to do about it.
 */
export async function startServer(config: ServerConfig, folder: string): Promise<StartedServer> {
  const databaseFile = openDatabase(config, folder);
  const authenticator = await readKeys(config.authJwtKeyFile);
  const certificate = await readCertificate(config);
  const server = new LibsqlServer({ config, databaseFile, authenticator, certificate });
  let network: EmulatedNetwork | undefined;
  const close = async (): Promise<void> => {
    await network?.close();
    await server.close();
  };
  try {
    let address: Address;
    if (config.network === undefined) address = await server.listen();
    else {
      const behind = await server.listen({ host: "127.0.0.1", port: 0 });
      const { EmulatedNetwork } = await import("./network/emulated-network.js");
      network = new EmulatedNetwork({ network: config.network, port: behind.port });
      address = await network.listen(config);
    }
    const caFile = config.tls === "self-signed" ? join(folder, "ca.pem") : undefined;
    // The private key stays in memory.
    if (caFile !== undefined && certificate) await writeFile(caFile, certificate.cert);
    return { metrics: () => server.metrics(), close, ...address, caFile };
  } catch (error) {
    await close();
    throw listenFailed(error, config);
  }
}

function openDatabase(config: ServerConfig, folder: string): string {
  const file = config.databaseFile === undefined ? join(folder, "data.db") : resolve(config.databaseFile);
  if (!existsSync(dirname(file))) {
    const why = `Cannot open the database ${file}: the folder ${dirname(file)} does not exist`;
    throw startFailed(why, "Create the folder, or name a file in one that exists.");
  }
  try {
    prepareDatabase(file);
  } catch (error) {
    const hint =
      "Name an SQLite database, or a file that does not exist yet, in a folder that can be written.";
    throw startFailed(`Cannot open the database ${file}: ${reasonOf(error)}`, hint, error);
  }
  return file;
}

// What few servers need is loaded when it is: each of these libraries is a fifth of the time of a start.
async function readKeys(file: string | undefined): Promise<Authenticator | undefined> {
  if (file === undefined) return undefined;
  const text = await read(file, "JWT key");
  const { JwtAuthenticator, parseJwtKeys } = await import("./jwt-auth.js");
  try {
    return new JwtAuthenticator(parseJwtKeys(text));
  } catch (error) {
    const why = `Cannot use the JWT key ${file}: ${reasonOf(error)}`;
    throw startFailed(why, "Give an Ed25519 public key: PEM, or its 32 bytes in URL-safe base64.", error);
  }
}

async function readCertificate(config: ServerConfig): Promise<ServerCertificate | undefined> {
  const { tls } = config;
  if (tls === "off") return undefined;
  if (tls === "self-signed") return (await import("./certificate.js")).makeCertificate();
  const certificate = {
    cert: await read(tls.certFile, "TLS certificate"),
    key: await read(tls.keyFile, "TLS key"),
  };
  try {
    createSecureContext(certificate);
  } catch (error) {
    const why = `Cannot use the TLS certificate ${tls.certFile} with the key ${tls.keyFile}: ${reasonOf(error)}`;
    throw startFailed(why, "Give a certificate and the private key that belongs to it, both PEM.", error);
  }
  return certificate;
}

async function read(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const why = `Cannot read the ${what} file ${file}: ${reasonOf(error)}`;
    throw startFailed(why, "Check its path and that it can be read.", error);
  }
}
