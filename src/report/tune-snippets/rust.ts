import { literal, period, wholeSeconds } from "../format.js";
import type { PastedSettings } from "./pasted.js";

const SECOND = 1_000;

/** The guide's configuration, by its names. What it has no name for is said, not dropped in silence. */
export function rustSnippet(settings: PastedSettings): string {
  const { keepAliveInterval: interval, staleThreshold: stale, pingTimeout: ping } = settings;
  const { maxConnections: most, connectionTimeout: timeout } = settings;
  const hasKeepAlive = interval !== undefined;
  return withImports(
    [
      "let mut config = TursoConfig::default();",
      "config.enable_pooling = true;",
      `config.enable_keepalive = ${hasKeepAlive};`,
      ...seconds("keepalive_interval_secs", interval),
      ...seconds("stale_threshold_secs", stale),
      "",
      "let pool_config = PoolConfig {",
      ...(most === undefined ? [] : [`    max_connections: ${most},`]),
      ...time("connection_timeout", timeout),
      "    enable_health_check: true,",
      // A health check is a ping.
      ...time("health_check_timeout", ping),
      ...rest(most, timeout, ping),
      "};",
      ...(hasKeepAlive ? ["", ...keepAlive(interval, stale, ping)] : []),
      ...unknown(settings),
    ].join("\n"),
  );
}

/** What it names is imported, and no more. */
function withImports(code: string): string {
  const names = ["KeepAliveConfig", "PoolConfig", "TursoConfig"].filter((name) => code.includes(name));
  return [
    `use memory_storage_turso::${names.length === 1 ? names.join() : `{${names.join(", ")}}`};`,
    ...(code.includes("Duration::") ? ["use std::time::Duration;"] : []),
    "",
    code,
  ].join("\n");
}

/** How not to pool. */
export function unpooledRustSnippet(): string {
  return withImports(
    [
      "let mut config = TursoConfig::default();",
      "config.enable_pooling = false;",
      "config.enable_keepalive = false;",
    ].join("\n"),
  );
}

function keepAlive(interval: number, stale: number | undefined, ping: number | undefined): string[] {
  return [
    "let keepalive_config = KeepAliveConfig {",
    ...time("keep_alive_interval", interval),
    ...time("stale_threshold", stale),
    "    enable_proactive_ping: true,",
    ...time("ping_timeout", ping),
    ...rest(stale, ping),
    "};",
  ];
}

/** Whole seconds are all it takes; a shorter interval is the safe side of a limit. */
function seconds(name: string, value: number | undefined): string[] {
  if (value === undefined) return [];
  const whole = wholeSeconds(value);
  const exact = whole * SECOND === value;
  const how = whole * SECOND > value ? "the least that it takes" : "rounded down to whole seconds";
  return [...(exact ? [] : [`// ${period(value)}, ${how}`]), `config.${name} = ${whole};`];
}

function time(name: string, value: number | undefined): string[] {
  return value === undefined ? [] : [`    ${name}: Duration::from_millis(${literal(value)}),`];
}

/** Rust wants every field. */
function rest(...values: readonly (number | undefined)[]): string[] {
  return values.includes(undefined) ? ["    ..Default::default()"] : [];
}

function unknown({ minConnections, maxLifetime }: PastedSettings): string[] {
  const without = [
    ...(minConnections === undefined ? [] : [`minConnections (${minConnections})`]),
    ...(maxLifetime === undefined ? [] : [`maxLifetime (${period(maxLifetime)})`]),
  ];
  return without.length === 0 ? [] : ["", `// The guide's pool has no ${without.join(" and no ")}.`];
}
