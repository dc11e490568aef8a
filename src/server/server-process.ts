/**
 * The child process that runs the server. The native engine aborts its process on text that is not
 * UTF-8 (`SELECT CAST(x'ff' AS TEXT)`: libsql 0.5.29 unwraps the conversion, in code that cannot unwind,
 * whichever way the row is read), so it runs where nobody else is hurt; the parent reports the end.
 */
import { rmSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { TursoPoolError } from "../core/errors.js";
import type { OrphanWatchData } from "./orphan-watch.js";
import type { ChildMessage, ParentMessage } from "./server-messages.js";
import { reasonOf } from "./start-errors.js";
import { startServer, type StartedServer } from "./start-server.js";

/** Closing takes milliseconds; when it does not, the process ends all the same. */
const CLOSE_GRACE_MS = 1_000;

let server: StartedServer | undefined;
let folder: string | undefined;
let ending = false;

function say(message: ChildMessage): void {
  if (process.connected) process.send?.(message);
}

function end(code: number): void {
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(code), CLOSE_GRACE_MS).unref();
  void Promise.resolve(server?.close()).finally(() => process.exit(code));
}

process.on("exit", () => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

async function start(message: Extract<ParentMessage, { type: "start" }>): Promise<void> {
  folder = message.folder;
  try {
    const workerData: OrphanWatchData = { parent: process.ppid, folder };
    new Worker(new URL("./orphan-watch.js", import.meta.url), { workerData }).unref();
    server = await startServer(message.config, message.folder);
    say({ type: "listening", host: server.host, port: server.port, caFile: server.caFile });
  } catch (error) {
    const hint = error instanceof TursoPoolError ? error.hint : undefined;
    say({ type: "failed", message: reasonOf(error), hint });
    end(1);
  }
}

process.on("message", (message: ParentMessage) => {
  switch (message.type) {
    case "start":
      return void start(message);
    case "metrics":
      if (server) say({ type: "metrics", id: message.id, metrics: server.metrics() });
      return;
    case "close":
      return end(0);
  }
});
// The parent is gone, however it went.
process.on("disconnect", () => end(0));
// Ctrl-C goes to the whole group of processes; what it means is the parent's decision.
process.on("SIGINT", () => undefined);
process.on("SIGHUP", () => undefined);
process.on("SIGTERM", () => end(0));

say({ type: "booted" });
