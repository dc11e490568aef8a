// Runs one gate again and again on what is known to be the same, and on what is known to be slower.
import { claimsOf, Gatekeeper } from "../../dist/bench/gates/gate-plan.js";
import { overall } from "../../dist/bench/gates/evaluate.js";
import { runBench } from "../../dist/bench/run-bench.js";
import { makeStrategy } from "../../dist/bench/strategies/make-strategy.js";

/** A strategy whose every operation takes this many times as long as it took. */
function slowed(strategy, times) {
  return new Proxy(strategy, {
    get(target, name) {
      if (name !== "operate") {
        const value = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      }
      return async (sql, startedAt) => {
        const operation = await target.operate(sql, startedAt);
        const until = startedAt + (operation.doneAt - startedAt) * times;
        while (performance.now() < until);
        return { ...operation, doneAt: performance.now() };
      };
    },
  });
}

/**
 * The verdict of one run of a gate against regressions, and how long it took.
 * @param times how much slower the contestant is than its base: 1 is not at all
 */
export async function trial(plan, target, times, maxRegression) {
  const gates = { thresholds: [], maxRegression, baseline: null, absolute: "no" };
  const keeper = new Gatekeeper(plan, gates);
  const startedAt = performance.now();
  const run = await runBench(
    plan,
    { head: target, base: target },
    {
      signal: new AbortController().signal,
      wantsMore: (look, contestants) => keeper.wantsMore(look, contestants),
      strategyOf: (one, context) => {
        const strategy = makeStrategy(one.strategy, context);
        return one.side === "base" || times === 1 ? strategy : slowed(strategy, times);
      },
    },
  );
  const results = keeper.judge(run.look, run.contestants);
  return {
    verdict: overall(results) ?? "inconclusive",
    results,
    seconds: (performance.now() - startedAt) / 1_000,
    claims: claimsOf(plan, gates).length,
  };
}
