import type { Interfaces } from "@oclif/core";
import type { ServerOptions } from "../server/config.js";
import { duration, wholeNumber } from "./flags.js";

/** A database that has much to do, for the embedded server to be. */
export const workFlags = {
  "statement-time": duration({
    helpGroup: "WORK",
    description:
      "Every statement takes at least this long, as if the database had so much to do. Default: none.",
  }),
  "parallel-statements": wholeNumber({
    helpGroup: "WORK",
    dependsOn: ["statement-time"],
    description: "Statements that run at one time; others wait for their turn. Default: any number.",
  }),
};

/** What these flags ask of the embedded server. */
export function workOptions(
  flags: Interfaces.InferredFlags<typeof workFlags>,
): Pick<ServerOptions, "statementTimeMs" | "parallelStatements"> {
  return { statementTimeMs: flags["statement-time"], parallelStatements: flags["parallel-statements"] };
}
