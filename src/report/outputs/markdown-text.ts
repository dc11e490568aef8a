/**
 * Any text as text in a paragraph, a list item or a table's cell: what has a meaning in GitHub's Markdown or in HTML
 * becomes a character reference, which has none. It stays on its line.
 * @see https://github.github.com/gfm/#entity-and-numeric-character-references
 */
export function text(raw: string): string {
  return (
    oneLine(raw)
      .replace(/[\\`*_{}[\]<>|~#&$@^]/g, reference)
      // What would begin a list or a heading, or become a link by itself.
      .replace(/^[-+=]|^\d+(?=[.)])|:(?=\/\/)|\.(?<=www\.)/gi, (found) => found.replace(/^\d+|./g, reference))
  );
}

/** Any text as code, in a table's cell too. */
export function code(raw: string): string {
  const line = oneLine(raw);
  if (line.trim() === "") return "";
  // A code span means no character but these two, and a table looks for its bars first.
  return /[`|\\]/.test(line) ? `<code>${text(line)}</code>` : `\`${line}\``;
}

/** A table whose first column is of names and whose others are of figures; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], align = "--:"): string {
  const ruler = head.map((_, column) => (column === 0 ? ":--" : align));
  return [head, ruler, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function oneLine(raw: string): string {
  // Controls, separators of lines, and what makes text run the other way.
  return raw.replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
}

function reference(character: string): string {
  return Array.from(character, (one) => `&#${one.codePointAt(0)};`).join("");
}
