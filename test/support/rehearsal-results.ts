import type { ObservedResult, RehearsalResult, RehearsedFault } from "../../src/rehearse/result.js";

export function observed(parts: Partial<ObservedResult> = {}): ObservedResult {
  return {
    ...{ calls: 180, answered: 180, wrong_answers: 0, failed: 0, errors: [], hangs: 0 },
    ...{ longest_stall_ms: 12.34, recovered_after_ms: 20.5, struck: 3, connections: 4 },
    ...parts,
  };
}

export const REFUSE: RehearsedFault = {
  fault: "refuse",
  meaning: "nobody listens, and open connections are reset",
  plain: observed({
    ...{ answered: 61, failed: 119 },
    errors: [{ code: "TypeError", count: 119, message: "fetch failed" }],
  }),
  pool: observed({ calls: 64, answered: 64, longest_stall_ms: 3_380, recovered_after_ms: 393 }),
};

export const BLACK_HOLE: RehearsedFault = {
  fault: "black-hole",
  meaning: "nothing goes through, and nothing is closed",
  plain: observed({
    ...{ calls: 56, answered: 40, hangs: 16, longest_stall_ms: 5_501, recovered_after_ms: null },
  }),
  pool: observed({
    ...{ answered: 170, failed: 10, longest_stall_ms: 5_001 },
    errors: [
      { code: "OPERATION_TIMEOUT", count: 7, message: "no answer within 5000 ms" },
      { code: "CONNECTION_CLOSED", count: 3, message: "the connection was lost" },
    ],
  }),
};

export function rehearsalResult(parts: Partial<RehearsalResult> = {}): RehearsalResult {
  return {
    ...({ schema_version: 1, type: "rehearsal", command: "stats" } as const),
    ...{ started_at: "2026-01-02T03:04:05.000Z", duration_ms: 60_012, interrupted: false },
    target: { url: "wss://localhost:34723", transport: "ws", tls: true, embedded: true, network: null },
    plan: {
      ...{ statement: "SELECT 1", callers: 4, rate_per_second: 40, before_ms: 1_000, fault_ms: 3_000 },
      ...{ recovery_limit_ms: 7_000, operation_timeout_ms: 5_000, patience_ms: 5_500 },
      ...{ plain_transport: "https", pool_transport: "wss" },
    },
    faults: [REFUSE, BLACK_HOLE],
    skipped: [
      { fault: "status-429", reason: "a proxy cannot answer for the server over TLS" },
      { fault: "status-500", reason: "a proxy cannot answer for the server over TLS" },
    ],
    ...parts,
  };
}
