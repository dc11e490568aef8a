import type { IncomingMessage } from "node:http";
import { hostOf, isLoopback } from "../core/loopback.js";

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 403 | 421;
  readonly why: string;
}

/**
 * Keeps web pages from elsewhere out of a server that is for this machine's programs only. A browser here would ask
 * it on behalf of any page, under a name of the page's own that points at 127.0.0.1 (which the `Host` tells), or
 * across origins, without seeing the answer but with the statement done (which the `Origin` tells; only browsers send it).
 */
export function refuseWebPage({ headers }: IncomingMessage): Refusal | undefined {
  if (!isLoopback(hostOf(headers.host))) {
    return { status: 421, why: "This server is for this machine only: ask for localhost or 127.0.0.1" };
  }
  if (headers.origin === undefined || isLoopback(originHost(headers.origin))) return undefined;
  return { status: 403, why: "This server is not for web pages from elsewhere" };
}

function originHost(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : "";
}
