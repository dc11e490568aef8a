import { readFile, stat } from "node:fs/promises";
import type { SchemaObject } from "ajv";
import { realClock } from "../core/clock.js";
import { TursoPoolError } from "../core/errors.js";
import { printable } from "../core/printable.js";
import { redact } from "../libsql/redaction.js";
import {
  fetchStatistics,
  LARGEST_STATISTICS,
  NO_ANSWER_HINT,
  STATISTICS_PATH,
  wrongAnswer,
  type Endpoint,
} from "../watch/endpoint.js";
import type { Look } from "../watch/observe.js";
import { parseStatistics } from "../watch/parse-statistics.js";
import { within } from "../watch/within.js";
import { readText } from "./read-text.js";

/** From dist/ as from src/. */
const SCHEMA = new URL("../../docs/statistics.schema.json", import.meta.url);

const HINT = `Give the http: or https: URL or the unix socket of serveStatistics(), or a file with its ${STATISTICS_PATH}.`;

/** Where another process's pool is to be seen. */
export type Attachment =
  Endpoint | { readonly kind: "file"; readonly path: string; readonly address: string };

/** What `--attach` names. @throws {TursoPoolError} `INVALID_OPTION` where there is no such thing */
export async function attachmentOf(text: string): Promise<Attachment> {
  const refused = (what: string): TursoPoolError =>
    new TursoPoolError("INVALID_OPTION", `--attach: ${what}`, { hint: HINT });
  if (/^https?:/i.test(text)) {
    if (!URL.canParse(text)) throw refused(`${withoutSecrets(text)} is not a URL`);
    return atUrl(new URL(text));
  }
  const found = await stat(text).catch(() => undefined);
  if (found === undefined) throw refused(`${withoutSecrets(text)}: there is no such file or socket`);
  return { kind: found.isSocket() ? "socket" : "file", path: text, address: printable(redact(text)) };
}

/** A token may be in the user info or the query, under whatever name: they are for the application alone. */
function atUrl(url: URL): Attachment {
  const { origin, pathname } = url;
  if (pathname !== "/") return { kind: "url", url, address: redact(origin + pathname) };
  url.pathname = STATISTICS_PATH;
  return { kind: "url", url, address: origin };
}

/** Of what may have been meant as a URL, and is none, whatever may be user info or a query is left out. */
function withoutSecrets(text: string): string {
  const shown = text
    .replace(/^(\w{2,}:\/+).*[@?#].*$/s, "$1…")
    .replace(/^[^/]*:[^/]*@.*$/s, "…")
    .replace(/\?.*$/s, "?…");
  return printable(redact(shown));
}

/** How to look at it. */
export async function lookAt(attachment: Attachment, timeout: number): Promise<Look> {
  const { address } = attachment;
  const schema = JSON.parse(await readFile(SCHEMA, "utf8")) as SchemaObject;
  if (attachment.kind === "file") {
    const where = `--attach: ${address}`;
    return async (signal) => {
      const largest = LARGEST_STATISTICS / 2 ** 20;
      const text = await readText({ file: attachment.path, where, largest, hint: HINT }, signal);
      return parseStatistics(text, schema, (what, hint = HINT) => {
        return new TursoPoolError("INVALID_OPTION", `${where}: ${what}`, { hint });
      });
    };
  }
  return async (signal) => {
    const patience = { clock: realClock, timeout, where: address, hint: NO_ANSWER_HINT };
    const text = await within(patience, (late) =>
      fetchStatistics(attachment, AbortSignal.any([signal, late])),
    );
    return parseStatistics(text, schema, (what, hint) => wrongAnswer(address, what, hint));
  };
}
