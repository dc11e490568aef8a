import { cpus } from "node:os";
import { monitorEventLoopDelay, performance, type EventLoopUtilization } from "node:perf_hooks";
import { cpuUsage } from "node:process";
import type { Milliseconds } from "../core/duration.js";
import type { GcWatch } from "./gc-watch.js";

/** How busy the load process and its host were while they measured. Shares are in [0, 1]. */
export interface InstrumentReading {
  /** The share of the time in which the load process's event loop had something to do but wait for an arrival. */
  readonly eventLoopUtilization: number;
  /** Processor time of the load process, in processors: 1 is one of them all the time. */
  readonly cpu: number;
  /** The share of all the host's processors that was in use, by whomever. */
  readonly hostCpu: number;
  /** The share of the time spent on collecting garbage. */
  readonly gc: number;
  readonly longestGc: Milliseconds;
}

interface Snapshot {
  readonly at: Milliseconds;
  readonly loop: EventLoopUtilization;
  readonly cpuMicroseconds: number;
  readonly host: HostTimes;
}

interface HostTimes {
  readonly busy: number;
  readonly all: number;
}

/** Watches the instrument itself during some stretches of time, and sums them up. */
export class InstrumentWatch {
  #from: Snapshot | undefined;
  #time: Milliseconds = 0;
  #active: Milliseconds = 0;
  #cpu: Milliseconds = 0;
  #hostBusy = 0;
  #hostAll = 0;
  #gc: Milliseconds = 0;
  #longestGc: Milliseconds = 0;
  readonly #garbage: GcWatch;

  constructor(garbage: GcWatch) {
    this.#garbage = garbage;
  }

  begin(): void {
    this.#from = snapshot();
  }

  /** @param polled how long the event loop was busy with nothing but waiting for an arrival. */
  end(polled: Milliseconds = 0): void {
    const from = this.#from;
    if (from === undefined) return;
    const to = snapshot();
    this.#from = undefined;
    this.#time += to.at - from.at;
    this.#active += Math.max(0, performance.eventLoopUtilization(to.loop, from.loop).active - polled);
    const { total, longest } = this.#garbage.take(from.at);
    this.#gc += total;
    this.#longestGc = Math.max(this.#longestGc, longest);
    this.#cpu += (to.cpuMicroseconds - from.cpuMicroseconds) / 1_000;
    this.#hostBusy += to.host.busy - from.host.busy;
    this.#hostAll += to.host.all - from.host.all;
  }

  /** `undefined` when nothing was watched. */
  reading(): InstrumentReading | undefined {
    if (this.#time === 0) return undefined;
    return {
      eventLoopUtilization: Math.min(1, this.#active / this.#time),
      cpu: this.#cpu / this.#time,
      hostCpu: this.#hostAll === 0 ? 0 : this.#hostBusy / this.#hostAll,
      gc: this.#gc / this.#time,
      longestGc: this.#longestGc,
    };
  }
}

/** Event-loop delays of the load process, beyond the sampling interval: how late a timer was. */
export interface LoopDelay {
  readonly p50: Milliseconds;
  readonly p99: Milliseconds;
  readonly max: Milliseconds;
}

const SAMPLING_MS = 10;
const NS_PER_MS = 1e6;

/** Samples the event loop's delay until it is read. */
export function watchLoopDelay(): { read: () => LoopDelay } {
  const delays = monitorEventLoopDelay({ resolution: SAMPLING_MS });
  delays.enable();
  // The histogram holds whole intervals, the 10 ms that are meant to pass included.
  const beyond = (ns: number): Milliseconds => Math.max(0, ns / NS_PER_MS - SAMPLING_MS);
  return {
    read: () => {
      delays.disable();
      return {
        p50: beyond(delays.percentile(50)),
        p99: beyond(delays.percentile(99)),
        max: beyond(delays.max),
      };
    },
  };
}

function snapshot(): Snapshot {
  const { user, system } = cpuUsage();
  return {
    at: performance.now(),
    loop: performance.eventLoopUtilization(),
    cpuMicroseconds: user + system,
    host: hostTimes(),
  };
}

function hostTimes(): HostTimes {
  let busy = 0;
  let all = 0;
  for (const { times } of cpus()) {
    const working = times.user + times.nice + times.sys + times.irq;
    busy += working;
    all += working + times.idle;
  }
  return { busy, all };
}
