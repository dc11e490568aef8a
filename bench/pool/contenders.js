// Ours, its peers and two bare pools, all with the same fake connection, 10 at most, and a deadline of 5 s
// for an acquire. None of them validates; each reuses the latest used connection where it lets one choose.
import { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import genericPool from "generic-pool";
import { Pool as LightningPool } from "lightning-pool";
import { Pool as SequelizePool } from "sequelize-pool";
import { Pool as TarnPool } from "tarn";
import { ConnectionPool } from "../../dist/pool/connection-pool.js";
import { KeepAlivePool } from "../../dist/pool/keep-alive-pool.js";
import { BareLeasePool, BarePool } from "./bare.js";

const require = createRequire(import.meta.url);
const PgPool = require("pg-pool");

const TIMEOUT = 5_000;

class FakeConnection {
  client = {};
  open = true;
  ping() {
    return Promise.resolve();
  }
  onClose() {}
  close() {
    return Promise.resolve();
  }
}

/** What pg-pool needs of a client. */
class FakePgClient extends EventEmitter {
  connect(callback) {
    process.nextTick(callback);
  }
  end(callback) {
    process.nextTick(callback ?? (() => {}));
  }
}

const create = () => Promise.resolve(new FakeConnection());
const destroy = () => Promise.resolve();
const lock = require("../../package-lock.json");
const version = (name) => lock.packages[`node_modules/${name}`].version;
const releasing = (pool) => ({
  acquire: () => pool.acquire(),
  release: (resource) => void pool.release(resource),
});
const leasing = (pool) => ({
  acquire: () => pool.acquire(),
  release: (lease) => lease.release(),
  close: () => pool.close(),
});

/** Each makes a pool of `max` connections: `acquire()` a promise, `release(what it gave)`, `close()`. */
export const contenders = [
  {
    name: "bare",
    kind: "bare",
    make: (max) => new BarePool(Array.from({ length: max }, () => new FakeConnection())),
  },
  {
    name: "bare with lease and deadline",
    kind: "bare",
    make: (max) =>
      leasing(
        new BareLeasePool(
          Array.from({ length: max }, () => new FakeConnection()),
          TIMEOUT,
        ),
      ),
  },
  {
    name: "ConnectionPool",
    kind: "ours",
    make: (max) =>
      leasing(
        new ConnectionPool({
          open: create,
          maxConnections: max,
          connectionTimeout: TIMEOUT,
          enableHealthCheck: false,
        }),
      ),
  },
  {
    name: "KeepAlivePool",
    kind: "ours",
    make: (max) =>
      leasing(new KeepAlivePool({ open: create, maxConnections: max, connectionTimeout: TIMEOUT })),
  },
  {
    name: `lightning-pool ${version("lightning-pool")}`,
    kind: "peer",
    make: (max) => {
      const factory = { create, destroy, reset: () => Promise.resolve(), validate: () => Promise.resolve() };
      const pool = new LightningPool(factory, {
        max,
        acquireTimeoutMillis: TIMEOUT,
        maxQueue: 1_000_000,
        validation: false,
        resetOnReturn: false,
        fifo: false,
      });
      return { ...releasing(pool), close: () => pool.close(true) };
    },
  },
  {
    name: `sequelize-pool ${version("sequelize-pool")}`,
    kind: "peer",
    make: (max) => {
      const options = { max, min: 0, acquireTimeoutMillis: TIMEOUT };
      const pool = new SequelizePool({ ...options, create, destroy, validate: () => true });
      return { ...releasing(pool), close: () => pool.drain().then(() => pool.destroyAllNow()) };
    },
  },
  {
    name: `generic-pool ${version("generic-pool")}`,
    kind: "peer",
    make: (max) => {
      const options = { max, min: 0, acquireTimeoutMillis: TIMEOUT, fifo: false };
      const pool = genericPool.createPool({ create, destroy }, options);
      return { ...releasing(pool), close: () => pool.drain().then(() => pool.clear()) };
    },
  },
  {
    name: `pg-pool ${version("pg-pool")}`,
    kind: "peer",
    make: (max) => {
      // Its idle timeout would set a timer at each release.
      const options = { max, connectionTimeoutMillis: TIMEOUT, idleTimeoutMillis: 0, Client: FakePgClient };
      const pool = new PgPool(options);
      return {
        acquire: () => pool.connect(),
        release: (client) => client.release(),
        close: () => pool.end(),
      };
    },
  },
  {
    name: `tarn ${version("tarn")}`,
    kind: "peer",
    make: (max) => {
      const pool = new TarnPool({ max, min: 0, acquireTimeoutMillis: TIMEOUT, create, destroy });
      return {
        acquire: () => pool.acquire().promise,
        release: (it) => pool.release(it),
        close: () => pool.destroy(),
      };
    },
  },
];
