import { TursoPoolError } from "../core/errors.js";
import type { ServerConfig } from "./config.js";

/** A step of starting a server failed: says which, and what to do. */
export function startFailed(message: string, hint: string, cause?: unknown): TursoPoolError {
  return new TursoPoolError("SERVER_START_FAILED", message, { hint, cause });
}

/** Why a server cannot listen, for people. */
export function listenFailed(error: unknown, config: ServerConfig): TursoPoolError {
  const where = `${config.host}:${config.port}`;
  switch (codeOf(error)) {
    case "EADDRINUSE":
      return startFailed(
        `Port ${config.port} of ${config.host} is in use`,
        "Stop the program that uses it, choose another port, or leave the port out to get a free one.",
        error,
      );
    case "EACCES":
      return startFailed(`Not allowed to listen on ${where}`, "Choose a port above 1023.", error);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return startFailed(
        `${config.host} is not an address of this machine`,
        "Use 127.0.0.1 for this machine only, or 0.0.0.0 for every network that it is on.",
        error,
      );
    default:
      return startFailed(
        `Cannot listen on ${where}: ${reasonOf(error)}`,
        "Check the host and the port.",
        error,
      );
  }
}

/** What went wrong, in the words of whoever noticed. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
