import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../src/core/random.js";
import { Wire, type WireOptions } from "../../../src/server/network/wire.js";

const wire = (options: Partial<WireOptions> = {}): Wire =>
  new Wire({ delay: 10, jitter: 0, bytesPerSecond: Infinity, random: seededRandom(1), ...options });

describe("one direction of a connection", () => {
  test("what is sent arrives after the delay, however much it is", () => {
    const line = wire();
    expect([line.send(0, 1), line.send(5, 1_000_000), line.send(7, 0)]).toEqual([10, 15, 17]);
  });

  test("bytes wait for those before them: 1,000 take a second at 1,000 per second", () => {
    const line = wire({ bytesPerSecond: 1_000 });
    expect([line.send(0, 1_000), line.send(500, 500), line.send(5_000, 100)]).toEqual([1_010, 1_510, 5_110]);
  });

  test("a signal without bytes stays behind the bytes sent before it", () => {
    const line = wire({ bytesPerSecond: 1_000 });
    line.send(0, 2_000);
    expect(line.send(1, 0)).toBe(2_010);
  });

  test("nothing leaves before the handshake is over, and what is sent later is not delayed by it", () => {
    const line = wire();
    line.holdUntil(20);
    expect([line.send(1, 5), line.send(20, 5), line.send(21, 5)]).toEqual([30, 30, 31]);
  });

  test("credit shortens the next way only, and not to less than nothing", () => {
    const line = wire();
    line.credit(0.25);
    expect([line.send(0, 1), line.send(20, 1)]).toEqual([9.75, 30]);
    line.credit(50);
    expect(line.send(40, 1)).toBe(40);
  });

  test("jitter spreads evenly to both sides of the delay", () => {
    const line = wire({ jitter: 4 });
    const took = Array.from({ length: 2_000 }, (_, i) => line.send(i * 100, 1) - i * 100);
    const mean = took.reduce((sum, time) => sum + time, 0) / took.length;
    expect(Math.min(...took)).toBeGreaterThanOrEqual(6);
    expect(Math.min(...took)).toBeLessThan(6.1);
    expect(Math.max(...took)).toBeLessThanOrEqual(14);
    expect(Math.max(...took)).toBeGreaterThan(13.9);
    expect(Math.abs(mean - 10)).toBeLessThan(0.2);
  });

  test("the same seed gives the same delays", () => {
    const arrivals = (seed: number): number[] => {
      const line = wire({ jitter: 5, random: seededRandom(seed) });
      return [0, 50, 100].map((now) => line.send(now, 1));
    };
    expect(arrivals(7)).toEqual(arrivals(7));
    expect(arrivals(7)).not.toEqual(arrivals(8));
  });

  test("whatever is sent when: it arrives in order, and after the least delay and its time on the line", () => {
    const sends = fc.array(fc.record({ after: fc.nat(30), bytes: fc.nat(5_000) }), { maxLength: 50 });
    const options = fc.record({
      jitter: fc.integer({ min: 0, max: 10 }),
      bytesPerSecond: fc.constantFrom(Infinity, 1_000, 1e6),
    });
    fc.assert(
      fc.property(sends, options, fc.nat(), (packets, given, seed) => {
        const line = wire({ ...given, random: seededRandom(seed) });
        let now = 0;
        let last = -Infinity;
        for (const { after, bytes } of packets) {
          now += after;
          const arrival = line.send(now, bytes);
          const least = now + 10 - given.jitter + (bytes / given.bytesPerSecond) * 1_000;
          if (arrival < last || arrival < least - 1e-6) return false;
          last = arrival;
        }
        return true;
      }),
    );
  });
});
