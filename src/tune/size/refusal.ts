/** What servers, and proxies before them, say to one connection or statement too many. */
const TOO_MANY =
  /\b429\b|\b503\b|too[ _]many|while opening database connection|stream \S+ has failed to open|(?:connection|rate) limit/i;
const STATUSES: readonly unknown[] = [429, 503];

/** Whether an error, or what it was caused by, is a server's refusal of more than it can do at one time. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { status, code } = error as { readonly status?: unknown; readonly code?: unknown };
  if (STATUSES.includes(status) || TOO_MANY.test(error.message)) return true;
  return (typeof code === "string" && TOO_MANY.test(code)) || isRefusal(error.cause);
}
