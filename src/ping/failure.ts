import { formatDuration, type Milliseconds } from "../core/duration.js";
import { TursoPoolError, type ErrorCode } from "../core/errors.js";
import { printable } from "../core/printable.js";
import type { Target } from "../libsql/target.js";
import { coldPhases, type Phase, type PhaseTimes } from "./phases.js";

/** What the database says no with; everything else is an answer that did not come. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(["AUTH_REJECTED", "SQL_ERROR", "SERVER_ERROR"]);

export function isRefusal({ code }: TursoPoolError): boolean {
  return REFUSALS.has(code);
}

const LONGEST = 300;

/**
 * A failure for one line of a terminal. Its message may be a stranger's: a server's refusal that holds whatever
 * it likes, the token that it was sent included. @throws what is no failure but a bug.
 */
export function failureOf(error: unknown, target: Target): TursoPoolError {
  if (!(error instanceof TursoPoolError)) throw error;
  return new TursoPoolError(error.code, harmless(error.message, target), {
    hint: error.hint,
    cause: error.cause,
  });
}

/** A stranger's words without the token, in one line, and not too many of them. */
export function harmless(text: string, target: Target, longest = LONGEST): string {
  const token = target.kind === "remote" ? target.authToken : undefined;
  const line = printable(token ? text.replaceAll(token, "***") : text);
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

const WAITING_FOR: Readonly<Record<Phase, string>> = {
  dns: "the name to be looked up",
  tcp: "TCP to connect",
  tls: "the TLS handshake",
  upgrade: "the WebSocket upgrade",
  hello: "Hrana's hello, with the token, to be answered",
  request: "the statement's answer",
  open: "the file to be opened",
  statement: "the statement's answer",
};

/** Nothing came in time: says what it was waiting for, from the phases that were over by then. */
export function tooLate(
  target: Target,
  timeout: Milliseconds,
  warm: boolean,
  phases: PhaseTimes,
): TursoPoolError {
  const pending = (warm ? [] : coldPhases(target)).find((phase) => !(phase in phases)) ?? "statement";
  const connected = pending === "statement" || pending === "request" || pending === "hello";
  return new TursoPoolError(
    connected ? "OPERATION_TIMEOUT" : "CONNECT_TIMEOUT",
    `${target.display}: no answer within ${formatDuration(timeout)}, waiting for ${WAITING_FOR[pending]}`,
    {
      hint: connected
        ? "Check that a libSQL server answers there; raise --timeout if it takes that long."
        : "Check the host, the port and any firewall on the way, or raise --timeout.",
    },
  );
}
