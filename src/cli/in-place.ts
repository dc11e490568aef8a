import { stripVTControlCharacters } from "node:util";

/** What is drawn on: stdout or stderr, or a stand-in for it. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Whether the cursor can be moved: on a terminal that is not a dumb one. */
export function movesCursor({ isTTY }: TextStream): boolean {
  return isTTY === true && process.env.TERM !== "dumb";
}

/** Lines of a terminal that are redrawn in place, and that are gone at the end, however the process ends. */
export class InPlace {
  readonly #stream: TextStream;
  /** What is on the terminal, line by line. */
  #drawn: readonly string[] = [];

  constructor(stream: TextStream) {
    this.#stream = stream;
  }

  /** What fits; a terminal that does not know its size says 0. */
  get size(): { readonly columns: number; readonly rows: number } {
    return { columns: positive(this.#stream.columns, 80), rows: positive(this.#stream.rows, 24) };
  }

  /** Writes over what is there, in one piece and without clearing it first, so that nothing flickers. */
  draw(lines: readonly string[]): void {
    if (this.#drawn.length === 0) process.once("exit", this.#onExit);
    // The cursor stays in the first column: what a terminal echoes, such as ^C, then wraps nothing.
    this.#stream.write(`${this.#toFirstLine()}${lines.join("\x1b[K\n")}\x1b[J\r`);
    this.#drawn = lines;
  }

  /** Takes the lines away. */
  clear(): void {
    process.off("exit", this.#onExit);
    if (this.#drawn.length > 0) this.#stream.write(`${this.#toFirstLine()}\x1b[J`);
    this.#drawn = [];
  }

  readonly #onExit = (): void => this.clear();

  /** From the beginning of the last line drawn; lines that a terminal made narrower has wrapped are several. */
  #toFirstLine(): string {
    const { columns } = this.size;
    const up = this.#drawn
      .slice(0, -1)
      .reduce(
        (sum, line) => sum + Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns)),
        0,
      );
    return up === 0 ? "\r" : `\r\x1b[${up}A`;
  }
}

function positive(size: number | undefined, otherwise: number): number {
  return size !== undefined && size > 0 ? size : otherwise;
}
