import type { BenchResult } from "../bench/result.js";
import { invalidOption, TursoPoolError } from "../core/errors.js";
import { bencherMetricFormat } from "../report/outputs/bencher-metric-format.js";
import { csv } from "../report/outputs/csv.js";
import { customBiggerIsBetter, customSmallerIsBetter } from "../report/outputs/github-action-benchmark.js";
import { json } from "../report/outputs/json.js";
import { junit } from "../report/outputs/junit.js";
import { markdown } from "../report/outputs/markdown.js";

type Render = (result: BenchResult) => string;

/** What a result can be written as. `hgrm` alone takes a file for each contestant, when there are several. */
const RENDERERS = {
  json,
  markdown,
  junit,
  csv,
  "github-smaller": customSmallerIsBetter,
  "github-bigger": customBiggerIsBetter,
  bencher: bencherMetricFormat,
  hgrm: "for each contestant",
} as const satisfies Readonly<Record<string, Render | "for each contestant">>;

export type OutputKind = keyof typeof RENDERERS;

/** How the whole result is written as this kind, or that it is not. */
export function rendererOf(kind: OutputKind): Render | "for each contestant" {
  return RENDERERS[kind];
}

const BY_ENDING = new Map<string, OutputKind>([
  ["json", "json"],
  ["md", "markdown"],
  ["markdown", "markdown"],
  ["xml", "junit"],
  ["csv", "csv"],
  ["hgrm", "hgrm"],
]);

/** A file that the result is to be written to. */
export interface Output {
  readonly kind: OutputKind;
  /** As it was given. */
  readonly path: string;
}

/** Reads a value of `--output`: a file with a known ending, or `<kind>=<file>`. @throws {TursoPoolError} `INVALID_OPTION` */
export function parseOutput(given: string): Output {
  const [, prefix, rest] = /^([\w-]+)=(.*)$/s.exec(given) ?? [];
  if (prefix !== undefined && !isKind(prefix)) throw invalidOption("--output", given, ALLOWED);
  const path = rest ?? given;
  if (path === "-" || STREAM.test(path)) {
    throw new TursoPoolError("INVALID_OPTION", `--output: ${JSON.stringify(given)} is not a file`, {
      hint: "For the result on stdout use --json.",
    });
  }
  const ending = /[^/\\]\.(\w+)$/.exec(path)?.[1]?.toLowerCase();
  const kind = prefix ?? BY_ENDING.get(ending ?? "");
  if (kind === undefined || path === "" || path.endsWith("/"))
    throw invalidOption("--output", given, ALLOWED);
  return { kind, path };
}

/** A file that took the place of one of these would be seen by nobody. */
const STREAM = /^\/dev\/(stdin|stdout|stderr|fd\/\d+)$|^\/proc\/self\/fd\/\d+$/;

const ALLOWED =
  `a file that ends in ${[...BY_ENDING.keys()].map((ending) => `.${ending}`).join(", ")}, ` +
  `or <kind>=<file> with a kind of ${Object.keys(RENDERERS).join(", ")}`;

function isKind(text: string): text is OutputKind {
  return Object.hasOwn(RENDERERS, text);
}
