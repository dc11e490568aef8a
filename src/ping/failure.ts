import { formatDuration, type Milliseconds } from "../core/duration.js";
import { TursoPoolError, type ErrorCode } from "../core/errors.js";
import { printable } from "../core/printable.js";
import { CHECK_STATEMENT, SERVER_LOG } from "../libsql/connection-errors.js";
import type { Target } from "../libsql/target.js";
import { coldPhases, type Phase, type PhaseTimes } from "./phases.js";

/** What the database says no with; everything else is an answer that did not come. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(["AUTH_REJECTED", "SQL_ERROR", "SERVER_ERROR"]);

export function isRefusal({ code }: TursoPoolError): boolean {
  return REFUSALS.has(code);
}

const LONGEST = 300;

const CHECK_DATABASE: Readonly<Record<Target["kind"], string>> = {
  local: "Check that the file is whole, and that you may read it.",
  remote: SERVER_LOG,
};

/**
 * A failure for one line of a terminal. Its message may be a stranger's: a server's refusal that holds whatever
 * it likes, the token that it was sent included. @throws what is no failure but a bug.
 */
export function failureOf(error: unknown, target: Target): TursoPoolError {
  if (!(error instanceof TursoPoolError)) throw error;
  const { code, cause } = error;
  const message = harmless(error.message, target);
  if (code === "AUTH_REJECTED" && target.kind === "remote" && !target.authToken) {
    const said = message.replace(`${target.display}: `, "").replace(/^the token was refused \((.*)\)$/, "$1");
    return new TursoPoolError(
      code,
      `${target.display}: the database needs a token, and none is set (${said})`,
      { hint: "Set TURSO_AUTH_TOKEN, or ?authToken= in the URL.", cause },
    );
  }
  // The statement is ours, and no other would fare better.
  const hint = error.hint === CHECK_STATEMENT ? CHECK_DATABASE[target.kind] : error.hint;
  return new TursoPoolError(code, message, { hint, cause });
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

export interface Lateness {
  readonly timeout: Milliseconds;
  /** The flag that it is the value of. */
  readonly raise: string;
  /** Whether the ping went over a connection that was open. */
  readonly isOpen: boolean;
  /** Those that were over by then. */
  readonly phases: PhaseTimes;
}

/** Nothing came in time: says what it was waiting for. */
export function tooLate(target: Target, { timeout, raise, isOpen, phases }: Lateness): TursoPoolError {
  const pending = (isOpen ? [] : coldPhases(target)).find((phase) => !(phase in phases)) ?? "statement";
  const connected = pending === "statement" || pending === "request" || pending === "hello";
  const check =
    pending === "dns"
      ? `Check your DNS: no name server has answered. Else raise ${raise}.`
      : connected
        ? `Check that a libSQL server answers there; raise ${raise} if it takes that long.`
        : `Check the host, the port and any firewall on the way, or raise ${raise}.`;
  return new TursoPoolError(
    connected ? "OPERATION_TIMEOUT" : "CONNECT_TIMEOUT",
    `${target.display}: no answer within ${formatDuration(timeout)}, waiting for ${WAITING_FOR[pending]}`,
    { hint: check },
  );
}
