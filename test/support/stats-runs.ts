import type { StatsResult } from "#dist/watch/result.js";
import { runCli, type Finished } from "./cli.js";
import { parseJson } from "./schemas.js";

export interface StatsRun extends Finished {
  readonly result: StatsResult;
  /** The rules of its alerts. */
  readonly rules: readonly string[];
}

/** Runs `stats --json`, and holds what it prints to its schema. */
export async function statsJson(...args: string[]): Promise<StatsRun> {
  const finished = await runCli(["stats", "--json", "--fail-on-alert", ...args]);
  if (finished.stdout === "") throw new Error(finished.stderr);
  const result = parseJson(finished.stdout, "stats-result") as StatsResult;
  return { ...finished, result, rules: result.alerts.map(({ rule }) => rule) };
}

/** The flags that do what an alert's remedy says. */
export function flagsFor({ result }: StatsRun, rule: StatsResult["alerts"][number]["rule"]): string[] {
  const settings = result.alerts.find((alert) => alert.rule === rule)?.settings ?? [];
  return settings.map(({ option, to }) => {
    const flag = option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return `--${flag}=${option.endsWith("Connections") ? String(to) : `${String(to)}ms`}`;
  });
}
