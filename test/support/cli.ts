import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const BIN = fileURLToPath(new URL("../../bin/run.js", import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly pid: number;
  /** What it has printed so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly finished: Promise<Finished>;
  readonly interrupt: () => void;
}

/** What is set here, but for what would change a command. */
export function cleanEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(TURSO|LIBSQL|NODE_OPTIONS|VITEST|FORCE_COLOR|NO_COLOR|NODE_ENV)/.test(name),
    ),
  );
}

/** Starts the command as a user would, with pipes for output and no variable that names a database. */
export function startCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  group: "own group" | "ours" = "ours",
): RunningCli {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...cleanEnv(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: group === "own group",
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  if (child.pid === undefined) throw new Error("the command did not start");
  return {
    pid: child.pid,
    stdout: () => stdout,
    stderr: () => stderr,
    interrupt: () => void child.kill("SIGINT"),
    finished: new Promise((resolve) => {
      child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    }),
  };
}

/** What a command told on stderr, without the lines of progress that a run of many seconds adds. */
export function told(stderr: string): string {
  return stderr.replace(/^\d+% .*\n/gm, "");
}

/** Runs the command to its end. */
export function runCli(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished> {
  return startCli(args, env).finished;
}
