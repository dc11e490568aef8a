// Whether something grew over the second half of a run.

const LEAST_SAMPLES = 6;
const LEAST_SECONDS = 60;

/** The median of the slopes between all pairs (Theil 1950, Sen 1968): one odd sample does not bend it. Per second. */
function slopeOf(samples, valueOf) {
  const slopes = [];
  for (const [index, later] of samples.entries()) {
    for (const earlier of samples.slice(0, index)) {
      slopes.push((valueOf(later) - valueOf(earlier)) / (later.at - earlier.at));
    }
  }
  return medianOf(slopes);
}

export function medianOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The samples of the second half; `undefined` when they are too few, or too close, to tell. */
export function secondHalf(samples, seconds) {
  const half = samples.filter(({ at }) => at >= seconds / 2);
  if (half.length < LEAST_SAMPLES || half.at(-1).at - half[0].at < LEAST_SECONDS) return undefined;
  return half;
}

/** By how much the trend of the samples rises from the first of them to the last, and their median. */
export function growthOf(samples, valueOf) {
  const duration = samples.at(-1).at - samples[0].at;
  return { growth: slopeOf(samples, valueOf) * duration, median: medianOf(samples.map(valueOf)) };
}
