// What a contestant's calls came to, and which promises ours did not keep.
import { MOST_CONNECTIONS, OPERATION_TIMEOUT } from "./contestants.js";

/** What a busy machine adds to a deadline. */
const GRACE = 1_000;

const count = (calls, test) => calls.filter(test).length;

export function figuresOf({ calls, inDatabase, recoveredAfter }) {
  const writes = calls.filter(({ kind }) => kind === "write");
  const times = (call) => inDatabase.get(call.key) ?? 0;
  return {
    asked: calls.length,
    errors: count(calls, ({ end }) => end === "failed"),
    hung: count(calls, ({ end }) => end === "hung"),
    wrong: count(calls, ({ end }) => end === "wrong"),
    longest: Math.max(...calls.map(({ took }) => took)),
    recoveredAfter,
    lost: count(writes, (call) => call.end === "answered" && times(call) === 0),
    doubled: count(writes, (call) => times(call) > 1),
    codes: countsOf(calls.filter(({ end }) => end === "failed").map(({ code }) => code ?? "no code")),
  };
}

function countsOf(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}

/** What of its promises ours has broken, each as a sentence. */
export function brokenBy(seen, fault) {
  const { calls, inDatabase, unhandled, leftOpen, peak } = seen;
  const { hung, wrong, lost, doubled, recoveredAfter } = figuresOf(seen);
  const failed = calls.filter(({ end }) => end === "failed");
  const broken = [];
  const hold = (isKept, what) => isKept || broken.push(what);
  const late = count(calls, ({ took }) => took > OPERATION_TIMEOUT + GRACE);
  hold(hung === 0 && late === 0, `${hung} calls hung, and ${late} ended after their deadline`);
  hold(lost === 0, `${lost} writes were acknowledged and lost`);
  hold(doubled === 0, `${doubled} writes were doubled`);
  hold(wrong === 0 || fault.isWrongExcused, `${wrong} wrong answers`);
  hold(recoveredAfter !== null, "it did not recover");
  hold(unhandled === 0, `${unhandled} unhandled rejections`);
  hold(leftOpen === 0, `${leftOpen} sockets were left open`);
  hold(peak <= MOST_CONNECTIONS, `${peak} sockets at one time`);
  const uncoded = count(failed, ({ code }) => code === null);
  hold(uncoded === 0, `${uncoded} errors without a code`);
  const lies = failed.filter(({ outcome, key }) => outcome !== "unknown" && inDatabase.has(key));
  hold(lies.length === 0, `${lies.length} writes were executed of which it was said that they were not`);
  for (const complaint of excess(seen, failed, fault.unavoidable)) broken.push(complaint);
  return broken;
}

/** Errors that the fault does not excuse. */
function excess(seen, failed, { excuses, most }) {
  const isExcused = excuses(seen);
  const inexcusable = failed.filter((call) => !isExcused(call));
  const limits = most(seen);
  const tooMany = ["read", "write"]
    .map((kind) => ({ kind, found: count(failed, (call) => call.kind === kind), limit: limits[kind] }))
    .filter(({ found, limit }) => found > limit)
    .map(({ kind, found, limit }) => `${found} ${kind}s failed, and ${limit} at most had to`);
  const untimely = inexcusable.length === 0 ? [] : [`${inexcusable.length} calls failed at another time`];
  return [...tooMany, ...untimely];
}
