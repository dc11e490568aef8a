/** oclif says on three lines what fits in one: which flag it was parsing, what was wrong, and where help is. */
export function oneLine(text: string): string {
  return (
    text
      .split("\n")
      .map((line) => line.trim())
      .filter(
        (line) => line !== "" && !/^(Parsing --|See more help|The following errors? occurred)/.test(line),
      )
      .join(" ")
      // As a number without its unit, which nobody gave.
      .replace(/^(--[\w-]+)=\S+ (?=cannot also be provided)/, "$1 ")
  );
}
