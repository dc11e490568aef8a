// The process of one contestant: it plays one scene after the other, as it is told.
import { CONTESTANTS } from "./contestants.js";
import { Load } from "./load.js";

const { make } = CONTESTANTS[process.argv[2]];
let load;
let client;
let unhandled = 0;
/** Node would end the process: it is counted instead, and the others play on. */
process.on("unhandledRejection", () => unhandled++);
process.on("uncaughtException", () => unhandled++);

const acts = {
  start: ({ url, ...options }) => {
    unhandled = 0;
    client = make(url);
    load = new Load({ ...options, execute: client.execute });
  },
  burst: () => load.burst(),
  hold: () => load.hold(),
  resume: () => load.resume(),
  healed: () => {
    void load.healed().then((at) => process.send({ recovered: at }));
    return load.healedAt;
  },
  stop: async () => {
    const calls = await load.stop();
    await client.close();
    return { calls, unhandled };
  },
};

// Whoever tells it what to do is gone: timers of a pool would keep it alive.
process.on("disconnect", () => process.exit());

process.on("message", ({ id, act, options }) => {
  void Promise.resolve(acts[act](options)).then((result) => process.send({ id, result }));
});
