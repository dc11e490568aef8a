import fc from "fast-check";
import type { Behaviour } from "./fake-connections.js";

/** One step of a random history of a pool. `which` picks among what there is at that moment. */
export type Action =
  | { readonly do: "acquire"; readonly withSignal: boolean }
  | { readonly do: "release" | "releaseAgain" | "destroy" | "abort" | "drop"; readonly which: number }
  | { readonly do: "healthCheck" }
  | { readonly do: "advance" | "sleep"; readonly duration: number }
  | { readonly do: "opens" | "pings" | "closes"; readonly behaviour: Behaviour }
  | { readonly do: "settle" }
  | { readonly do: "close"; readonly timeout: number };

const which = fc.nat({ max: 20 });
const after = fc.constantFrom(0, 0, 1, 7, 40, 300);
const durations = fc.constantFrom(0, 1, 5, 20, 100, 450, 1_000, 3_000);

function behaviour(then: readonly Behaviour["then"][]): fc.Arbitrary<Behaviour> {
  return fc.record({ after, then: fc.constantFrom(...then) }) as fc.Arbitrary<Behaviour>;
}

const onSomething = (action: "release" | "releaseAgain" | "destroy" | "abort" | "drop") =>
  fc.record({ do: fc.constant(action), which });
const passing = (action: "advance" | "sleep") => fc.record({ do: fc.constant(action), duration: durations });
const scripted = (action: "opens" | "pings" | "closes", ...then: Behaviour["then"][]) =>
  fc.record({ do: fc.constant(action), behaviour: behaviour(then) });

const steps = (maxLength: number): fc.Arbitrary<Action[]> =>
  fc.array(
    fc.oneof(
      { weight: 10, arbitrary: fc.record({ do: fc.constant("acquire" as const), withSignal: fc.boolean() }) },
      { weight: 8, arbitrary: onSomething("release") },
      { weight: 1, arbitrary: onSomething("releaseAgain") },
      { weight: 1, arbitrary: onSomething("destroy") },
      { weight: 2, arbitrary: onSomething("abort") },
      { weight: 2, arbitrary: onSomething("drop") },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("healthCheck" as const) }) },
      { weight: 7, arbitrary: passing("advance") },
      { weight: 1, arbitrary: passing("sleep") },
      { weight: 2, arbitrary: scripted("opens", "succeed", "succeed", "succeed", "fail", "hang") },
      { weight: 2, arbitrary: scripted("pings", "succeed", "succeed", "fail", "hang", "deaf") },
      { weight: 1, arbitrary: scripted("closes", "succeed", "fail") },
      { weight: 4, arbitrary: fc.record({ do: fc.constant("settle" as const) }) },
    ),
    { maxLength, size: "max" },
  );

const closing: fc.Arbitrary<Action> = fc.record({
  do: fc.constant("close" as const),
  timeout: fc.constantFrom(0, 10, 1_000),
});

/** What may happen to a pool, up to its closing and a little beyond. */
export const histories: fc.Arbitrary<Action[]> = fc
  .tuple(steps(100), closing, steps(10))
  .map(([before, close, after]) => [...before, close, ...after]);
