import { Flags, type Interfaces } from "@oclif/core";
import { formatBandwidth, parseBandwidth } from "../core/bandwidth.js";
import { formatDuration } from "../core/duration.js";
import { invalidOption } from "../core/errors.js";
import type { EmbeddedServerOptions } from "../server/embedded-server.js";
import { MAX_RTT_MS, resolveNetwork, type NetworkOptions } from "../server/network/config.js";
import { duration } from "./flags.js";

const bandwidth = Flags.custom<number>({
  helpValue: "<bits>",
  parse: async (text, _context, options) => parseBandwidth(text, `--${options.name}`),
});

/** A network for the embedded server to be reached over. */
export const networkFlags = {
  rtt: duration({
    least: 0,
    most: MAX_RTT_MS,
    helpGroup: "NETWORK",
    description:
      "Round-trip time to the embedded server; 0ms is the emulated network without any. Default: none, plain loopback.",
  }),
  jitter: duration({
    least: 0,
    helpGroup: "NETWORK",
    dependsOn: ["rtt"],
    description: "A round trip takes up to this much more or less.",
  }),
  bandwidth: bandwidth({
    helpGroup: "NETWORK",
    description: "What a connection carries each way, such as 10mbit per second. Default: any amount.",
  }),
  "idle-timeout": duration({
    least: 1,
    helpGroup: "NETWORK",
    description: "A middlebox closes connections that carried nothing for this long. Default: never.",
  }),
  "idle-drop": Flags.boolean({
    helpGroup: "NETWORK",
    dependsOn: ["idle-timeout"],
    description: "With --idle-timeout: connections are forgotten instead of closed, and nobody is told.",
  }),
};

/** The flags of commands that bring an embedded server when no database is named. */
export const embeddedFlags = {
  transport: Flags.option({
    options: ["ws", "http"] as const,
    helpGroup: "EMBEDDED SERVER",
    description: "How to talk to it. [default: ws]",
  })(),
  "no-tls": Flags.boolean({ helpGroup: "EMBEDDED SERVER", description: "Without TLS." }),
  ...networkFlags,
};

/** What these flags ask of the embedded server. */
export interface EmbeddedChoices {
  /** Those that were given, as written: refused when another database is used. */
  readonly given: readonly string[];
  readonly transport: "ws" | "http";
  readonly tls: boolean;
  readonly network: NetworkOptions | undefined;
  /** What else it should be like. */
  readonly server?: EmbeddedServerOptions | undefined;
}

type NetworkFlagValues = Interfaces.InferredFlags<typeof networkFlags>;

/** The network that the flags ask for, if any. @throws {TursoPoolError} `INVALID_OPTION`, naming the flag. */
export function networkOptions(flags: NetworkFlagValues, seed?: number): NetworkOptions | undefined {
  if (namesOf(networkFlags, flags).length === 0) return undefined;
  const { rtt = 0, jitter = 0 } = flags;
  if (jitter > rtt)
    throw invalidOption("--jitter", formatDuration(jitter), `at most --rtt (${formatDuration(rtt)})`);
  return {
    rttMs: rtt,
    jitterMs: jitter,
    bandwidthBytesPerSecond: flags.bandwidth,
    idleTimeoutMs: flags["idle-timeout"],
    idleDrop: flags["idle-drop"],
    seed,
  };
}

/** @param seed of the jitter @throws {TursoPoolError} `INVALID_OPTION`, naming the flag. */
export function embeddedChoices(
  flags: Interfaces.InferredFlags<typeof embeddedFlags>,
  seed?: number,
): EmbeddedChoices {
  return {
    given: givenAmong(embeddedFlags, flags),
    transport: flags.transport ?? "ws",
    tls: !flags["no-tls"],
    network: networkOptions(flags, seed),
  };
}

/** The flags of these that were given, as written. */
export function givenAmong(among: object, flags: object): readonly string[] {
  return namesOf(among, flags).map((name) => `--${name}`);
}

function namesOf(among: object, flags: object): string[] {
  const values = new Map<string, unknown>(Object.entries(flags));
  return Object.keys(among).filter((name) => (values.get(name) ?? false) !== false);
}

/** The network in a few words, such as `20ms round trip, idle connections closed after 5s`. */
export function describeNetwork(options: NetworkOptions): string {
  const { rtt, jitter, bandwidthBytesPerSecond, idle } = resolveNetwork(options);
  const parts = [`${formatDuration(rtt)}${jitter > 0 ? ` ± ${formatDuration(jitter)}` : ""} round trip`];
  if (bandwidthBytesPerSecond !== undefined)
    parts.push(`${formatBandwidth(bandwidthBytesPerSecond)} per second each way`);
  if (idle.kind !== "keep") {
    const what = idle.kind === "close" ? "closed" : "silently forgotten";
    parts.push(`idle connections ${what} after ${formatDuration(idle.after)}`);
  }
  return parts.join(", ");
}
