import type { BenchResult, StrategyResult } from "../bench/result.js";
import { duration, factor, percent } from "./format.js";

/** Differences below this share are not worth a claim without an interval. */
const WORTH_SAYING = 1.15;

/** With fewer operations a strategy's median is anybody's guess. */
const ENOUGH = 20;

/** One sentence or two on what the figures mean for this target; honest where pooling gains little. */
export function verdict(result: BenchResult): string {
  if (result.strategies.some(({ operations }) => operations < ENOUGH)) {
    return `Too few operations to say what it means: give each strategy at least ${ENOUGH}.`;
  }
  const p50 = (name: StrategyResult["name"]): number | null => median(result.strategies, name);
  const unpooled = p50("unpooled");
  const kept = p50("keepalive") ?? p50("pool");
  const client = p50("client");
  if (unpooled === null || kept === null) return floorOnly(result);
  const saved = unpooled - kept;
  const gain = unpooled / kept;
  if (result.target.transport === "file" || result.target.transport === "memory")
    return local(saved, gain, result);
  const opening =
    gain < WORTH_SAYING
      ? `On this target reusing a connection makes no difference to speak of (${duration(unpooled)} and ${duration(kept)} at the median).`
      : `On this target a new connection for each operation costs ${duration(saved)} of ${duration(unpooled)} (${percent((saved / unpooled) * 100)}): reusing one is ${factor(gain)} as fast at the median.`;
  return client === null ? opening : `${opening} ${againstClient(result, client, kept)}`;
}

function againstClient(result: BenchResult, client: number, kept: number): string {
  const gain = client / kept;
  const advice =
    result.target.transport === "http"
      ? "under steady load; its sockets close after a few idle seconds, and that is where keep-alive pays over HTTP"
      : "under steady load; what keep-alive adds shows when connections idle or break";
  if (gain >= WORTH_SAYING) return `The pool is ${factor(gain)} as fast as one shared client.`;
  if (1 / gain >= WORTH_SAYING)
    return `One shared client is ${factor(1 / gain)} as fast as the pool ${advice}.`;
  return `One shared client is as good ${advice}.`;
}

function local(saved: number, gain: number, result: BenchResult): string {
  const where = result.target.transport === "file" ? "A local file" : "A database in memory";
  if (saved <= 0 || gain < WORTH_SAYING) return `${where} has no network, and pooling gains nothing here.`;
  return `${where} has no network: pooling only saves opening a handle, ${duration(saved)} an operation. Keep-alive gains nothing here.`;
}

function floorOnly(result: BenchResult): string {
  return `A bare statement on an open connection takes at least ${duration(result.floor_ms)} here. Run unpooled and keepalive together to see what reusing connections saves.`;
}

function median(strategies: readonly StrategyResult[], name: StrategyResult["name"]): number | null {
  return strategies.find((strategy) => strategy.name === name)?.latency_ms.p50 ?? null;
}
