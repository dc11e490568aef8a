import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { BenchPlan } from "../../bench/plan.js";
import type { BenchResult } from "../../bench/result.js";
import type { Progress } from "../../bench/run-bench.js";
import type { Target } from "../../libsql/target.js";
import type { Interruption } from "../interruption.js";
import { fromSent, type FromLoad, type ToLoad } from "./messages.js";

export interface LoadOptions {
  readonly target: Target;
  readonly embedded: boolean;
  /** A certificate authority to trust beside Node's. */
  readonly caFile: string | undefined;
  readonly interruption: Interruption;
  /** Aborts when there is nothing left to measure. */
  readonly lost: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Runs the plan in a load process. The first interrupt, or the loss of the server, makes it stop early and send
 * what it has.
 * @throws what the load process threw.
 */
export async function runLoad(plan: BenchPlan, options: LoadOptions): Promise<BenchResult> {
  const { target, interruption } = options;
  const signal = AbortSignal.any([interruption.signal, options.lost]);
  const child = fork(fileURLToPath(new URL("./load-process.js", import.meta.url)), [], {
    execArgv: ["--expose-gc"],
    // A measurement never prints; what the runtime has to say on its way down is worth reading.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    // A group of its own: Ctrl-C at the terminal is the command's to act on. It ends when the channel does.
    detached: true,
    env: options.caFile === undefined ? process.env : { ...process.env, NODE_EXTRA_CA_CERTS: options.caFile },
  });
  const withdraw = interruption.onLastAct(() => child.kill("SIGKILL"));
  const send = (message: ToLoad): void => {
    if (child.connected) child.send(message);
  };
  const stop = (): void => send({ type: "stop" });
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await new Promise<BenchResult>((resolve, reject) => {
      child.on("message", (message: FromLoad) => {
        if (message.type === "progress") options.onProgress(message.progress);
        else if (message.type === "result") resolve(message.result);
        else if (message.type === "error") reject(fromSent(message.error));
        else send({ type: "run", plan, target: addressOf(target, options.embedded) });
      });
      child.once("error", reject);
      child.once("close", (code, signal) => {
        reject(new Error(`the load process ended with ${signal ?? `status ${code}`} before it had a result`));
      });
    });
  } finally {
    withdraw();
    signal.removeEventListener("abort", stop);
    if (child.exitCode === null && child.signalCode === null) {
      await new Promise((resolve) => child.once("close", resolve));
    }
  }
}

function addressOf(target: Target, embedded: boolean) {
  return target.kind === "local"
    ? { url: target.url, authToken: undefined, embedded }
    : { url: target.baseUrl.href.replace(/\/$/, ""), authToken: target.authToken, embedded };
}
