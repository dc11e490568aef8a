const SECRET = "***";

/**
 * Takes the secrets out of a text that may hold database URLs or tokens: the value of `authToken`,
 * user and password before the host, a bearer token, and anything that looks like a JWT.
 */
export function redact(text: string): string {
  return text
    .replace(/(authToken=)[^&#\s"']*/gi, `$1${SECRET}`)
    .replace(/(:\/\/)[^/?#\s@]*@/g, `$1${SECRET}@`)
    .replace(/(Bearer\s+)\S+/gi, `$1${SECRET}`)
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, SECRET);
}
