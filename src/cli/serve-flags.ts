import { Flags, type Interfaces } from "@oclif/core";
import type { EmbeddedServerOptions } from "../server/embedded-server.js";
import { duration, wholeNumber } from "./flags.js";
import { networkFlags, networkOptions } from "./network-flags.js";
import { workFlags, workOptions } from "./work-flags.js";

/** How the server ends HTTP connections that nobody uses; for all commands that start one. */
export const httpKeepAliveFlag = {
  "http-keep-alive": duration({
    least: 1,
    description:
      "The server closes an HTTP connection unused for this long after an answer, and says so. Default: never.",
  }),
};

/** The flags of `serve`. */
export const serveFlags = {
  host: Flags.string({ default: "127.0.0.1", helpValue: "<address>", description: "Address to listen on." }),
  port: wholeNumber({
    least: 0,
    most: 65_535,
    default: 0,
    description: "Port to listen on; 0 is any free one.",
  }),
  database: Flags.string({
    helpValue: "<file>",
    description: "Database file; made and seeded when it is missing or empty.",
  }),
  tls: Flags.boolean({ description: "Speak TLS, with a certificate made on the fly unless one is given." }),
  cert: Flags.string({
    dependsOn: ["key"],
    helpValue: "<file>",
    description: "Certificate in PEM; implies --tls.",
  }),
  key: Flags.string({ dependsOn: ["cert"], helpValue: "<file>", description: "Its private key in PEM." }),
  "auth-jwt-key-file": Flags.string({
    helpValue: "<file>",
    description: "Ed25519 public key, in PEM or URL-safe base64; requests then need a token.",
  }),
  "stream-expiry": duration({ description: "An HTTP stream unused for this long is closed. [default: 10s]" }),
  "server-idle-timeout": duration({
    description: "The server closes sockets idle for this long. Default: never.",
  }),
  ...httpKeepAliveFlag,
  "max-body-bytes": wholeNumber({ helpGroup: "LIMITS", description: "Largest request. [default: 16 MiB]" }),
  "max-result-bytes": wholeNumber({ helpGroup: "LIMITS", description: "Largest result. [default: 10 MiB]" }),
  "max-streams": wholeNumber({
    helpGroup: "LIMITS",
    description: "Streams open at one time. [default: 128]",
  }),
  "max-sockets": wholeNumber({
    helpGroup: "LIMITS",
    description: "Sockets open at one time. [default: 10,000]",
  }),
  ...workFlags,
  ...networkFlags,
};

/** What the flags of `serve` ask for. */
export function serverOptions(flags: Interfaces.InferredFlags<typeof serveFlags>): EmbeddedServerOptions {
  const { cert: certFile, key: keyFile } = flags;
  const given = certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : undefined;
  return {
    host: flags.host,
    port: flags.port,
    tls: given ?? (flags.tls ? "self-signed" : "off"),
    databaseFile: flags.database,
    authJwtKeyFile: flags["auth-jwt-key-file"],
    streamExpiryMs: flags["stream-expiry"],
    idleTimeoutMs: flags["server-idle-timeout"],
    httpKeepAliveMs: flags["http-keep-alive"],
    ...workOptions(flags),
    network: networkOptions(flags),
    limits: {
      maxBodyBytes: flags["max-body-bytes"],
      maxResultBytes: flags["max-result-bytes"],
      maxStreams: flags["max-streams"],
      maxSockets: flags["max-sockets"],
    },
  };
}
