import type { Random } from "../../core/random.js";
import { closeAfter, corrupt, slow, trickle } from "./answer-faults.js";
import { blackHole, ending, halfOpen } from "./connection-faults.js";
import type { Fault } from "./fault.js";
import { cannedAnswer, cutAnswer, cutRequest, refuseHello } from "./request-faults.js";
import type { StrikeCounter } from "./strikes.js";
import { badCertificate, expiredCertificate, notTls } from "./tls-faults.js";
import type { Treatment } from "./treatment.js";

/** One byte in this many is changed: about one in each answer of Hrana to a small statement, head included. */
const CHANGED_ONE_IN = 64;

export interface TreatmentParts {
  readonly strikes: StrikeCounter;
  readonly random: Random;
  /** The name of the server, for certificates. */
  readonly host: string;
}

/** What a fault does to connections. */
export async function treatmentOf(fault: Fault, parts: TreatmentParts): Promise<Treatment> {
  const { strikes, random, host } = parts;
  switch (fault.kind) {
    case "refuse":
      return ending("reset", "all", strikes);
    case "reset":
      return ending("reset", fault.scope ?? "all", strikes);
    case "drop":
      return ending("end", fault.scope ?? "all", strikes);
    case "black-hole":
      return blackHole(fault.resumes ?? false, fault.scope ?? "all", strikes);
    case "half-open":
      return halfOpen(fault.idleMs, strikes);
    case "slow":
      return slow(fault.delayMs, strikes);
    case "trickle":
      return trickle(fault.bytes, fault.everyMs, strikes);
    case "corrupt":
      return corrupt(fault.oneIn ?? CHANGED_ONE_IN, random, strikes);
    case "close-after":
      return closeAfter(fault.bytes, fault.how ?? "reset", strikes);
    case "cut-answer":
      return cutAnswer(fault, strikes);
    case "cut-request":
      return cutRequest(fault.matching, strikes);
    case "answer":
      return cannedAnswer(fault, strikes);
    case "refuse-hello":
      return refuseHello(fault, strikes);
    case "not-tls":
      return notTls(strikes);
    case "expired-certificate":
      return badCertificate(await expiredCertificate(host), strikes);
  }
}
