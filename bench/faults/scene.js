// One fault over one transport: all contestants at the same time, each with a server, a proxy and callers of its own.
import { setTimeout as sleep } from "node:timers/promises";
import { now } from "./load.js";
import { Stage } from "./stage.js";

/** After everybody has recovered: what was not finished fails now, if at all. */
const CALM = 1_000;
/** From when the callers are told to ask until the fault: their calls are under way then. */
const UNDER_WAY = 8;
/** Sockets of a client that was closed are closed within this. */
const TO_CLOSE = 1_000;

/** What was seen of each contestant: its calls, when what happened, and what the database holds in the end. */
export async function play(fault, scheme, { contestants, plan, seed, certificate }) {
  const { isDirect = false, server: options } = fault;
  const stages = await Promise.all(
    contestants.map(() => Stage.open({ scheme, isDirect, seed, certificate, options })),
  );
  const all = (does) => Promise.all(contestants.map((contestant, i) => does(contestant, stages[i])));
  try {
    const { callers, pause, patience } = plan;
    await all((one, { url }) => one.tell("start", { url, seed, callers, pause, patience }));
    await sleep(plan.before);
    await all((one) => one.tell(fault.isIdle ? "hold" : "burst"));
    await sleep(fault.isIdle ? plan.before : UNDER_WAY);
    const struckAt = now();
    await all((_, stage) => fault.strike(stage));
    await sleep(plan.lasts(fault));
    // What forgets idle connections does so when they are used again.
    if (!fault.isIdle) await all((_, stage) => fault.heal(stage));
    const healedAt = now();
    const recovered = await all(async (one) => {
      const { recovery } = await one.healed();
      if (fault.isIdle) await one.tell("resume");
      return Promise.race([recovery, sleep(plan.recoveryLimit, null, { ref: false })]);
    });
    await sleep(CALM);
    return await all(async (one, stage) => {
      const { struck } = stage.proxy;
      const { calls, unhandled } = await one.tell("stop");
      if (fault.isIdle) await fault.heal(stage);
      await sleep(TO_CLOSE);
      return {
        name: one.name,
        title: one.title,
        calls,
        unhandled,
        struckAt,
        healedAt,
        struck,
        callers,
        recoveredAfter: recovered[contestants.indexOf(one)],
        leftOpen: stage.proxy.open,
        peak: stage.proxy.peak,
        inDatabase: await stage.count(),
      };
    });
  } finally {
    await Promise.all(stages.map((stage) => stage.close()));
  }
}
