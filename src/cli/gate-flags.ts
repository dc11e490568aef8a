import { Flags } from "@oclif/core";
import { parseThreshold } from "../bench/gates/parse-threshold.js";
import type { Threshold } from "../bench/gates/threshold.js";
import { parsePercent } from "../core/percent.js";
import { duration } from "./flags.js";

/** What makes a run pass or fail. */
export const gateFlags = {
  threshold: Flags.custom<Threshold>({
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: "GATE",
    helpValue: "<claim>",
    description:
      "Exit 99 unless it holds, 75 when it can't be told; repeatable. 'keepalive.latency_ms.p95 < 10ms', " +
      "'ratio(client, keepalive, latency_ms.p95) > 1', 'reduction(unpooled, keepalive, latency_ms.p95) > 80%'.",
    parse: async (text) => parseThreshold(text),
  })(),
  against: Flags.string({
    helpGroup: "GATE",
    helpValue: "<url>",
    description: "A second database, measured in turn with the first in the same run, as …@base.",
  }),
  baseline: Flags.string({
    helpGroup: "GATE",
    helpValue: "<file>",
    description: "A saved result to compare with; made by --output result.json and the same plan.",
  }),
  "max-regression": Flags.custom<number>({
    helpGroup: "GATE",
    helpValue: "<percent>",
    description: "How much slower than --against or --baseline latency may be at P50 and P95, such as 10%.",
    parse: async (text) => parsePercent(text, "--max-regression"),
  })(),
  absolute: Flags.boolean({
    helpGroup: "GATE",
    dependsOn: ["baseline"],
    description: "Compare milliseconds with a --baseline from another host or target too.",
  }),
  "max-duration": duration({
    helpGroup: "GATE",
    description:
      "Sample up to this long in all, warm-up aside, while a gate can't tell. [default: 1m, or longer]",
  }),
  "on-inconclusive": Flags.option({
    options: ["pass", "fail"] as const,
    helpGroup: "GATE",
    description: "Exit 0 or 99 instead of 75 when a gate can't tell.",
  })(),
  calibrate: Flags.boolean({
    default: false,
    helpGroup: "GATE",
    description:
      "Run every strategy against itself too: what differs is noise, and a gate on less than that is refused.",
  }),
};
