import { Client } from "undici";
import type { Milliseconds } from "../../core/duration.js";
import type { Way } from "../site.js";

/** What undici takes off a server's announcement, so that it closes a connection before the server does. */
export const CLOSES_BEFORE: Milliseconds = 2_000;

/**
 * How long the server says that it keeps an HTTP connection which nobody uses: `Keep-Alive: timeout=`, in milliseconds
 * (RFC 2068, section 19.7.1.1). `null` when it says nothing, or cannot be asked.
 */
export async function keepAliveHint({ target, ca }: Way, signal: AbortSignal): Promise<Milliseconds | null> {
  if (target.kind !== "remote" || target.transport !== "http") return null;
  const client = new Client(target.baseUrl.origin, { connect: ca === undefined ? {} : { ca } });
  try {
    // The version check of Hrana over HTTP, which needs no token.
    const path = `${target.baseUrl.pathname.replace(/\/$/, "")}/v2`;
    const { headers, body } = await client.request({ method: "GET", path, signal });
    await body.dump();
    const [, seconds] = /\btimeout=(\d+)/.exec(String(headers["keep-alive"] ?? "")) ?? [];
    return seconds === undefined ? null : Number(seconds) * 1_000;
  } catch {
    // No hint; what is wrong with the database is found by those who need it.
    return null;
  } finally {
    await client.destroy();
  }
}
