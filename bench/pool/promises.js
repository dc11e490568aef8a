// What we promise about the cost of our pools.

/** What is measured against: the least that a pool with our guarantees for one lease can do. */
export const REFERENCE = "bare with lease and deadline";
const AT_MOST = 2.5;
/** Twice the waiters may take this much longer: twice, and some for the memory they need. */
const LINEAR = 2.6;
/** What statistics, events and OpenTelemetry's hooks may add while nobody listens. */
const ACCOUNTING = 1.1;

/** One sentence for each promise that the measurements break. */
export function brokenPromises(results, drains, costs) {
  const reference = results.find(({ name }) => name === REFERENCE);
  const peers = results.filter(({ kind }) => kind === "peer");
  const broken = [];
  for (const ours of results.filter(({ kind }) => kind === "ours")) {
    for (const scenario of ["uncontended", "contended"]) {
      const took = ours[scenario];
      for (const peer of peers.filter((other) => took >= other[scenario])) {
        broken.push(
          `${ours.name} ${scenario} (${ns(took)}) is not ahead of ${peer.name} (${ns(peer[scenario])})`,
        );
      }
      const times = took / reference[scenario];
      if (times > AT_MOST) {
        broken.push(
          `${ours.name} ${scenario} takes ${times.toFixed(2)} times "${REFERENCE}", not at most ${AT_MOST}`,
        );
      }
    }
  }
  for (const { name, waiters, once, twice } of drains.filter(({ kind }) => kind === "ours")) {
    const ratio = twice / once;
    if (ratio > LINEAR) {
      broken.push(
        `${name} takes ${ratio.toFixed(2)} times as long for ${waiters * 2} waiters as for ${waiters}`,
      );
    }
  }
  for (const { scenario, ratio } of costs.filter((cost) => cost.ratio > ACCOUNTING)) {
    broken.push(
      `keeping account costs ${ratio.toFixed(2)} times nothing, ${scenario}, not at most ${ACCOUNTING}`,
    );
  }
  return broken;
}

const ns = (time) => `${time.toFixed(0)} ns`;
