// How many errors a fault excuses. Each rule says of a scene which failed calls it excuses, and how many reads and writes
// at most; what it does not excuse is an error too many.
import { MOST_CONNECTIONS } from "./contestants.js";

/** Between what happens and what the contestants' processes hear of it. */
const SLACK = 250;

const begunBefore = (at) => (call) => call.at <= at;
const underWayAt = (at) => (call) => call.at <= at + SLACK && call.at + call.took >= at - SLACK;

export const nothing = { words: "nothing", excuses: () => () => false, most: () => ({ read: 0, write: 0 }) };

export const writesUnderWay = {
  words: `writes that were under way, at most ${MOST_CONNECTIONS}`,
  excuses: ({ struckAt }) => underWayAt(struckAt),
  most: () => ({ read: 0, write: MOST_CONNECTIONS }),
};

/** Callers wait for a connection as long as their deadline lets them. */
const LONG_AWAY = 2_000;
const isLongAway = ({ struckAt, healedAt }) => healedAt - struckAt > LONG_AWAY;

export const writesUnderWayUnlessLong = {
  words: `${writesUnderWay.words}; on a machine so busy that the server is away for over 2 s, whatever is asked meanwhile`,
  excuses: (seen) => (isLongAway(seen) ? whatIsAskedMeanwhile : writesUnderWay).excuses(seen),
  most: (seen) => (isLongAway(seen) ? whatIsAskedMeanwhile : writesUnderWay).most(seen),
};

/** A read is sent three times in all, so it fails when all three are struck. */
export const struckWrites = {
  words: "one write for each time that it strikes, one read for every third time",
  excuses: ({ struckAt, healedAt }) => {
    return (call) => call.at + call.took >= struckAt - SLACK && call.at <= healedAt + SLACK;
  },
  most: ({ struck }) => ({ read: Math.floor(struck / 3), write: struck }),
};

export const everyThirdTime = {
  words: "one call for every third time that it strikes",
  excuses: struckWrites.excuses,
  most: ({ struck }) => ({ read: Math.floor(struck / 3), write: Math.floor(struck / 3) }),
};

export const whatIsAskedMeanwhile = {
  words: "whatever is asked while it lasts",
  excuses: ({ struckAt, healedAt }) => {
    return (call) => call.at + call.took >= struckAt - SLACK && begunBefore(healedAt + SLACK)(call);
  },
  most: () => ({ read: Infinity, write: Infinity }),
};

export const whatIsRefusedMeanwhile = {
  ...whatIsAskedMeanwhile,
  words: `${whatIsAskedMeanwhile.words}: it is refused at once, as waiting does not mend it`,
};

export const oneEach = {
  words: "one call of each caller: all connections are dead, and take their deadline to show it",
  excuses: ({ struckAt }) => begunBefore(struckAt + SLACK),
  most: ({ callers }) => ({ read: callers, write: callers }),
};
