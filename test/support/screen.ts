import xterm from "@xterm/headless";
import type { TextStream } from "../../src/cli/in-place.js";

/** A stream that somebody's terminal, not ours, shows; `screen` is what a reader sees. */
export class Screen implements TextStream {
  readonly isTTY = true;
  readonly writes: string[] = [];
  readonly #terminal: InstanceType<typeof xterm.Terminal>;

  constructor(columns = 80, rows = 24) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  write(text: string): void {
    this.writes.push(text);
    this.#terminal.write(text);
  }

  async resize(columns: number): Promise<void> {
    await this.#settled();
    this.#terminal.resize(columns, this.rows);
  }

  /** The lines down to the last that is not empty, with those that have scrolled away. */
  async screen(): Promise<string[]> {
    await this.#settled();
    const { active } = this.#terminal.buffer;
    const lines = Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true) ?? "",
    );
    return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
  }

  async cursorColumn(): Promise<number> {
    await this.#settled();
    return this.#terminal.buffer.active.cursorX;
  }

  #settled(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write("", resolve));
  }
}
