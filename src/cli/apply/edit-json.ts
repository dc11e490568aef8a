import { parse, type MemberNode, type ObjectNode } from "@humanwhocodes/momoa";
import {
  colonIn,
  endOf,
  indentAt,
  layoutOf,
  objectIn,
  separatorIn,
  startOf,
  type Layout,
} from "./json-layout.js";

const BYTE_ORDER_MARK = "\uFEFF";

export type Scalar = number | string;

/** A piece of the text, and what takes its place. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Sets members of an object that is itself a member of the outermost one, and keeps every other byte: what is there is
 * replaced where it stands, and what is not comes last, written as the rest of the file is. A formatter that were asked
 * to set them would write whole lines anew.
 * @param text JSON, with an object outermost, and as the section where there is one
 */
export function withValues(text: string, section: string, values: ReadonlyMap<string, Scalar>): string {
  if (values.size === 0) return text;
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
  const json = text.slice(mark.length);
  const edits = editsFor(json, section, [...values]).sort((one, other) => other.from - one.from);
  return mark + edits.reduce((all, { from, to, text }) => all.slice(0, from) + text + all.slice(to), json);
}

/** Where a member of the outermost object is, by lines from 1; `undefined` when it is not there. */
export function lineOf(text: string, key: string): number | undefined {
  return memberOf(rootOf(text.replace(BYTE_ORDER_MARK, "")), key)?.loc.start.line;
}

function editsFor(json: string, section: string, values: readonly (readonly [string, Scalar])[]): Edit[] {
  const root = rootOf(json);
  const holder = memberOf(root, section);
  const layout = layoutOf(json, root);
  const colon = (holder && colonIn(json, asObject(holder.value))) ?? layout.colon;
  const written = values.map(([key, value]) => [key, member(key, colon, JSON.stringify(value))] as const);
  if (holder === undefined) {
    const indent = indentAt(json, startOf(root)) + layout.unit;
    const object = objectIn(
      layout,
      indent,
      written.map(([, text]) => text),
    );
    return [insertion(json, root, layout, [member(section, colon, object)])];
  }
  const object = asObject(holder.value);
  const missing = written.flatMap(([key, text]) => (memberOf(object, key) === undefined ? [text] : []));
  const changed = values.flatMap(([key, value]): Edit[] => {
    const there = memberOf(object, key)?.value;
    return there === undefined
      ? []
      : [{ from: startOf(there), to: endOf(there), text: JSON.stringify(value) }];
  });
  return missing.length === 0 ? changed : [...changed, insertion(json, object, layout, missing)];
}

function insertion(json: string, object: ObjectNode, layout: Layout, members: readonly string[]): Edit {
  const last = object.members.at(-1);
  if (last === undefined) {
    const text = objectIn(layout, indentAt(json, startOf(object)), members);
    return { from: startOf(object), to: endOf(object), text };
  }
  const separator = separatorIn(json, object);
  return { from: endOf(last), to: endOf(last), text: members.map((one) => separator + one).join("") };
}

function member(key: string, colon: string, value: string): string {
  return `${JSON.stringify(key)}${colon}${value}`;
}

function rootOf(json: string): ObjectNode {
  return asObject(parse(json, { mode: "json" }).body);
}

/** The last of that name: the one that counts. */
function memberOf({ members }: ObjectNode, key: string): MemberNode | undefined {
  return members.findLast(({ name }) => name.type === "String" && name.value === key);
}

function asObject(value: { readonly type: string }): ObjectNode {
  if (value.type !== "Object") throw new Error(`bug: ${value.type} in place of an object`);
  return value as ObjectNode;
}
