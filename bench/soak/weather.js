// Spells of faults, and what has to be true between them.
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../../dist/core/random.js";
import { count } from "./calls.js";
import { spell } from "./faults.js";
import { MAX_CONNECTIONS } from "./lane.js";
import { TIMEOUT_MS } from "./statements.js";

const REST_EVERY_SPELLS = 2;
/** A caller may be in the middle of a transaction that idles on purpose, or takes every one of its deadlines. */
const REST_PATIENCE_MS = 30_000;
/** Forgotten transactions are noticed after one threshold, at the latest after two. */
const LEAK_PATIENCE_MS = 1_000;
/** The longest wait between two attempts to connect, and what is on its way. */
const RECOVERY_MS = 3 * TIMEOUT_MS;
const PROBES = 2 * MAX_CONNECTIONS;

export class Weather {
  #world;
  #lanes;
  #random;
  #violations;
  #ledger;
  #samples;
  #signal;
  faults = new Map();
  rests = 0;

  constructor({ world, lanes, seed, violations, ledger, samples, signal }) {
    this.#world = world;
    this.#lanes = lanes;
    this.#random = seededRandom(seed);
    this.#violations = violations;
    this.#ledger = ledger;
    this.#samples = samples;
    this.#signal = signal;
  }

  /** Until the signal aborts. */
  async run() {
    for (let spells = 1; !this.#signal.aborted; spells++) {
      await this.#spell();
      if (spells % REST_EVERY_SPELLS === 0 && !this.#signal.aborted) await this.#rest();
    }
    await this.#rest();
  }

  async #spell() {
    const { proxies, server, lasts, quiet } = spell(
      this.#random,
      this.#lanes.map(({ name }) => name),
    );
    for (const [name, fault] of proxies) if (fault) await this.#inject(name, fault);
    if (server) {
      count(this.faults, `server ${server}`);
      await this.#world.ask(...(server === "killed" ? ["kill"] : ["signal", "SIGSTOP"]));
    }
    await this.#pause(lasts);
    if (server) await this.#world.ask(...(server === "killed" ? ["restart"] : ["signal", "SIGCONT"]));
    for (const lane of this.#lanes) {
      await this.#world.ask("heal", lane.name);
      lane.answersMayLie = false;
    }
    await this.#pause(quiet);
  }

  async #inject(name, fault) {
    count(this.faults, fault.kind === "answer" ? `answer ${fault.status}` : fault.kind);
    if (fault.kind === "corrupt") this.#lanes.find((lane) => lane.name === name).answersMayLie = true;
    await this.#world.ask("inject", name, fault);
  }

  /** Nobody calls any more, and all is well: nothing may be left of what was, and everything has to work. */
  async #rest() {
    for (const lane of this.#lanes) lane.pause();
    await Promise.all(this.#lanes.map((lane) => this.#quiet(lane)));
    await Promise.all(this.#lanes.map((lane) => this.#recovered(lane)));
    await this.#ledger.audit();
    const { proxies } = await this.#world.ask("status");
    for (const lane of this.#lanes) {
      const { open } = proxies[lane.name];
      if (open > MAX_CONNECTIONS)
        this.#violations.add("too many sockets", `${lane.name}: the proxy has ${open}`);
    }
    this.#samples.take(this.#lanes);
    this.rests++;
    for (const lane of this.#lanes) lane.goOn();
  }

  async #quiet({ name, calls, client, leases, leakThreshold }) {
    if (!(await calls.idle(REST_PATIENCE_MS))) {
      this.#violations.add("deadline", `${name}: ${calls.underWay} calls do not end`);
    }
    const until = performance.now() + 2 * leakThreshold + LEAK_PATIENCE_MS;
    while (client.statistics().activeConnections > 0 && performance.now() < until) await sleep(50);
    const { activeConnections } = client.statistics();
    if (activeConnections > 0 || leases.held > 0) {
      const what = `${name}: ${activeConnections} connections (${leases.held} by the events) are leased to nobody`;
      this.#violations.add("double lease", what);
    }
  }

  /** Twice as many callers as connections are served at once, not long after the last fault, by the same client. */
  async #recovered(lane) {
    const { name, calls, client, violations } = lane;
    const startedAt = performance.now();
    for (;;) {
      const probes = Array.from({ length: PROBES }, () =>
        calls.call("probe", TIMEOUT_MS, () => client.execute("SELECT 1")),
      );
      const failed = (await Promise.all(probes)).filter(({ error }) => error);
      const took = performance.now() - startedAt;
      if (failed.length === 0) {
        lane.slowestRecovery = Math.max(lane.slowestRecovery, took);
        return;
      }
      if (took > RECOVERY_MS) {
        violations.add("recovery", `${name}: ${failed.length} of ${PROBES} fail: ${failed[0].error}`);
        return;
      }
    }
  }

  async #pause(duration) {
    await sleep(duration, undefined, { signal: this.#signal }).catch(() => undefined);
  }
}
