import { sameHost, sameTarget } from "../fingerprint.js";
import type { BenchResult } from "../result.js";
import type { Sides } from "../same-plan.js";

/** Speeds of a host further apart than this are those of two hosts, for our purposes. */
const SAME_SPEED = 1.1;

/** Busier than this, and processes wait for a processor. */
const SATURATED = 0.95;

const SIDES: Sides = ["in the base", "in the head"];

/** What has to be known of a result's figures, whatever they are compared with. */
export function warningsOf({ interrupted, strategies }: BenchResult): string[] {
  const limited = strategies.filter((one) => one.instrument_limited).map(({ name }) => name);
  const busy = strategies
    .filter(({ instrument }) => instrument !== null && instrument.host_cpu > SATURATED)
    .map(({ name }) => name);
  return [
    ...(interrupted ? ["it was interrupted, and is of what was measured by then"] : []),
    ...(limited.length > 0
      ? [`the load process was the limit for ${limited.join(", ")}: that is no figure of the database`]
      : []),
    ...(busy.length > 0
      ? [
          `all processors of its host were busy during ${busy.join(", ")}: figures may include waiting for one`,
        ]
      : []),
    ...strategies.flatMap(({ name, operations, errors, timeouts }) => {
      const failed = errors + timeouts;
      return failed > 0
        ? [`${name}: ${failed} of ${operations + failed} operations failed, and are in no figure`]
        : [];
    }),
  ];
}

/** What else was not the same as for the base, so that a change need not be the database's. */
export function circumstancesOf(base: BenchResult, head: BenchResult): string[] {
  const host = sameHost(base.host, head.host, SIDES);
  const target = sameTarget(base.target, head.target, SIDES);
  const against =
    base.against === null || head.against === null ? null : sameTarget(base.against, head.against, SIDES);
  return [
    ...(host === null ? [] : [`it was measured on another host: ${host}`]),
    ...(target === null ? [] : [`it is of another target: ${target}`]),
    ...(against === null ? [] : [`its second database is another: ${against}`]),
    ...speed(base.host.speed, head.host.speed),
  ];
}

function speed(base: number, head: number): string[] {
  const ratio = head / base;
  // Of a host whose speed is not known there is nothing to say.
  if (!(ratio > SAME_SPEED || ratio < 1 / SAME_SPEED)) return [];
  return [`its host ran at ${Math.round(ratio * 100)} % of the speed that it had for the base`];
}
