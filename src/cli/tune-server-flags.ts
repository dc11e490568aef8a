import type { Interfaces } from "@oclif/core";
import type { EmbeddedServerOptions } from "../server/embedded-server.js";
import { embeddedChoices, embeddedFlags, givenAmong, type EmbeddedChoices } from "./network-flags.js";
import { httpKeepAliveFlag, serveFlags } from "./serve-flags.js";
import { workFlags, workOptions } from "./work-flags.js";

const ofServer = <F extends { helpGroup?: string | undefined }>(flag: F): F => ({
  ...flag,
  helpGroup: "EMBEDDED SERVER",
});

/** Limits that the embedded server can be given, for `tune` to find: those of `serve`. */
const limitFlags = {
  "http-keep-alive": ofServer(httpKeepAliveFlag["http-keep-alive"]),
  "server-idle-timeout": ofServer(serveFlags["server-idle-timeout"]),
  "stream-expiry": ofServer(serveFlags["stream-expiry"]),
  "max-streams": ofServer(serveFlags["max-streams"]),
  "statement-time": ofServer(workFlags["statement-time"]),
  "parallel-statements": ofServer(workFlags["parallel-statements"]),
};

/** The flags of the embedded server that `tune` brings. */
export const tuneServerFlags = { ...embeddedFlags, ...limitFlags };

/** @param seed of the network's jitter @throws {TursoPoolError} `INVALID_OPTION`, naming the flag. */
export function tuneServerChoices(
  flags: Interfaces.InferredFlags<typeof tuneServerFlags>,
  seed: number,
): EmbeddedChoices {
  const server: EmbeddedServerOptions = {
    httpKeepAliveMs: flags["http-keep-alive"],
    idleTimeoutMs: flags["server-idle-timeout"],
    streamExpiryMs: flags["stream-expiry"],
    limits: { maxStreams: flags["max-streams"] },
    ...workOptions(flags),
  };
  return { ...embeddedChoices(flags, seed), given: givenAmong(tuneServerFlags, flags), server };
}
