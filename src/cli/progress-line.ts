import type { WriteStream } from "node:tty";

const WIDTH = 24;
const PLAIN_INTERVAL_MS = 5_000;

/** One line that moves on a terminal; elsewhere a line every few seconds, and the cursor is left alone. */
export class ProgressLine {
  readonly #stream: WriteStream;
  #shown = false;
  #lastPlain = performance.now();

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  /** @param fraction of the whole, in [0, 1]. */
  show(what: string, fraction: number): void {
    const percent = `${Math.floor(fraction * 100)}%`.padStart(4);
    if (this.#stream.isTTY) {
      const filled = Math.round(fraction * WIDTH);
      const bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
      this.#stream.write(`\r\x1b[K${bar} ${percent} ${what}`);
      this.#shown = true;
    } else if (performance.now() - this.#lastPlain >= PLAIN_INTERVAL_MS) {
      this.#lastPlain = performance.now();
      this.#stream.write(`${percent.trim()} ${what}\n`);
    }
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown) this.#stream.write("\r\x1b[K");
    this.#shown = false;
  }
}
