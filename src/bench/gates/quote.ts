/** What is shown of a long text: this many characters on either side of the one that matters. */
const CONTEXT = 50;

/**
 * A text for one line of a terminal: in quotes, with everything escaped that would break the line, move
 * the cursor or reorder what is read; of a long one only what is around the character at `index`.
 */
export function quote(text: string, index = 0): string {
  const characters = Array.from(text);
  if (characters.length <= 2 * CONTEXT) return escaped(text);
  const start = Math.max(
    0,
    Math.min(characterAt(text, index) - 1 - CONTEXT, characters.length - 2 * CONTEXT),
  );
  const end = start + 2 * CONTEXT;
  const part = escaped(characters.slice(start, end).join(""));
  return `${start > 0 ? "…" : ""}${part}${end < characters.length ? "…" : ""}`;
}

/** Which character, from 1, begins at the index of a UTF-16 unit. */
export function characterAt(text: string, index: number): number {
  return Array.from(text.slice(0, index)).length + 1;
}

function escaped(text: string): string {
  return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit))
      .map((code) => `\\u${code.toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
