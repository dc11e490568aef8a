import type { MemberNode, ObjectNode } from "@humanwhocodes/momoa";

/** How a text of JSON is written, as far as its outermost object tells. */
export interface Layout {
  readonly lineEnd: string;
  /** What one level is indented by. */
  readonly unit: string;
  /** Members are on lines of their own. */
  readonly lines: boolean;
  /** Inside the braces of an object on one line. */
  readonly padding: string;
  /** Between a name and its value, the colon included. */
  readonly colon: string;
}

export function layoutOf(json: string, root: ObjectNode): Layout {
  const [first] = root.members;
  const lineEnd = json.includes("\r\n") ? "\r\n" : "\n";
  if (first === undefined) return { lineEnd, unit: "  ", lines: true, padding: " ", colon: ": " };
  const lead = json.slice(startOf(root) + 1, startOf(first));
  const lines = lead.includes("\n");
  const indent = /[^\n]*$/.exec(lead)?.[0] ?? "";
  const outer = indentAt(json, startOf(root));
  return {
    lineEnd,
    lines,
    unit: lines && indent.startsWith(outer) ? indent.slice(outer.length) : "  ",
    padding: lines ? " " : lead,
    colon: colonIn(json, root) ?? ": ",
  };
}

/** A new object, of which the closing brace is indented by so much if it gets a line of its own. */
export function objectIn(layout: Layout, indent: string, members: readonly string[]): string {
  const { lineEnd, unit, lines, padding, colon } = layout;
  if (!lines) return `{${padding}${members.join(/\s$/.test(colon) ? ", " : ",")}${padding}}`;
  const before = `${lineEnd}${indent}${unit}`;
  return `{${before}${members.join(`,${before}`)}${lineEnd}${indent}}`;
}

/** What stands between two members of an object that has some, the comma included. */
export function separatorIn(json: string, { members, ...object }: ObjectNode): string {
  const [last, previous] = [members.at(-1), members.at(-2)] as [MemberNode, MemberNode | undefined];
  const separator =
    previous === undefined
      ? `,${json.slice(startOf(object) + 1, startOf(last))}`
      : json.slice(endOf(previous), startOf(last));
  // Blank lines are what somebody parts groups with.
  return separator.replace(/(?:\r?\n[ \t]*)+(?=\r?\n)/g, "");
}

/** Between names and values of an object, as the last of them has it; `undefined` where that is on two lines. */
export function colonIn(json: string, { members }: ObjectNode): string | undefined {
  const last = members.at(-1);
  const colon = last && json.slice(endOf(last.name), startOf(last.value));
  return colon?.includes("\n") ? undefined : colon;
}

/** The white space that the line at this place begins with. */
export function indentAt(json: string, offset: number): string {
  const line = json.slice(json.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

type Located = Pick<ObjectNode, "loc">;
export const startOf = ({ loc }: Located): number => loc.start.offset;
export const endOf = ({ loc }: Located): number => loc.end.offset;
