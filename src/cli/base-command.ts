import { Command, Errors, Flags, type Interfaces } from "@oclif/core";
import type { ChalkInstance } from "chalk";
import { TursoPoolError } from "../core/errors.js";
import { redact } from "../libsql/redaction.js";
import {
  flagsFromEnvironment,
  flagsFromFile,
  inWordsOf,
  inWordsOfVariables,
  type TakingCommand,
} from "./config-file/flags-from-file.js";
import { givenFlags } from "./config-file/given-flags.js";
import { CONFIG_FILE, readConfigFile } from "./config-file/read.js";
import { EXIT, exitCodeOf } from "./exit-codes.js";
import { oneLine } from "./one-line.js";
import { outliveStderr } from "./reader.js";
import { colorsFor } from "./terminal.js";

type Values = Record<string, unknown>;

/** What all commands share: configuration files, `--json`, colour, and how errors are told and what they exit with. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = {
    color: Flags.boolean({
      allowNo: true,
      description: "Colour the output, or not. Default: on a terminal.",
      helpGroup: "GLOBAL",
    }),
    config: Flags.string({
      helpValue: "<file>",
      description: `Configuration file. Default: ${CONFIG_FILE} where it is in the working directory.`,
      helpGroup: "GLOBAL",
    }),
  };

  /** Where a configuration file sets what nobody gave, for errors to name. */
  #config: { readonly file: string; readonly paths: ReadonlyMap<string, string> } | undefined;
  /** The variables that set what nobody gave. */
  #variables: ReadonlyMap<string, string> = new Map();
  #given: ReadonlyMap<string, string> = new Map();

  protected override async init(): Promise<void> {
    outliveStderr();
    await super.init();
  }

  /** Parses the arguments as if what the environment and a configuration file say had been given with them. */
  protected override async parse<F extends Values, B extends Values, A extends Values>(
    options: Interfaces.Input<F, B, A> = this.ctor as unknown as Interfaces.Input<F, B, A>,
    argv = this.argv,
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const flags: Interfaces.FlagInput = { ...BaseCommand.baseFlags, json: Flags.boolean(), ...options.flags };
    const given = await givenFlags(argv, flags);
    const command = { id: this.id ?? "", flags, given: new Set(given.keys()), env: process.env };
    const { argv: fromVariables, paths: variables } = flagsFromEnvironment(command);
    this.#given = given;
    this.#variables = variables;
    const fromFile = await this.#argumentsFromFile(given.get("config"), {
      ...command,
      given: new Set([...given.keys(), ...variables.keys()]),
    });
    const parsed = await super.parse(options, [...fromFile, ...fromVariables, ...argv]);
    const paths = this.#config?.paths ?? new Map<string, string>();
    // What happens to be here is not to change a measurement unnoticed.
    if (this.#config && !given.has("config") && paths.size > 0) {
      this.say(`Settings from ${this.#config.file}: ${[...paths.values()].join(", ")}.`);
    }
    if (variables.size > 0) this.say(`Settings from the environment: ${[...variables.values()].join(", ")}.`);
    return parsed;
  }

  async #argumentsFromFile(named: string | undefined, command: TakingCommand): Promise<readonly string[]> {
    const file = await readConfigFile(named);
    if (file === undefined) return [];
    const { argv, paths } = flagsFromFile(file, command);
    this.#config = { file: file.name, paths };
    if (named === undefined) refuseDangerous(file.name, paths);
    return argv;
  }

  /** What sets these flags, each once: the file, variables, and the flags themselves where they were given. */
  protected sourcesOf(flags: readonly string[]): string[] {
    const sources = flags.flatMap((flag) => {
      if (this.#given.has(flag)) return [`--${flag}`];
      return this.#variables.get(flag) ?? (this.isFromFile(flag) ? (this.#config?.file ?? []) : []);
    });
    return [...new Set(sources)];
  }

  /** Whether it is a configuration file that sets this flag, and nobody gave it. */
  protected isFromFile(flag: string): boolean {
    return this.#config?.paths.has(flag) ?? false;
  }

  /** One line to stderr: progress and warnings never mix with results. */
  protected say(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  /** What went wrong and what to do about it, in one line on stderr. */
  protected tell(label: "Error:" | "Bug:", message: string, hint: string | null | undefined): void {
    this.say([this.colors("stderr").red(label), sentence(message), hint].filter(Boolean).join(" "));
  }

  protected colors(stream: "stdout" | "stderr"): ChalkInstance {
    const wanted = this.argv.includes("--no-color")
      ? false
      : this.argv.includes("--color")
        ? true
        : undefined;
    return colorsFor(stream, wanted);
  }

  /** A command that has nothing to return prints nothing at its end. */
  protected override logJson(json: unknown): void {
    if (json !== undefined) super.logJson(json);
  }

  protected override async catch(error: Error): Promise<void> {
    if (error instanceof Errors.ExitError) throw error;
    const usage = error instanceof Errors.CLIError;
    const exitCode = usage ? EXIT.usage : exitCodeOf(error);
    const told = redact(oneLine(error.message));
    const message = exitCode === EXIT.bug ? told : this.#inWordsOfSources(told);
    const hint = error instanceof TursoPoolError ? error.hint : usage ? "See --help." : undefined;
    if (this.jsonEnabled()) {
      const code = usage ? "INVALID_OPTION" : error instanceof TursoPoolError ? error.code : "BUG";
      this.logJson({ schema_version: 1, command: this.id, error: { code, message, hint: hint ?? null } });
    }
    this.tell(exitCode === EXIT.bug ? "Bug:" : "Error:", message, hint);
    if (exitCode === EXIT.bug) this.say(redact(error.stack ?? ""));
    // After an interrupt it is set already, to what the signal asks for.
    process.exitCode ??= exitCode;
  }

  #inWordsOfSources(message: string): string {
    const told = this.#config ? inWordsOf(this.#config.file, this.#config.paths, message) : message;
    return inWordsOfVariables(this.#variables, told);
  }
}

/** A file that happens to be where the command runs must not make it write to a database that the environment names. */
function refuseDangerous(file: string, paths: ReadonlyMap<string, string>): void {
  const path = paths.get("allow-writes");
  if (path === undefined) return;
  throw new TursoPoolError("INVALID_OPTION", `${file}: ${path} counts only in a file that --config names`, {
    hint: `Add --config ${file}, or --allow-writes.`,
  });
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
