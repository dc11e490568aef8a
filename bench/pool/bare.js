// The least that a pool can be: what everything else is measured against.
import { clearTimeout } from "node:timers";

/** An array of idle resources and a queue of callers. No lease, no deadline, no limit that is checked. */
export class BarePool {
  #idle;
  #waiting = [];
  #first = 0;

  constructor(resources) {
    this.#idle = resources;
  }

  acquire() {
    const resource = this.#idle.pop();
    if (resource !== undefined) return Promise.resolve(resource);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(resource) {
    if (this.#first === this.#waiting.length) {
      this.#idle.push(resource);
      return;
    }
    const resolve = this.#waiting[this.#first];
    this.#waiting[this.#first++] = undefined;
    if (this.#first === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#first = 0;
    }
    resolve(resource);
  }

  close() {}
}

/**
 * As above, with a lease that can be released once, and a deadline, which is set when the caller asks:
 * the least that a pool of connections which grow old can do is to look at the clock for each lease.
 */
export class BareLeasePool {
  #idle;
  #waiting = [];
  #first = 0;
  #timeout;
  #timer;

  constructor(resources, timeout) {
    this.#idle = resources;
    this.#timeout = timeout;
  }

  acquire() {
    const deadline = performance.now() + this.#timeout;
    const resource = this.#idle.pop();
    if (resource !== undefined) return Promise.resolve(new BareLease(this, resource, deadline));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject, deadline });
      this.#timer ??= setTimeout(() => this.#expire(), this.#timeout);
    });
  }

  give(resource) {
    const waiter = this.#shift();
    if (waiter === undefined) this.#idle.push(resource);
    else waiter.resolve(new BareLease(this, resource, waiter.deadline));
  }

  close() {
    clearTimeout(this.#timer);
  }

  #shift() {
    if (this.#first === this.#waiting.length) return undefined;
    const waiter = this.#waiting[this.#first];
    this.#waiting[this.#first++] = undefined;
    if (this.#first === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#first = 0;
    }
    return waiter;
  }

  #expire() {
    this.#timer = undefined;
    const now = performance.now();
    for (;;) {
      const waiter = this.#waiting[this.#first];
      if (waiter === undefined) return;
      const left = waiter.deadline - now;
      if (left > 0) {
        this.#timer = setTimeout(() => this.#expire(), left);
        return;
      }
      this.#shift().reject(new Error("timed out"));
    }
  }
}

class BareLease {
  #pool;
  resource;

  constructor(pool, resource, deadline) {
    this.#pool = pool;
    this.resource = resource;
    this.deadline = deadline;
  }

  release() {
    if (this.resource === undefined) throw new Error("released twice");
    const { resource } = this;
    this.resource = undefined;
    this.#pool.give(resource);
  }
}
