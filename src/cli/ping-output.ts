import type { ChalkInstance } from "chalk";
import type { TursoPoolError } from "../core/errors.js";
import { pingLine } from "../ping/make-result.js";
import type { Ping } from "../ping/probe.js";
import type { PingResult, TargetResult, ReadyResult } from "../ping/result.js";
import type { Readiness } from "../ping/wait-ready.js";
import { pingReport } from "../report/ping-report.js";
import { pingHeading, pingText, readyText } from "../report/ping-report/ping-line.js";
import { columns } from "./terminal.js";

export interface PingOutputOptions {
  readonly target: TargetResult;
  /** The emulated network in a few words. */
  readonly network?: string | undefined;
  /** `document` is printed by oclif when the command returns. */
  readonly form: "text" | "lines" | "document";
  readonly quiet: boolean;
  readonly style: ChalkInstance;
  readonly log: (line: string) => void;
}

/** Prints pings as they come, and what they come to. */
export class PingOutput {
  readonly #options: PingOutputOptions;

  constructor(options: PingOutputOptions) {
    this.#options = options;
  }

  begin(): void {
    const { form, target, network, style, log } = this.#options;
    if (form === "text") log(pingHeading(target, style, network));
  }

  ping(ping: Ping, sequence: number): void {
    const { form, quiet, target, style, log } = this.#options;
    if (quiet) return;
    const line = pingLine(ping, sequence);
    if (form === "lines") log(JSON.stringify(line));
    if (form === "text") log(pingText(line, target, style, columns()));
  }

  ready({ after, tries }: Readiness): ReadyResult {
    const { form, quiet, target, log } = this.#options;
    const result: ReadyResult = {
      schema_version: 1,
      type: "ready",
      command: "ping",
      target,
      ready_after_ms: after,
      tries,
    };
    if (form === "text" && !quiet) log(readyText(result));
    return result;
  }

  /** However it ended. */
  end(result: PingResult): void {
    const { form, style, log } = this.#options;
    if (form === "lines") log(JSON.stringify(result));
    if (form === "text") log(`\n${pingReport(result, style, columns())}`);
  }
}

/** Says on a terminal what a database that is being waited for says, each thing once. */
export function failureTeller(say: (line: string) => void): (error: TursoPoolError) => void {
  let last = "";
  return ({ message }) => {
    if (!process.stderr.isTTY || message === last) return;
    last = message;
    say(`${message}; trying again.`);
  };
}
