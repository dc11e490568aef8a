// The load runs in a process of its own: what draws and prints does not disturb what measures, and the
// certificate of an embedded server can be trusted by this process alone (NODE_EXTRA_CA_CERTS).
import { Gatekeeper } from "../../bench/gates/gate-plan.js";
import { makeResult } from "../../bench/make-result.js";
import { runBench } from "../../bench/run-bench.js";
import { TursoPoolError } from "../../core/errors.js";
import { thisHost } from "../host.js";
import { parseTarget, type Target } from "../../libsql/target.js";
import { toSent, type FromLoad, type LoadJob, type LoadTarget, type ToLoad } from "./messages.js";

const stop = new AbortController();

/** Ends the process when the last message is out; nothing may hold it, not even a socket that will not close. */
function finish(message: FromLoad): void {
  process.send?.(message, () => process.exit(0));
}

async function run({ plan, gates, head, base }: LoadJob): Promise<void> {
  const startedAt = new Date();
  const targets = { head: targetOf(head), base: base && targetOf(base) };
  const keeper = new Gatekeeper(plan, gates);
  const done = await runBench(plan, targets, {
    signal: stop.signal,
    echo,
    wantsMore: (look, contestants) => keeper.wantsMore(look, contestants),
    onProgress: (progress) => process.send?.({ type: "progress", progress } satisfies FromLoad),
  });
  const result = makeResult(plan, done, {
    targets,
    head: head.shown,
    base: base?.shown ?? null,
    host: thisHost(),
    startedAt,
    gates: keeper.judge(done.look, done.contestants, done.interrupted),
  });
  finish({ type: "result", result });
}

/** Resolves when the message that is under way has come back. */
let echoed: () => void = () => undefined;

function echo(): Promise<void> {
  return new Promise((resolve) => {
    echoed = resolve;
    process.send?.({ type: "echo" } satisfies FromLoad);
  });
}

const targetOf = ({ url, authToken }: LoadTarget): Target => parseTarget(url, authToken);

// Whoever signals this process and not the command (Ctrl-C does not reach it) still gets a result: the command decides.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToLoad) => {
  if (message.type === "stop")
    stop.abort(new TursoPoolError("ABORTED", "interrupted before anything was measured"));
  else if (message.type === "echo") echoed();
  else run(message.job).catch((error: unknown) => finish({ type: "error", error: toSent(error) }));
});
process.send?.({ type: "ready" } satisfies FromLoad);
