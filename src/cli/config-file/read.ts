import { readFile } from "node:fs/promises";
import { TursoPoolError } from "../../core/errors.js";
import type { ConfigFile } from "./settings.js";

/** Used when it is in the working directory. */
export const CONFIG_FILE = "turso-pool.config.json";

/**
 * The configuration file that `--config` names, which must be there, or else the one in the working directory,
 * which need not.
 * @throws {TursoPoolError} `INVALID_OPTION`, naming the file and the place in it.
 */
export async function readConfigFile(named: string | undefined): Promise<ConfigFile | undefined> {
  const name = named ?? CONFIG_FILE;
  let text: string;
  try {
    text = await readFile(name, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && named === undefined) return undefined;
    const why = code === "ENOENT" ? "there is no such file" : `cannot be read (${code ?? String(error)})`;
    throw new TursoPoolError(
      "INVALID_OPTION",
      named === undefined ? `${name}: ${why}` : `--config: ${named}: ${why}`,
    );
  }
  return { name, settings: await parseSettings(text, name) };
}

/** What a configuration file of this name and text says. @throws {TursoPoolError} as {@link readConfigFile} */
export async function parseSettings(text: string, name: string): Promise<ConfigFile["settings"]> {
  const document = await parsed(text.replace(/^\uFEFF/, ""), name);
  // Most runs have no such file, and need not load what checks it.
  const { checkSettings } = await import("./check.js");
  return checkSettings(document, name);
}

async function parsed(text: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch (error) {
    const what =
      (await mistakeIn(text)) ?? `not JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new TursoPoolError("INVALID_OPTION", `${name}: ${what}`);
  }
}

/** JSON.parse does not say where. */
async function mistakeIn(text: string): Promise<string | undefined> {
  const { parse } = await import("@humanwhocodes/momoa");
  try {
    parse(text, { mode: "json" });
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && "line" in error && "column" in error && "offset" in error))
      return undefined;
    if (error.message.includes("end of input")) {
      const lines = text.split("\n");
      return `line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1}: not JSON: it ends too early`;
    }
    const found = String.fromCodePoint(text.codePointAt(Number(error.offset)) ?? 0);
    const where = `line ${String(error.line)}, column ${String(error.column)}`;
    return `${where}: not JSON: ${JSON.stringify(found)} is out of place`;
  }
}
