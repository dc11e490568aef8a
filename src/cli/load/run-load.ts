import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Progress } from "../../bench/progress.js";
import type { BenchResult } from "../../bench/result.js";
import type { Interruption } from "../interruption.js";
import { fromSent, type FromLoad, type LoadJob, type ToLoad } from "./messages.js";

export interface LoadOptions {
  /** A certificate authority to trust beside Node's. */
  readonly caFile: string | undefined;
  readonly interruption: Interruption;
  /** Aborts when there is nothing left to measure. */
  readonly lost: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Runs the job in a load process. The first interrupt, or the loss of the server, makes it stop early and send
 * what it has.
 * @throws what the load process threw.
 */
export async function runLoad(job: LoadJob, options: LoadOptions): Promise<BenchResult> {
  const { interruption } = options;
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
        else if (message.type === "echo") send(message);
        else if (message.type === "result") resolve(message.result);
        else if (message.type === "error") reject(fromSent(message.error));
        else send({ type: "run", job });
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
