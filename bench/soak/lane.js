// One client with its callers, behind a proxy of its own.
import { createPool, SocketObserver } from "../../dist/index.js";
import { Caller } from "./caller.js";
import { Calls } from "./calls.js";
import { Leases } from "./leases.js";
import { TIMEOUT_MS } from "./statements.js";

export const MAX_CONNECTIONS = 10;
const CALLERS = 50;
/** How often a transaction is forgotten at most, one that writes, and one that idles for too long. */
const FORGET_EVERY_MS = 4_000;
const FORGET_WRITING_EVERY_MS = 37_000;
const IDLE_EVERY_MS = 61_000;
const LIE_LASTS_MS = 500;

export class Lane {
  name;
  client;
  /** The client's, at the end. */
  statistics;
  calls;
  leases;
  ledger;
  violations;
  /** Callers pass it before each operation. */
  gate = Promise.resolve();
  peakSockets = 0;
  slowestRecovery = 0;
  leakThreshold;
  #openGate;
  #sockets;
  #living = new Set();
  #shared = new AbortController();
  #last;
  #lieUntil = -Infinity;
  #callers = [];

  constructor({ name, port, seed, ledger, violations, lag }) {
    this.name = name;
    this.ledger = ledger;
    this.violations = violations;
    this.calls = new Calls(name, violations, lag);
    this.#sockets = new SocketObserver().group();
    const claim = this.#sockets.claim.bind(this.#sockets);
    this.#sockets.claim = (socket) => {
      this.#connects(socket);
      claim(socket);
    };
    // One gives up soon, one leaves it to the server.
    this.leakThreshold = name === "http" ? 1_500 : 7_000;
    this.client = createPool({
      url: `${name}://127.0.0.1:${port}`,
      maxConnections: MAX_CONNECTIONS,
      minConnections: 2,
      operationTimeout: TIMEOUT_MS,
      connectionTimeout: 1_500,
      leakThreshold: this.leakThreshold,
      reclaimLeaks: true,
      keepAliveInterval: 700,
      staleThreshold: 2_000,
      pingTimeout: 500,
      healthCheckTimeout: 500,
      idleTimeout: 4_000,
      maxLifetime: 20_000,
      sockets: this.#sockets,
    });
    const now = performance.now();
    this.#last = { forgotten: now, forgottenWriting: now, idled: now };
    this.leases = new Leases(this.client, name, violations);
    this.#callers = Array.from({ length: CALLERS }, (_, index) =>
      new Caller(this, seed * 1_009 + index).run(),
    );
  }

  get closed() {
    return this.client?.closed ?? true;
  }

  get signal() {
    return this.#shared.signal;
  }

  get openSockets() {
    return this.#sockets.open;
  }

  /** Answers were changed on their way a moment ago: what they say need not be so. */
  get answersMayLie() {
    return performance.now() < this.#lieUntil;
  }

  set answersMayLie(value) {
    this.#lieUntil = value ? Infinity : performance.now() + LIE_LASTS_MS;
  }

  pause() {
    this.gate = new Promise((resolve) => (this.#openGate = resolve));
  }

  goOn() {
    this.#openGate?.();
    this.gate = Promise.resolve();
  }

  mayForget(mode) {
    if (mode === "write") return this.#atMost("forgottenWriting", FORGET_WRITING_EVERY_MS);
    return this.#atMost("forgotten", FORGET_EVERY_MS);
  }

  mayIdle() {
    return this.#atMost("idled", IDLE_EVERY_MS);
  }

  /** Resolves when the last caller has seen that the client is closed. */
  async ended() {
    await Promise.all(this.#callers);
  }

  /** Nothing holds the client any more; what it counted stays. */
  letGo() {
    this.statistics = this.client.statistics();
    this.client = undefined;
  }

  #atMost(what, every) {
    const now = performance.now();
    if (now - this.#last[what] < every) return false;
    this.#last[what] = now;
    return true;
  }

  /** Counts from connect() to close(), whatever becomes of it; the proxy learns of an end a little later, at times. */
  #connects(socket) {
    const living = this.#living;
    living.add(socket);
    socket.once("close", () => living.delete(socket));
    const open = [...living].filter(({ destroyed }) => !destroyed).length;
    this.peakSockets = Math.max(this.peakSockets, open);
    if (open > MAX_CONNECTIONS) this.violations.add("too many sockets", `${this.name}: ${open} are open`);
  }
}
