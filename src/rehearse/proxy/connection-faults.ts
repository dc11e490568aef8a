import type { Milliseconds } from "../../core/duration.js";
import type { Ending, Scope } from "./fault.js";
import { reset } from "./reset.js";
import type { StrikeCounter } from "./strikes.js";
import type { TreatedLine, Treatment } from "./treatment.js";

/** Connections end. */
export function ending(how: Ending, scope: Scope, strikes: StrikeCounter): Treatment {
  return {
    accept: (client) => {
      if (scope === "open" || !strikes.strikes()) return false;
      if (how === "reset") reset(client);
      else client.destroySoon();
      return true;
    },
    meet: (line, age) => {
      if (age === "open" && scope !== "new" && strikes.strikes()) line.end(how);
    },
  };
}

/** Nothing goes through, and nobody is told. */
export function blackHole(resumes: boolean, scope: Scope, strikes: StrikeCounter): Treatment {
  const swallow = (line: TreatedLine): void => {
    if (!resumes) return line.lose();
    line.upPace = { kind: "held" };
    line.downPace = { kind: "held" };
  };
  return {
    accept: (client) => {
      if (scope === "open" || resumes || !strikes.strikes()) return false;
      client.resume();
      return true;
    },
    meet: (line, age) => {
      const isMeant = age === "open" ? scope !== "new" : scope !== "open" && resumes;
      if (isMeant && strikes.strikes()) swallow(line);
    },
  };
}

/** A middlebox has forgotten what is open, or forgets what is idle for longer than it grants. */
export function halfOpen(idleFor: Milliseconds | undefined, strikes: StrikeCounter): Treatment {
  const forget = (line: TreatedLine): void => {
    if (strikes.strikes()) line.lose();
  };
  if (idleFor === undefined) {
    return { meet: (line, age) => (age === "open" ? forget(line) : undefined) };
  }
  return { carries: (line, idle) => (idle > idleFor ? forget(line) : undefined) };
}
