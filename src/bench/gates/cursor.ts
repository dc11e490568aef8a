import { TursoPoolError } from "../../core/errors.js";
import { characterAt, quote } from "./quote.js";

/** A piece of the text, and the index at which it begins. */
export interface Token {
  readonly text: string;
  readonly at: number;
}

/** Reads a threshold from left to right; white space between tokens does not count. */
export class Cursor {
  readonly #text: string;
  readonly #option: string;
  #at = 0;

  constructor(text: string, option: string) {
    this.#text = text;
    this.#option = option;
    this.#skipSpace();
  }

  /** The character that comes next; empty at the end. */
  get next(): string {
    return this.#match(/./suy)?.[0] ?? "";
  }

  /** The next token, if it matches the pattern, which must be sticky. */
  take(pattern: RegExp): Token | undefined {
    const text = this.#match(pattern)?.[0];
    if (text === undefined) return undefined;
    const token = { text, at: this.#at };
    this.#at += text.length;
    this.#skipSpace();
    return token;
  }

  /** A character that must come next. @throws {TursoPoolError} `INVALID_OPTION` */
  need(character: "." | "," | "(" | ")"): void {
    if (this.next !== character) throw this.expected(`"${character}"`);
    this.#at++;
    this.#skipSpace();
  }

  /** What comes next is something else than what must come next. */
  expected(what: string, hint?: string): TursoPoolError {
    const found = this.#match(/[<>=!~]+|[\w@%.-]+|./suy)?.[0];
    return this.error(this.#at, `expected ${what}, found ${found ? quote(found) : "the end"}`, hint);
  }

  /** An error for people that points at the character at `at`, or at the next one. */
  error(at: number | "next", problem: string, hint?: string): TursoPoolError {
    const index = at === "next" ? this.#at : at;
    const place = `${quote(this.#text, index)} at character ${characterAt(this.#text, index)}`;
    return new TursoPoolError("INVALID_OPTION", `${this.#option}: ${place}: ${problem}`, { hint });
  }

  #skipSpace(): void {
    this.#at += this.#match(/\s*/y)?.[0].length ?? 0;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }
}
