// Memory, handles and listeners, sampled while all callers rest.
import { getEventListeners } from "node:events";
import { census, memory } from "./census.js";
import { growthOf, secondHalf } from "./trend.js";

const MIB = 1024 * 1024;
/** What may come on top over half a run: of memory a share and a floor, for code that is compiled and caches that fill. */
const MEMORY_SHARE = 0.03;
const MEMORY_FLOOR = 0.75 * MIB;
/** Of anything else, by number: connections that are opened and closed now and then. */
const COUNT_SHARE = 0.2;
const COUNT_FLOOR = 12;

export class Samples {
  #violations;
  #all = [];

  constructor(violations) {
    this.#violations = violations;
  }

  get all() {
    return this.#all;
  }

  /** @param lanes whose callers rest: nothing is under way */
  take(lanes) {
    const bytes = memory();
    const counts = census();
    for (const { name, signal } of lanes) {
      const listeners = getEventListeners(signal, "abort").length;
      if (listeners > 0) {
        this.#violations.add("listeners", `${name}: ${listeners} on a signal that no call uses any more`);
      }
    }
    counts.listeners = ["unhandledRejection", "uncaughtException", "exit", "SIGINT"].reduce(
      (sum, name) => sum + process.listenerCount(name),
      0,
    );
    this.#all.push({ at: this.#violations.time, bytes, counts });
  }

  /** What the second half shows, as a sentence; says so when something grew. */
  judge() {
    const half = secondHalf(this.#all, this.#violations.time);
    if (half === undefined) return `too short to tell (${this.#all.length} samples)`;
    const { growth, median } = growthOf(half, ({ bytes }) => bytes);
    const allowed = Math.max(MEMORY_FLOOR, MEMORY_SHARE * median);
    const seen = `${mib(growth)} on ${mib(median)} over the second half (${half.length} samples, at most ${mib(allowed)})`;
    if (growth > allowed) this.#violations.add("memory", `the trend is ${seen}`);
    for (const kind of Object.keys(half[0].counts)) {
      const trend = growthOf(half, ({ counts }) => counts[kind]);
      if (trend.growth > Math.max(COUNT_FLOOR, COUNT_SHARE * trend.median)) {
        const what = `${kind}: the trend is +${trend.growth.toFixed(0)} on ${trend.median} over the second half`;
        this.#violations.add(kind === "listeners" ? "listeners" : "handles", what);
      }
    }
    return seen;
  }
}

const mib = (bytes) =>
  `${bytes < 0 ? "-" : "+"}${(Math.abs(bytes) / MIB).toFixed(2)} MiB`.replace(/^\+(?=\d+\.\d+ MiB on)/, "");
