import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What the delays of a {@link SlowServer} are drawn from, in milliseconds. */
export type Delay =
  | { readonly kind: "none" }
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  /** `slow` for this share of the answers, `fast` for the others. */
  | { readonly kind: "two"; readonly fast: number; readonly slow: number; readonly share: number };

/** Once, so long after the beginning of a block (from 1), nothing is answered for this long. */
export interface Stall {
  readonly block: number;
  readonly offset: number;
  readonly length: number;
}

/** One request, in milliseconds of the server's own clock. */
export interface Served {
  /** Which block of the load it was in, from 1. */
  readonly block: number;
  readonly readAt: number;
  /** The delay that was drawn. */
  readonly drawn: number;
  readonly writtenAt: number | null;
}

/** A server in a process of its own that takes its time for {@link SLOW_SQL}, and answers all else at once. */
export interface SlowServer extends AsyncDisposable {
  readonly url: string;
  /** Everything that it did for {@link SLOW_SQL} so far, in the order in which requests came. */
  served(): Promise<readonly Served[]>;
}

/** The statement to measure: the preflight and pings use others. */
export const SLOW_SQL = "SELECT 2";

const PROCESS = fileURLToPath(new URL("./slow-server-process.js", import.meta.url));

/** @param seed of the delays. */
export async function slowServer(
  delay: Delay,
  seed: number,
  stall: Stall | null = null,
): Promise<SlowServer> {
  const child = fork(PROCESS, [JSON.stringify({ sql: SLOW_SQL, delay, seed, stall })]);
  const answer = async <T>(): Promise<T> => ((await once(child, "message")) as [T])[0];
  const { port } = await answer<{ port: number }>();
  return {
    url: `http://127.0.0.1:${port}`,
    served: async () => {
      const told = answer<{ served: readonly Served[] }>();
      child.send("tell");
      return (await told).served;
    },
    [Symbol.asyncDispose]: async () => {
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}
