import { literal } from "../format.js";
import type { PastedSettings } from "./pasted.js";

const WIDTH = 80;

/**
 * A pool of the library with these settings; without an interval, the pool that does not ping. The token comes from
 * the environment: there is none in what is printed.
 */
export function typescriptSnippet(settings: PastedSettings, url: string): string {
  const options = Object.entries(settings).map(([option, value]) => `  ${option}: ${literal(value)},`);
  const pool = settings.keepAliveInterval === undefined ? "ConnectionPool" : "KeepAlivePool";
  return construction(pool, url, options);
}

/** How not to pool: the same interface, and a connection for each operation. */
export function unpooledSnippet(url: string): string {
  return construction("ConnectionPool", url, [
    "  // Every lease gets a new connection, which is closed on release.",
    "  enablePooling: false,",
  ]);
}

function construction(pool: string, url: string, options: readonly string[]): string {
  return [
    `import { ${pool}, connector } from "turso-pool";`,
    "",
    `const pool = new ${pool}({`,
    opening(url),
    ...options,
    "});",
  ].join("\n");
}

function opening(url: string): string {
  const parts = [
    `url: ${JSON.stringify(url)}`,
    ...(isLocalUrl(url) ? [] : ["authToken: process.env.TURSO_AUTH_TOKEN"]),
  ];
  const line = `  open: connector({ ${parts.join(", ")} }),`;
  if (line.length <= WIDTH) return line;
  return ["  open: connector({", ...parts.map((part) => `    ${part},`), "  }),"].join("\n");
}

function isLocalUrl(url: string): boolean {
  return /^(file:|:memory:)/.test(url);
}
