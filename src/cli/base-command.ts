import { Command, Errors, Flags } from "@oclif/core";
import type { ChalkInstance } from "chalk";
import { TursoPoolError } from "../core/errors.js";
import { redact } from "../libsql/redaction.js";
import { EXIT, exitCodeOf } from "./exit-codes.js";
import { colorsFor } from "./terminal.js";

/** What all commands share: `--json`, colour, and how errors are told and what they exit with. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = {
    color: Flags.boolean({
      allowNo: true,
      description: "Colour the output, or not. Default: on a terminal.",
      helpGroup: "GLOBAL",
    }),
  };

  /** One line to stderr: progress and warnings never mix with results. */
  protected say(line: string): void {
    process.stderr.write(`${line}\n`);
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
    const message = redact(oneLine(error.message));
    const hint = error instanceof TursoPoolError ? error.hint : usage ? "See --help." : undefined;
    if (this.jsonEnabled()) {
      const code = usage ? "INVALID_OPTION" : error instanceof TursoPoolError ? error.code : "BUG";
      this.logJson({ schema_version: 1, command: this.id, error: { code, message, hint: hint ?? null } });
    }
    const label = this.colors("stderr").red(exitCode === EXIT.bug ? "Bug:" : "Error:");
    this.say([label, sentence(message), hint].filter(Boolean).join(" "));
    if (exitCode === EXIT.bug) this.say(redact(error.stack ?? ""));
    // After an interrupt it is set already, to what the signal asks for.
    process.exitCode ??= exitCode;
  }
}

/** oclif says on three lines what fits in one: which flag it was parsing, what was wrong, and where help is. */
function oneLine(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(Parsing --|See more help|The following errors? occurred)/.test(line))
    .join(" ");
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
