import { formatDuration, type Milliseconds } from "../core/duration.js";
import { invalidOption } from "../core/errors.js";
import type { RehearsalPlan } from "../rehearse/rehearse-fault.js";
import type { StatsFlags } from "./stats-flags.js";

const BEFORE_MS = 1_000;
const DEFAULT_FAULT_MS = 3_000;
const DEFAULT_RATE = 40;
const DEFAULT_CALLERS = 4;
/** What a deadline takes to become an answer on a busy machine. */
const GRACE_MS = 500;
/** What was asked, or a connection that was begun, at the end of a fault has failed by then, and what came next succeeds. */
const BEYOND_DEADLINES_MS = 2_000;
const DEFAULT_CONNECTION_TIMEOUT_MS = 5_000;
const LONGEST_MS = 3_600_000;
/** Slower callers would not meet most faults. */
const LEAST_RATE = 1;

/** How the flags ask for faults to be rehearsed. @throws {TursoPoolError} `INVALID_OPTION`, naming the flag. */
export function rehearsalPlan(flags: StatsFlags): { plan: RehearsalPlan; operationTimeout: Milliseconds } {
  const { timeout, duration: fault = DEFAULT_FAULT_MS, rate: perSecond = DEFAULT_RATE } = flags;
  const connectionTimeout = flags["connection-timeout"] ?? DEFAULT_CONNECTION_TIMEOUT_MS;
  if (perSecond < LEAST_RATE) {
    throw invalidOption("--rate", `${perSecond}/s`, `at least ${LEAST_RATE}/s with --rehearse`);
  }
  if (fault > LONGEST_MS) {
    throw invalidOption("--duration", formatDuration(fault), "at most 1h with --rehearse, of each fault");
  }
  return {
    operationTimeout: timeout,
    plan: {
      ...{ callers: flags.concurrency ?? DEFAULT_CALLERS, perSecond, before: BEFORE_MS, fault },
      recoveryLimit: Math.max(timeout, connectionTimeout) + BEYOND_DEADLINES_MS,
      patience: timeout + GRACE_MS,
    },
  };
}
