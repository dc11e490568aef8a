import type { Style } from "../style.js";

/** A name and what is so called. */
export type Pair = readonly [name: string, value: string];

const GAP = 3;
/** As wide as one of two columns of a line of 80. */
const COLUMN = 38;

/** Names and values under a heading: in two columns, read down, where there is room, else in one. */
export function pairs(heading: string, all: readonly Pair[], style: Style, columns: number): string {
  const across = columns >= 2 * COLUMN + GAP ? 2 : 1;
  const down = Math.ceil(all.length / across);
  const lines = Array.from({ length: down }, (_, row) =>
    all
      .filter((_, at) => at % down === row)
      .map(
        ([name, value]) => `${name}${" ".repeat(Math.max(1, COLUMN - name.length - value.length))}${value}`,
      )
      .join(" ".repeat(GAP)),
  );
  return [style.bold(heading), ...lines].join("\n");
}
