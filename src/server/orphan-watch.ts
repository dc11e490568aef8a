/**
 * A thread that ends the server's process when its parent is gone. The main thread notices that by
 * itself, unless it is inside a statement that never ends: the engine cannot be interrupted from there.
 */
import { rmSync } from "node:fs";
import { workerData } from "node:worker_threads";

/** What the thread is started with. */
export interface OrphanWatchData {
  readonly parent: number;
  readonly folder: string;
}

const POLL_MS = 250;
/** The main thread ends the process in good order when it can. */
const GRACE_MS = 1_500;

const { parent, folder } = workerData as OrphanWatchData;

const timer = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(timer);
  setTimeout(() => {
    rmSync(folder, { recursive: true, force: true });
    process.kill(process.pid, "SIGKILL");
  }, GRACE_MS);
}, POLL_MS);
