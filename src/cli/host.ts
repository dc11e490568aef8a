import { cpus, totalmem } from "node:os";
import type { Host } from "../bench/result.js";

/** The machine that this process runs on; how fast it was is measured in the run. */
export function thisHost(): Omit<Host, "speed"> {
  const processors = cpus();
  return {
    node: process.version,
    platform: process.platform,
    arch: process.arch,
    cpus: processors.length,
    cpu_model: processors[0]?.model ?? "unknown",
    memory_bytes: totalmem(),
  };
}
