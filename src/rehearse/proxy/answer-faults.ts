import type { Milliseconds } from "../../core/duration.js";
import type { Random } from "../../core/random.js";
import type { Ending } from "./fault.js";
import type { StrikeCounter } from "./strikes.js";
import type { TreatedLine, Treatment } from "./treatment.js";

export function slow(by: Milliseconds, strikes: StrikeCounter): Treatment {
  return {
    meet: (line) => {
      strikes.strikes();
      line.upPace = { kind: "late", by };
      line.downPace = { kind: "late", by };
    },
  };
}

export function trickle(bytes: number, every: Milliseconds, strikes: StrikeCounter): Treatment {
  return {
    meet: (line) => {
      strikes.strikes();
      line.downPace = { kind: "trickling", bytes, every };
    },
  };
}

/** Changes one byte in so many, at random. */
export function corrupt(oneIn: number, random: Random, strikes: StrikeCounter): Treatment {
  return {
    answer: (bytes, line) => {
      const changed = Buffer.from(bytes);
      for (let at = 0; at < changed.length; at++) {
        if (random() * oneIn >= 1) continue;
        strikes.strikes();
        // Never 0, which would change nothing.
        changed[at] = (changed[at] ?? 0) ^ (1 + Math.floor(random() * 255));
      }
      line.toClient(changed);
    },
  };
}

/** Ends each connection after so many bytes more. */
export function closeAfter(most: number, how: Ending, strikes: StrikeCounter): Treatment {
  const left = new WeakMap<TreatedLine, number>();
  return {
    answer: (bytes, line) => {
      const still = left.get(line) ?? most;
      left.set(line, still - bytes.length);
      if (bytes.length < still) return line.toClient(bytes);
      strikes.strikes();
      line.cutClient(how, bytes.subarray(0, still));
    },
  };
}
