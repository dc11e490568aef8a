/** An element with its attributes; those that are `undefined` are left out. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  readonly children: readonly (Element | string)[];
}

/** An XML 1.0 document. */
export function document(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, "")}`;
}

function element({ name, attributes, children }: Element, indent: string): string {
  const given = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escape(String(value))}"`)
    .join("");
  const start = `${indent}<${name}${given}`;
  if (children.length === 0) return `${start}/>\n`;
  // Text is the only child where there is one: no blanks are added to it.
  const inner = children.map((child) =>
    typeof child === "string" ? escape(child) : element(child, `${indent}  `),
  );
  const isText = typeof children[0] === "string";
  return isText
    ? `${start}>${inner.join("")}</${name}>\n`
    : `${start}>\n${inner.join("")}${indent}</${name}>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** What XML 1.0 has no way to write is left out; see https://www.w3.org/TR/xml/#charsets. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"\t\n\r]/g, (found) => ENTITIES[found] ?? `&#${found.charCodeAt(0)};`);
}
