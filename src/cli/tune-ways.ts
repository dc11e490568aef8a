import { readFile } from "node:fs/promises";
import { parseTarget, type Target } from "../libsql/target.js";
import type { EmbeddedServer } from "../server/embedded-server.js";
import type { Site } from "../tune/site.js";

/** The ways to a database: as it was named, and over the other transport. */
export async function waysTo(
  target: Target,
  server: EmbeddedServer | undefined,
): Promise<Pick<Site, "own" | "other" | "isEmbedded">> {
  const ca = server?.caFile === undefined ? undefined : await readFile(server.caFile, "utf8");
  const other = overOtherTransport(target);
  return { own: { target, ca }, other: other && { target: other, ca }, isEmbedded: server !== undefined };
}

/**
 * The same host, port and path over WebSocket instead of HTTP, or the other way round, with the same token; whether
 * anything answers there is not known. `undefined` for what is not reached over a network.
 */
export function overOtherTransport(target: Target): Target | undefined {
  if (target.kind === "local") return undefined;
  const scheme = `${target.transport === "ws" ? "http" : "ws"}${target.tls ? "s" : ""}:`;
  const url = target.baseUrl.href.replace(/^[a-z]+:/, scheme).replace(/\/$/, "");
  return parseTarget(url, target.authToken);
}
