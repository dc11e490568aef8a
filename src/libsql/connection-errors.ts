import { LibsqlError } from "@libsql/client";
import { TursoPoolError, type ErrorCode } from "../core/errors.js";
import { NOT_JSON } from "./dispatcher-fetch.js";
import { redact } from "./redaction.js";

export interface Explanation {
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: string;
}

const REFUSED: Explanation = {
  code: "UNREACHABLE",
  what: "connection refused",
  hint: "Check that the server is running and that the port is right.",
};
const UNROUTABLE: Explanation = {
  code: "UNREACHABLE",
  what: "no route to the host",
  hint: "Check the network, the address and any firewall on the way.",
};
const NO_NAME: Explanation = {
  code: "UNREACHABLE",
  what: "the host name could not be resolved",
  hint: "Check the spelling of the host and your DNS.",
};
const DROPPED: Explanation = {
  code: "UNREACHABLE",
  what: "the other side closed the connection during the handshake",
  hint: "Check that a libSQL server listens there, and that http/https or ws/wss match it.",
};
const NOT_TLS: Explanation = {
  code: "TLS_FAILED",
  what: "the other side does not speak TLS",
  hint: "Use http:, ws: or ?tls=0 if the server has no TLS.",
};

const NOT_HRANA: Omit<Explanation, "what"> = {
  code: "SERVER_ERROR",
  hint: "Is it a libSQL server? Check the host, the port and the path, and that http/https or ws/wss match it.",
};
/** For whoever wrote the statement. */
export const CHECK_STATEMENT = "Check the statement.";
export const SERVER_LOG = "Look at the server's log, or try again later.";

const BY_SYSTEM_CODE: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: REFUSED,
  EHOSTUNREACH: UNROUTABLE,
  ENETUNREACH: UNROUTABLE,
  EADDRNOTAVAIL: UNROUTABLE,
  ETIMEDOUT: { ...UNROUTABLE, code: "CONNECT_TIMEOUT", what: "the host did not answer" },
  ENOTFOUND: NO_NAME,
  EAI_AGAIN: NO_NAME,
  ECONNRESET: DROPPED,
  EPIPE: DROPPED,
  EPROTO: NOT_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NOT_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NOT_TLS,
  CERT_HAS_EXPIRED: {
    code: "TLS_FAILED",
    what: "the server's certificate has expired",
    hint: "Renew the server's certificate.",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    code: "TLS_FAILED",
    what: "the server's certificate is for another name",
    hint: "Use the name that the certificate was made for.",
  },
};

/**
 * The error of a connection that could not be opened: says where, why, and what to do.
 * One that was told to stop fails with the signal's reason, whatever that is.
 */
export function openError(where: string, cause: unknown, signal?: AbortSignal): Error {
  if (signal?.aborted === true) return signal.reason as Error;
  if (cause instanceof TursoPoolError || isAbort(cause)) return cause as Error;
  const { code, what, hint } = explain(cause);
  return new TursoPoolError(code, `${redact(where)}: ${what}`, { hint, cause });
}

function explain(cause: unknown): Explanation {
  const code = systemCode(cause);
  const known = code === undefined ? undefined : BY_SYSTEM_CODE[code];
  if (known !== undefined) return known;
  const message = redact(cause instanceof Error ? cause.message : String(cause));
  if (isNotHttp(cause)) return notHrana(message);
  if (code !== undefined && /CERT|ISSUER|SIGNATURE|CRL/.test(code)) {
    return {
      code: "TLS_FAILED",
      what: `the server's certificate was refused (${message})`,
      hint: "Start the command with NODE_EXTRA_CA_CERTS=ca.pem to trust your own authority.",
    };
  }
  if (code?.startsWith("ERR_SSL") === true) return { ...NOT_TLS, what: `TLS failed (${message})` };
  return { code: "UNREACHABLE", what: message, hint: "Check the URL and the network." };
}

/** The code of a system error; of several attempts (IPv6 and IPv4), the last one's. */
function systemCode(cause: unknown): string | undefined {
  if (cause instanceof AggregateError) return systemCode(cause.errors.at(-1));
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}

function isAbort(cause: unknown): boolean {
  return cause instanceof Error && (cause.name === "AbortError" || cause.name === "TimeoutError");
}

/** Something else answers there: not a database, and not one that says no. */
export function notHrana(why: string): Explanation {
  return { ...NOT_HRANA, what: `what answers there does not speak Hrana (${why})` };
}

/** Whether it answered with something that no parser of HTTP takes: Node's gives a code, undici's not always. */
function isNotHttp(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  return (
    cause.name === "HTTPParserError" ||
    systemCode(cause)?.startsWith("HPE_") === true ||
    isNotHttp(cause.cause)
  );
}

/** What a statement's error means: what the database refused, or that the connection is gone. */
export function statementError(where: string, cause: unknown): Error {
  if (cause instanceof TursoPoolError || isAbort(cause)) return cause as Error;
  const { code, what, hint } = explainStatement(cause);
  return new TursoPoolError(code, `${redact(where)}: ${what}`, { hint, cause });
}

/** As {@link statementError}, in its parts. `SQL_ERROR` is whatever the database itself said. */
export function explainStatement(cause: unknown): Explanation {
  const code = cause instanceof LibsqlError ? cause.code : undefined;
  const message = statementMessage(cause);
  const status = httpStatus(cause);
  // A statement may be about whatever it likes, `authentications` among it.
  const isAboutSql = code?.startsWith("SQL") === true;
  if (
    status === 401 ||
    status === 403 ||
    (!isAboutSql && (/AUTH|JWT/.test(code ?? "") || /\bJWT\b|authenticat/i.test(message)))
  ) {
    return {
      code: "AUTH_REJECTED",
      what: `the token was refused (${message})`,
      hint: "Set TURSO_AUTH_TOKEN, or ?authToken= in the URL, which wins, to a token that is valid and has not expired.",
    };
  }
  if (message === NOT_JSON || code === "HRANA_PROTO_ERROR" || isNotHttp(cause)) return notHrana(message);
  if (status !== undefined || code === "SERVER_ERROR") {
    return {
      code: "SERVER_ERROR",
      what: `the server refused the request (${message})`,
      hint: status === 404 ? "Check the path of the URL." : SERVER_LOG,
    };
  }
  if (code === undefined || LOST.test(code)) {
    return {
      code: "CONNECTION_CLOSED",
      what: `the connection was lost (${message})`,
      hint: "Check that the server is still running.",
    };
  }
  return { code: "SQL_ERROR", what: message, hint: sqlHint(code) };
}

function sqlHint(code: string): string {
  if (code === "SQLITE_NOTADB") return "Give the path of an SQLite or libSQL database.";
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return "Another program has it locked: try again when it is done.";
  if (code.startsWith("SQLITE_CORRUPT")) return "It is damaged or cut short: restore it from a backup.";
  // What a server calls otherwise is no fault of the statement's.
  return code.startsWith("SQL") ? CHECK_STATEMENT : SERVER_LOG;
}

const LOST = /^(HRANA_WEBSOCKET_ERROR|HRANA_CLOSED_ERROR|CLIENT_CLOSED|CONNECTION_CLOSED)$/;

/** The message without the code before it, which `LibsqlError` repeats. */
export function statementMessage(cause: unknown): string {
  const text = redact(cause instanceof Error ? cause.message : String(cause));
  const code = cause instanceof LibsqlError ? cause.code : "";
  return code === "" ? text : text.replaceAll(`${code}: `, "");
}

/** The status of the HTTP answer that an error of the client comes from. */
export function httpStatus(cause: unknown): number | undefined {
  const inner = cause instanceof Error ? cause.cause : undefined;
  const status = inner instanceof Error && "status" in inner ? inner.status : undefined;
  return typeof status === "number" ? status : undefined;
}
