import type { Milliseconds } from "../core/duration.js";
import { mergeBuckets, type Buckets } from "../stats/buckets.js";
import { DurationHistogram } from "../stats/histogram.js";
import type { RoundResult } from "./result.js";

/** One block of a contestant, in few numbers. */
export interface Round {
  readonly operations: number;
  readonly failed: number;
  readonly elapsed: Milliseconds;
  readonly latency: Buckets;
  /** The same as `latency` where nothing waits for a worker. */
  readonly service: Buckets;
  readonly overhead: Buckets;
}

/** The histograms of one block. */
export interface RoundHistograms {
  readonly latency: DurationHistogram;
  /** `null` where it is the latency. */
  readonly service: DurationHistogram | null;
  readonly overhead: DurationHistogram;
}

/** Sums a block up. @param failed operations that failed or timed out. */
export function makeRound(
  { latency, service, overhead }: RoundHistograms,
  failed: number,
  elapsed: Milliseconds,
): Round {
  const whole = latency.buckets();
  return {
    operations: latency.count,
    failed,
    elapsed,
    latency: whole,
    service: service?.buckets() ?? whole,
    overhead: overhead.buckets(),
  };
}

/** A round as results hold it. */
export function roundResult(round: Round): RoundResult {
  const { latency, service, overhead } = round;
  const encoded = (buckets: Buckets): string => DurationHistogram.of(buckets).encode();
  return {
    operations: round.operations,
    failed: round.failed,
    elapsed_ms: round.elapsed,
    latency_hdr: encoded(latency),
    service_latency_hdr: service === latency ? null : encoded(service),
    connection_overhead_hdr: encoded(overhead),
  };
}

/** A round out of a saved result. @throws when a histogram in it cannot be read. */
export function roundOf(saved: RoundResult): Round {
  const histograms = {
    latency: DurationHistogram.decode(saved.latency_hdr),
    service: saved.service_latency_hdr === null ? null : DurationHistogram.decode(saved.service_latency_hdr),
    overhead: DurationHistogram.decode(saved.connection_overhead_hdr),
  };
  return { ...makeRound(histograms, saved.failed, saved.elapsed_ms), operations: saved.operations };
}

/** Two rounds as one. */
export function joinRounds(one: Round, other: Round): Round {
  const latency = mergeBuckets(one.latency, other.latency);
  return {
    operations: one.operations + other.operations,
    failed: one.failed + other.failed,
    elapsed: one.elapsed + other.elapsed,
    latency,
    service: one.service === one.latency ? latency : mergeBuckets(one.service, other.service),
    overhead: mergeBuckets(one.overhead, other.overhead),
  };
}
