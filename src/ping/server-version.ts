import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Milliseconds } from "../core/duration.js";
import type { DialOptions } from "../libsql/dial.js";
import type { RemoteTarget } from "../libsql/target.js";
import { harmless } from "./failure.js";

const LONGEST_WAIT: Milliseconds = 2_000;
const LONGEST = 100;

/** What a server says that it is, or why that is not known. */
export type ServerVersion =
  { readonly version: string; readonly reason: null } | { readonly version: null; readonly reason: string };

export interface VersionOptions extends Pick<DialOptions, "ca" | "lookup"> {
  /** What a ping may take; this takes no longer either. */
  readonly timeout?: Milliseconds | undefined;
}

/**
 * Asks for `/version`, which sqld answers. It goes to the target's own host, with its token, over a socket of its own,
 * and follows no redirect, so that the token goes nowhere else. Never rejects.
 */
export function askVersion(
  target: RemoteTarget,
  { ca, lookup, timeout = LONGEST_WAIT }: VersionOptions,
  signal: AbortSignal,
): Promise<ServerVersion> {
  const url = new URL("/version", target.baseUrl);
  url.protocol = target.tls ? "https:" : "http:";
  const { authToken } = target;
  return new Promise((resolve) => {
    const unknown = (reason: string): void =>
      resolve({ version: null, reason: harmless(`GET /version: ${reason}`, target, LONGEST) });
    const patience = Math.min(timeout, LONGEST_WAIT);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
    const request = (target.tls ? requestHttps : requestHttp)(url, {
      agent: false,
      signal: limit,
      // The environment cannot switch it off: see dial().
      rejectUnauthorized: true,
      headers: authToken === undefined ? {} : { authorization: `Bearer ${authToken}` },
      ...(ca === undefined ? {} : { ca }),
      ...(lookup === undefined ? {} : { lookup }),
    });
    const brokenOff = (otherwise: string): void =>
      unknown(signal.aborted ? "interrupted" : limit.aborted ? `no answer within ${patience} ms` : otherwise);
    request.once("error", (error) => brokenOff(error.message));
    request.once("response", (response) => {
      let text = "";
      const done = (): void => {
        request.destroy();
        const version = harmless(text, target, LONGEST);
        if (response.statusCode !== 200) unknown(`status ${response.statusCode ?? 0}`);
        else if (version === "") unknown("an empty answer");
        else resolve({ version, reason: null });
      };
      response.setEncoding("utf8").once("end", done);
      response.on("data", (part: string) => {
        text += part;
        if (text.length > LONGEST) done();
      });
      response.on("error", () => brokenOff("the answer broke off"));
    });
    request.end();
  });
}
