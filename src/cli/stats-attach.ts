import { readFile, stat } from "node:fs/promises";
import type { SchemaObject } from "ajv";
import { realClock } from "../core/clock.js";
import { TursoPoolError } from "../core/errors.js";
import { printable } from "../core/printable.js";
import { redact } from "../libsql/redaction.js";
import {
  fetchStatistics,
  LARGEST_STATISTICS,
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
  if (/^https?:/i.test(text)) return { kind: "url", url: urlOf(text), address: printable(redact(text)) };
  const found = await stat(text).catch(() => undefined);
  const address = printable(redact(text));
  if (found === undefined) {
    throw new TursoPoolError("INVALID_OPTION", `--attach: ${address}: there is no such file or socket`, {
      hint: HINT,
    });
  }
  return { kind: found.isSocket() ? "socket" : "file", path: text, address };
}

function urlOf(text: string): URL {
  if (!URL.canParse(text)) {
    throw new TursoPoolError("INVALID_OPTION", `--attach: ${printable(redact(text))} is not a URL`, {
      hint: HINT,
    });
  }
  const url = new URL(text);
  if (url.pathname === "/") url.pathname = STATISTICS_PATH;
  return url;
}

/** How to look at it. */
export async function lookAt(attachment: Attachment, timeout: number): Promise<Look> {
  const { address } = attachment;
  const schema = JSON.parse(await readFile(SCHEMA, "utf8")) as SchemaObject;
  if (attachment.kind === "file") {
    const where = `--attach: ${address}`;
    return async () => {
      const largest = LARGEST_STATISTICS / 2 ** 20;
      const text = await readText({ file: attachment.path, where, largest, hint: HINT });
      return parseStatistics(text, schema, (what, hint = HINT) => {
        return new TursoPoolError("INVALID_OPTION", `${where}: ${what}`, { hint });
      });
    };
  }
  return async (signal) => {
    const text = await within({ clock: realClock, timeout, where: address }, (late) =>
      fetchStatistics(attachment, AbortSignal.any([signal, late])),
    );
    return parseStatistics(text, schema, (what, hint) => wrongAnswer(address, what, hint));
  };
}
