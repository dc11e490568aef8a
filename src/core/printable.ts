/** Text out of a file as one line that does nothing to a terminal but show: controls and line breaks are blanks. */
export function printable(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
}
