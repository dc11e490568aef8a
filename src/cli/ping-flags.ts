import { Flags, type Interfaces } from "@oclif/core";
import type { ConnectionUse } from "../ping/probe.js";
import type { PingPlan } from "../ping/run-pings.js";
import { TursoPoolError } from "../core/errors.js";
import { connectionFlags, duration, wholeNumber } from "./flags.js";
import { embeddedFlags } from "./network-flags.js";

const DEFAULT_COUNT = 5;
const DEFAULT_INTERVAL_MS = 1_000;

/** The flags of `ping`. */
export const pingFlags = {
  url: connectionFlags.url,
  count: wholeNumber({
    char: "c",
    least: 0,
    description:
      "Pings to send; 0 goes on until Ctrl-C. Unless given, a first ping that fails is the last. [default: 5]",
  }),
  interval: duration({
    char: "i",
    least: 0,
    description: "From the start of a ping to the start of the next. [default: 1s]",
  }),
  timeout: duration({
    default: 5_000,
    defaultHelp: async () => "5s",
    description: "How long a ping may take, from the first step of connecting to the answer.",
  }),
  cold: Flags.boolean({
    exclusive: ["warm", "wait-ready"],
    description:
      "Open a new connection for each ping. Default: the first is cold, and the others share its connection.",
  }),
  warm: Flags.boolean({
    exclusive: ["wait-ready"],
    description: "Open the connection before the first ping.",
  }),
  "wait-ready": duration({
    exclusive: ["count", "interval", "json-lines"],
    description:
      "Instead, try until the database answers, for this long at most; for scripts and containers.",
  }),
  quiet: Flags.boolean({ char: "q", description: "Print the summary only." }),
  "json-lines": Flags.boolean({
    exclusive: ["json"],
    description: "Print a line of JSON for each ping as it comes, then one for the summary.",
  }),
  ...embeddedFlags,
};

export type PingFlags = Interfaces.InferredFlags<typeof pingFlags>;

/** How often and when to ping. */
export function pingPlan({ count, interval }: Pick<PingFlags, "count" | "interval">): PingPlan {
  return {
    count: count === 0 ? Infinity : (count ?? DEFAULT_COUNT),
    interval: interval ?? DEFAULT_INTERVAL_MS,
    endsWithFirstFailure: count === undefined,
  };
}

/**
 * The database that was named, either way. An argument wins over a configuration file's `url`.
 * @throws {TursoPoolError} `INVALID_OPTION` for two.
 */
export function namedUrl(argument: string | undefined, flag: string | undefined, isFlagFromFile: boolean) {
  if (argument === undefined) return { url: flag };
  if (flag === undefined || isFlagFromFile) return { url: argument, urlFrom: "the argument" };
  throw new TursoPoolError("INVALID_OPTION", "--url names a database, and so does the argument", {
    hint: "Leave one of them out.",
  });
}

export function connectionUse({ cold, warm }: Pick<PingFlags, "cold" | "warm">): ConnectionUse {
  return cold ? "cold" : warm ? "warm" : "kept";
}
