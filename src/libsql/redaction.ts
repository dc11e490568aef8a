const SECRET = "***";

/** What a URL in a text is one of. */
const WORD = /[^\s"'<>]+/g;

/**
 * Takes the secrets out of a text that may hold database URLs or tokens: the value of `authToken`, and of whatever else
 * a URL's query may call a token; user and password before the host, a bearer token, and anything that looks like a JWT.
 */
export function redact(text: string): string {
  return text
    .replace(WORD, (word) => (/^[^?#]*:/.test(word) ? redactUrl(word) : word))
    .replace(/(authToken=)[^&#\s"']*/gi, `$1${SECRET}`)
    .replace(/(:\/\/)[^/?#\s@]*@/g, `$1${SECRET}@`)
    .replace(/(Bearer\s+)\S+/gi, `$1${SECRET}`)
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, SECRET);
}

/** A text that is nothing but a URL, however it is written: only the value of `tls` is shown of its query. */
export function redactUrl(url: string): string {
  return url.replace(/([?&#])([^=&#?]*)=([^&#]*)/g, (whole, before: string, name: string) =>
    name === "tls" ? whole : `${before}${name}=${SECRET}`,
  );
}
