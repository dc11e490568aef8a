import { realClock } from "#dist/core/clock.js";
import { parseTarget } from "#dist/libsql/target.js";
import { Seats } from "#dist/tune/seats.js";
import type { Site } from "#dist/tune/site.js";
import type { TestServer } from "./servers.js";

/** A real server as tuning sees it. */
export function siteAt({ server, url, ca }: TestServer, more: Partial<Site> = {}): Site {
  const own = parseTarget(url);
  const other = parseTarget(server.url(own.transport === "ws" ? "http" : "ws"));
  return {
    display: url,
    own: { target: own, ca },
    other: { target: other, ca },
    isEmbedded: true,
    seats: new Seats(32),
    timeout: 5_000,
    connectTimeout: 5_000,
    clock: realClock,
    random: Math.random,
    signal: new AbortController().signal,
    tell: () => undefined,
    ...more,
  };
}
