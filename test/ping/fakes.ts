import type { Client } from "@libsql/client";
import { TursoPoolError, type ErrorCode } from "../../src/core/errors.js";
import type { ManualClock } from "../../src/core/manual-clock.js";
import type { Connect } from "../../src/libsql/connection.js";
import { parseTarget } from "../../src/libsql/target.js";
import type { WireListener } from "../../src/libsql/wire.js";
import type { Ping } from "../../src/ping/probe.js";

export const TARGET = parseTarget("wss://db.example", "s3cret-token");

/** A ping that was answered. */
export function answered(total: number, extra: Partial<Extract<Ping, { outcome: "answered" }>> = {}): Ping {
  return {
    kind: "warm",
    outcome: "answered",
    total,
    phases: { statement: total },
    serverTime: null,
    opening: undefined,
    ...extra,
  };
}

/** One that was not. */
export function failed(code: ErrorCode, message = "wss://db.example: it failed"): Ping {
  return { kind: "warm", outcome: "failed", error: new TursoPoolError(code, message, { hint: "Do." }) };
}

/** A probe whose pings are these, each with the time that it takes. Records when each began. */
export function scripted(clock: ManualClock, script: readonly (readonly [takes: number, ping: Ping])[]) {
  const begunAt: number[] = [];
  const limits: (number | undefined)[] = [];
  return {
    begunAt,
    limits,
    ping: async (signal: AbortSignal, timeout?: number): Promise<Ping | undefined> => {
      const [takes, ping] = script[Math.min(begunAt.length, script.length - 1)] ?? [0, answered(0)];
      begunAt.push(clock.now());
      limits.push(timeout);
      await new Promise<void>((resolve) => {
        const timer = clock.schedule(takes, resolve);
        signal.addEventListener("abort", () => {
          timer.cancel();
          resolve();
        });
      });
      return signal.aborted ? undefined : ping;
    },
  };
}

/** A WebSocket connection whose phases take so long on this clock; `log` says what was done with it. */
export class FakeDatabase {
  readonly log: string[] = [];
  readonly #clock: ManualClock;
  readonly #open = new Set<object>();
  /** What the next statement or opening fails with. */
  fails: Error | undefined;
  /** The next opening or statement never ends. */
  hangs = false;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  get openConnections(): number {
    return this.#open.size;
  }

  /** Ends all connections. */
  drop(): void {
    this.#open.clear();
  }

  readonly connector =
    (wire: WireListener): Connect =>
    async (signal) => {
      this.log.push("open");
      for (const [phase, takes] of [
        ["dns", 1],
        ["tcp", 20],
        ["tls", 22],
      ] as const) {
        await this.#takes(takes, signal);
        wire.passed(phase);
      }
      await this.#takes(20, signal);
      wire.passed("upgrade");
      wire.upgraded("hrana2");
      const id = {};
      this.#open.add(id);
      let greeted = false;
      const execute = async (sql: string): Promise<void> => {
        this.log.push(sql);
        await this.#takes(20, signal);
        if (!greeted) wire.received('{"type":"hello_ok"}');
        greeted = true;
        wire.received('{"result":{"query_duration_ms":0.25}}');
      };
      const open = this.#open;
      return {
        client: { execute } as unknown as Client,
        get open() {
          return open.has(id);
        },
        ping: () => Promise.reject(new Error("not used")),
        onClose: () => undefined,
        close: async () => {
          this.log.push("close");
          open.delete(id);
        },
      };
    };

  #takes(duration: number, signal: AbortSignal): Promise<void> {
    const { fails, hangs } = this;
    this.fails = undefined;
    return new Promise((resolve, reject) => {
      const end = (): void => (fails ? reject(fails) : resolve());
      const timer = hangs ? undefined : this.#clock.schedule(duration, end);
      signal.addEventListener("abort", () => {
        timer?.cancel();
        reject(signal.reason as Error);
      });
    });
  }
}
