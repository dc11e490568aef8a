// The load runs in a process of its own: what draws and prints does not disturb what measures, and the
// certificate of an embedded server can be trusted by this process alone (NODE_EXTRA_CA_CERTS).
import { cpus, totalmem } from "node:os";
import { makeResult } from "../../bench/make-result.js";
import type { Host } from "../../bench/result.js";
import { runBench } from "../../bench/run-bench.js";
import { TursoPoolError } from "../../core/errors.js";
import { parseTarget } from "../../libsql/target.js";
import { toSent, type FromLoad, type ToLoad } from "./messages.js";

const stop = new AbortController();

/** Ends the process when the last message is out; nothing may hold it, not even a socket that will not close. */
function finish(message: FromLoad): void {
  process.send?.(message, () => process.exit(0));
}

async function run(message: Extract<ToLoad, { type: "run" }>): Promise<void> {
  const startedAt = new Date();
  const { plan } = message;
  const target = parseTarget(message.target.url, message.target.authToken);
  const done = await runBench(plan, target, {
    signal: stop.signal,
    onProgress: (progress) => process.send?.({ type: "progress", progress } satisfies FromLoad),
  });
  const about = { host: host(), startedAt, embedded: message.target.embedded };
  finish({ type: "result", result: makeResult(plan, target, done, about) });
}

function host(): Host {
  const processors = cpus();
  return {
    node: process.version,
    platform: process.platform,
    arch: process.arch,
    cpus: processors.length,
    cpu_model: processors[0]?.model ?? "unknown",
    memory_bytes: totalmem(),
  };
}

// Whoever signals this process and not the command (Ctrl-C does not reach it) still gets a result: the command decides.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToLoad) => {
  if (message.type === "stop")
    stop.abort(new TursoPoolError("ABORTED", "interrupted before anything was measured"));
  else run(message).catch((error: unknown) => finish({ type: "error", error: toSent(error) }));
});
process.send?.({ type: "ready" } satisfies FromLoad);
