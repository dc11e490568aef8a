import type { BenchResult, Comparison } from "../bench/result.js";
import { compared, isUntold, times, WHY_UNTOLD } from "./difference.js";
import { duration, percent } from "./format.js";
import { gapVerdict } from "./gap-verdict.js";
import { areSound } from "./keepalive-table.js";
import { openVerdict } from "./open-verdict.js";

/** A sentence or two on what the figures mean for this target. A difference is claimed only where its interval has one. */
export function verdict(result: BenchResult): string {
  if (!areSound(result)) {
    return "Too few operations succeeded to say what it means: it takes 20 of each strategy, and fewer failures than that.";
  }
  const reuse = compared(result, "unpooled", "keepalive") ?? compared(result, "unpooled", "pool");
  const { transport } = result.target;
  const { loop } = result.plan;
  const isLocal = transport === "file" || transport === "memory";
  if (loop === "gap" && !isLocal) return gapVerdict(result);
  if (loop === "open" && !isLocal) return openVerdict(result) ?? floorOnly(result);
  if (reuse === undefined) return floorOnly(result);
  if (isLocal) return local(transport, reuse);
  const client = compared(result, "client", reuse.contender);
  return client === undefined ? saving(reuse) : `${saving(reuse)} ${againstClient(client, transport)}`;
}

function saving(reuse: Comparison): string {
  const { baseline_value: fresh, contender_value: kept, verdict: difference } = reuse;
  if (isUntold(reuse)) return `Whether reusing connections is faster here can't be told: ${WHY_UNTOLD}.`;
  if (fresh === null || kept === null || difference === "unclear") {
    return "On this target reusing a connection makes no difference to speak of at the median.";
  }
  if (difference === "worse")
    return `On this target reusing a connection is slower at the median: ${times(reuse)}.`;
  const share = percent(((fresh - kept) / fresh) * 100);
  return (
    `On this target a new connection for each operation costs ${duration(fresh - kept)} of ${duration(fresh)} ` +
    `(${share}): reusing one is ${times(reuse)} as fast at the median.`
  );
}

function againstClient(client: Comparison, transport: "http" | "ws"): string {
  const where =
    transport === "http"
      ? "under steady load; its sockets close after a few idle seconds, and there keep-alive pays over HTTP"
      : "under steady load; what keep-alive adds shows when connections idle or break";
  if (isUntold(client)) return `How it compares with one shared client can't be told: ${WHY_UNTOLD}.`;
  if (client.verdict === "better") {
    const why = transport === "http" ? ", because its requests skip fetch: reuse is the same" : "";
    return `The pool is ${times(client)} as fast as one shared client${why}.`;
  }
  if (client.verdict === "worse")
    return `One shared client is ${times(client)} as fast as the pool ${where}.`;
  return `One shared client is as good ${where}.`;
}

function local(transport: "file" | "memory", reuse: Comparison): string {
  const where = transport === "file" ? "A local file" : "A database in memory";
  const { baseline_value: fresh, contender_value: kept } = reuse;
  if (isUntold(reuse)) return `${where} has no network. What pooling gains can't be told: ${WHY_UNTOLD}.`;
  if (fresh === null || kept === null || reuse.verdict !== "better") {
    return `${where} has no network, and pooling gains nothing here.`;
  }
  return (
    `${where} has no network: pooling only saves opening a handle, ${duration(fresh - kept)} an operation. ` +
    "There is nothing here that pings could keep alive: keep-alive gains nothing."
  );
}

function floorOnly({ floor_ms: floor, against, noise }: BenchResult): string {
  const least = `A bare statement on an open connection takes at least ${duration(floor)} here.`;
  // Who compares databases, or a strategy with itself, asks something else.
  if (against !== null || noise !== null) return least;
  return `${least} Run unpooled and keepalive together to see what reusing connections saves.`;
}
