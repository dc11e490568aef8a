import type { Milliseconds } from "../core/duration.js";
import { invalidOption } from "../core/errors.js";
import type { Connection } from "../libsql/connection.js";
import type { EvictionReason } from "./entry.js";

/** What a pool tells of, by name. Each event is told once, with the fields named here. */
export interface PoolEvents<C = Connection> {
  /** A connection was opened. */
  opened: { readonly connection: C; readonly tookMs: Milliseconds };
  /** A connection could not be opened. */
  openFailed: { readonly error: unknown; readonly tookMs: Milliseconds };
  /** A caller got a connection. */
  acquired: { readonly connection: C; readonly waitedMs: Milliseconds };
  /** A caller gave a connection back, for further use or to be closed. */
  released: { readonly connection: C; readonly usedMs: Milliseconds };
  /** A caller's wait for a connection ended with `ACQUIRE_TIMEOUT`. */
  acquireTimedOut: { readonly waitedMs: Milliseconds };
  /** The pool closed a connection, or found it closed. */
  closed: { readonly connection: C; readonly reason: EvictionReason; readonly livedMs: Milliseconds };
  /** The background task pinged an idle connection. */
  pinged: {
    readonly connection: C;
    readonly answered: boolean;
    readonly tookMs: Milliseconds;
    /** How long nothing was heard of the connection before. */
    readonly idleMs: Milliseconds;
    /** False when the answer came over another transport than the one that was pinged. */
    readonly sameTransport: boolean;
  };
  /** A stale connection was revalidated, or closed to be replaced, before a caller got it. */
  refreshed: { readonly connection: C; readonly answered: boolean };
  /** A caller has held a connection for longer than `leakThreshold`. */
  leakSuspected: {
    readonly connection: C;
    readonly heldMs: Milliseconds;
    /** Where the caller asked for it, as a stack; `undefined` where nobody said (see {@link Lease.heldBy}). */
    readonly heldBy: string | undefined;
  };
}

export type PoolEventName = keyof PoolEvents;

export type PoolEventListener<C, Name extends PoolEventName> = (event: PoolEvents<C>[Name]) => void;

/** For each event how to tell it; `undefined` while nobody listens. */
export type EventHooks<C> = { [Name in PoolEventName]: PoolEventListener<C, Name> | undefined };

/**
 * Who listens to a pool. An event that nobody listens to costs one look: `hooks.acquired?.(…)` makes nothing.
 *
 * Listeners are called in order, in a later microtask, so nothing that they do or throw can disturb the pool;
 * what one throws is an uncaught exception, as from any callback.
 */
export class EventHub<C> {
  readonly hooks: EventHooks<C> = {
    opened: undefined,
    openFailed: undefined,
    acquired: undefined,
    released: undefined,
    acquireTimedOut: undefined,
    closed: undefined,
    pinged: undefined,
    refreshed: undefined,
    leakSuspected: undefined,
  };
  readonly #listeners = new Map<PoolEventName, Set<unknown>>();

  /** @throws {TursoPoolError} `INVALID_OPTION` for an event that there is not, or a listener that is no function */
  on<Name extends PoolEventName>(name: Name, listener: PoolEventListener<C, Name>): void {
    if (!Object.hasOwn(this.hooks, name)) {
      throw invalidOption("event", name, `one of ${Object.keys(this.hooks).join(", ")}`);
    }
    if (typeof listener !== "function") throw invalidOption("listener", listener, "a function");
    const known = this.#listeners.get(name) as Set<PoolEventListener<C, Name>> | undefined;
    if (known) return void known.add(listener);
    const listeners = new Set([listener]);
    this.#listeners.set(name, listeners);
    this.hooks[name] = ((event: PoolEvents<C>[Name]) => {
      for (const told of listeners) queueMicrotask(() => listeners.has(told) && told(event));
    }) as EventHooks<C>[Name];
  }

  off<Name extends PoolEventName>(name: Name, listener: PoolEventListener<C, Name>): void {
    const listeners = this.#listeners.get(name);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#listeners.delete(name);
    this.hooks[name] = undefined;
  }
}
