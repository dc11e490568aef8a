import wrapAnsi from "wrap-ansi";

/** Text within so many columns; what follows its first line stands under where the text began. */
export function paragraph(
  text: string,
  columns: number,
  lead = "",
  paint: (line: string) => string = (line) => line,
): string {
  const [first = "", ...rest] = linesOf(text, columns - lead.length);
  const margin = " ".repeat(lead.length);
  return [`${lead}${paint(first)}`, ...rest.map((line) => `${margin}${paint(line)}`)].join("\n");
}

/** A number stays with its unit. */
const BEFORE_UNIT = /(?<=\d) (?=(?:ms|s|min|h|%)(?![a-z]))/g;
const UNBROKEN = "\u00a0";

/** Breaks text, and words that are longer than a line. */
export function linesOf(text: string, columns: number): string[] {
  return wrapAnsi(text.replace(BEFORE_UNIT, UNBROKEN), Math.max(1, columns), { hard: true })
    .replaceAll(UNBROKEN, " ")
    .split("\n");
}

/** What is written small wherever it stands. */
const SMALL: ReadonlySet<string> = new Set(["http", "ws", "tcp", "sqld", "libsql"]);

/** A sentence out of words that may be one already. Names of settings and functions stay as they are. */
export function sentence(text: string): string {
  const ended = withStop(text);
  const [word = ""] = /^[a-z][a-z'’-]*(?=[\s,;.]|:\s|$)/.exec(ended) ?? [];
  return word === "" || SMALL.has(word) ? ended : ended.charAt(0).toUpperCase() + ended.slice(1);
}

/** The end of a sentence. */
export function withStop(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
