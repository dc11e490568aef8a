/**
 * Aborts when whoever reads stdout goes away, as `| head -1` does: a command that may print for ever has nobody left
 * to print for. oclif has the error itself ignored.
 */
export function readerGone(): AbortSignal {
  const gone = new AbortController();
  process.stdout.once("error", () => gone.abort());
  return gone.signal;
}

/** Lets a command go on when whoever reads stderr goes away, or cannot take more: what it is for is on stdout. */
export function outliveStderr(): void {
  process.stderr.on("error", () => undefined);
}
