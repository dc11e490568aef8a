import type { Milliseconds } from "../core/duration.js";
import type { Buckets } from "../stats/buckets.js";
import { DurationHistogram } from "../stats/histogram.js";
import type { RoundResult } from "./result.js";

/** One block of a contestant, in few numbers. */
export interface Round {
  readonly operations: number;
  readonly failed: number;
  readonly elapsed: Milliseconds;
  readonly latency: Buckets;
  /** The latency, where nothing waits for a worker. */
  readonly service: Buckets;
  readonly overhead: Buckets;
  readonly saved: RoundResult;
}

/** The histograms of one block. */
export interface RoundHistograms {
  readonly latency: DurationHistogram;
  /** `null` where it is the latency. */
  readonly service: DurationHistogram | null;
  readonly overhead: DurationHistogram;
}

/** Sums a block up. @param failed operations that failed or timed out. */
export function makeRound(histograms: RoundHistograms, failed: number, elapsed: Milliseconds): Round {
  const { latency, service, overhead } = histograms;
  return withBuckets(histograms, {
    operations: latency.count,
    failed,
    elapsed_ms: elapsed,
    latency_hdr: latency.encode(),
    service_latency_hdr: service?.encode() ?? null,
    connection_overhead_hdr: overhead.encode(),
  });
}

/** A round out of a saved result. @throws when a histogram in it cannot be read. */
export function roundOf(saved: RoundResult): Round {
  return withBuckets(histogramsOf(saved), saved);
}

/** Two rounds as one. */
export function joinRounds(one: Round, other: Round): Round {
  const histograms = histogramsOf(one.saved);
  const { latency, service, overhead } = histogramsOf(other.saved);
  histograms.latency.add(latency);
  if (service !== null) histograms.service?.add(service);
  histograms.overhead.add(overhead);
  return makeRound(histograms, one.failed + other.failed, one.elapsed + other.elapsed);
}

function histogramsOf(saved: RoundResult): RoundHistograms {
  const { latency_hdr: latency, service_latency_hdr: service, connection_overhead_hdr: overhead } = saved;
  return {
    latency: DurationHistogram.decode(latency),
    service: service === null ? null : DurationHistogram.decode(service),
    overhead: DurationHistogram.decode(overhead),
  };
}

function withBuckets({ latency, service, overhead }: RoundHistograms, saved: RoundResult): Round {
  const whole = latency.buckets();
  return {
    operations: saved.operations,
    failed: saved.failed,
    elapsed: saved.elapsed_ms,
    latency: whole,
    service: service?.buckets() ?? whole,
    overhead: overhead.buckets(),
    saved,
  };
}
