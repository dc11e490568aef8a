import type WebSocket from "ws";

/** What a server is sent and nobody else may see: tokens and keys. */
export type Secrets = readonly string[];

const GONE = "***";

export function secretsOf(...candidates: readonly (string | undefined)[]): Secrets {
  // Plain JavaScript may give `null`, which would be looked for in every message.
  return candidates.filter((secret): secret is string => typeof secret === "string" && secret !== "");
}

/**
 * What a server said, without the secrets that it was sent: a refusal that repeats one would put it into an error, and
 * so into logs. Values of text, blobs and names of columns stay as they are: those are the caller's own data.
 */
export function withoutEcho(text: string, secrets: Secrets): string {
  if (!secrets.some((secret) => text.includes(secret))) return text;
  try {
    return JSON.stringify(scrub(JSON.parse(text), secrets));
  } catch {
    return withoutAll(text, secrets);
  }
}

/** Takes the secrets out of all that is heard over a WebSocket before anybody else hears it. */
export function muteEchoes(webSocket: WebSocket, secrets: Secrets): void {
  if (secrets.length === 0) return;
  const emit = webSocket.emit.bind(webSocket) as (...args: unknown[]) => boolean;
  const mute = (data: unknown): unknown =>
    Buffer.isBuffer(data) && secrets.some((secret) => data.includes(secret))
      ? Buffer.from(withoutEcho(data.toString("utf8"), secrets))
      : data;
  webSocket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event === "message") return emit(event, mute(args[0]), args[1]);
    // With the code and the reason.
    if (event === "close") return emit(event, args[0], mute(args[1]));
    return emit(event, ...args);
  };
}

/** Takes the secrets out of an error's own texts: a parser shows the bytes that it could not read. */
export function withoutSecrets<E>(error: E, secrets: Secrets): E {
  if (!(error instanceof Error)) return error;
  for (const [name, { value, writable }] of Object.entries(Object.getOwnPropertyDescriptors(error))) {
    if (writable !== true || typeof value !== "string") continue;
    const safe = withoutAll(value, secrets);
    if (safe !== value) Object.assign(error, { [name]: safe });
  }
  withoutSecrets(error.cause, secrets);
  return error;
}

function withoutAll(text: string, secrets: Secrets): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, GONE), text);
}

function scrub(value: unknown, secrets: Secrets): unknown {
  if (typeof value === "string") return withoutAll(value, secrets);
  if (Array.isArray(value)) return value.map((item: unknown) => scrub(item, secrets));
  if (typeof value !== "object" || value === null || isData(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isSyntax(key, item) ? item : scrub(item, secrets)]),
  );
}

/** What the protocol itself consists of, words and numbers, where a short token (`ok`, `1`) may stand by chance. */
function isSyntax(key: string, item: unknown): boolean {
  if (typeof item !== "string") return false;
  return key === "type" ? WORDS.has(item) : /^-?\d{1,19}$/.test(item);
}

/** @see https://github.com/tursodatabase/libsql/blob/main/docs/HRANA_2_SPEC.md */
const WORDS = new Set(
  "hello_ok hello_error response_ok response_error ok error none null integer float text blob open_stream close_stream close execute batch sequence describe store_sql close_sql get_autocommit".split(
    " ",
  ),
);

/** A value, or a column, of a result. */
function isData(value: object): boolean {
  if ("type" in value && (value.type === "text" || value.type === "blob")) return true;
  return "name" in value && "decltype" in value;
}
