/** A piece of SQL text that matters for telling statements apart; whitespace and comments are skipped. */
export interface SqlToken {
  readonly kind: "word" | "parameter" | "semicolon" | "open" | "close" | "literal" | "other";
  readonly start: number;
  readonly end: number;
}

const WORD_START = /[A-Za-z_\u0080-\uffff]/;
/** SQLite's identifier characters, and the ends of numbers such as 1e5 or 0xff that nothing may follow. */
const WORD = /[A-Za-z0-9_$\u0080-\uffff]*/y;
const SPACE_OR_COMMENT = /(?:[ \t\n\f\r\ufeff]+|--[^\n]*|\/\*[^]*?(?:\*\/|$))*/y;
const NUMBER = /\.?[0-9][A-Za-z0-9_.$\u0080-\uffff]*/y;
/** `?12`, `:name`, `@name`, `$name`, and Tcl's `$a::b(c)`, as SQLite's tokenizer has them (but for its length). */
const PARAMETER = /\?[0-9]*|[:@#$](?:::|[A-Za-z0-9_$\u0080-\uffff])+(?:\([^)\s]{0,200}\))?/y;

/**
 * Cuts SQL into tokens as SQLite's tokenizer does, as far as statements and parameters need it.
 * Source: https://sqlite.org/src/file/src/tokenize.c. SQL ends at a NUL, as it does there.
 */
export function* tokenizeSql(sql: string): Generator<SqlToken, void, undefined> {
  const nul = sql.indexOf("\0");
  const text = nul === -1 ? sql : sql.slice(0, nul);
  for (let at = skip(SPACE_OR_COMMENT, text, 0); at < text.length;) {
    const token = tokenAt(text, at);
    yield token;
    at = skip(SPACE_OR_COMMENT, text, token.end);
  }
}

function tokenAt(text: string, start: number): SqlToken {
  const char = text.charAt(start);
  switch (char) {
    case ";":
      return { kind: "semicolon", start, end: start + 1 };
    case "(":
      return { kind: "open", start, end: start + 1 };
    case ")":
      return { kind: "close", start, end: start + 1 };
    case "'":
    case '"':
    case "`":
      return { kind: "literal", start, end: quotedEnd(text, start, char) };
    case "[": {
      const close = text.indexOf("]", start);
      return { kind: "literal", start, end: close === -1 ? text.length : close + 1 };
    }
    default:
      break;
  }
  const parameterEnd = skip(PARAMETER, text, start);
  if (parameterEnd > start) return { kind: "parameter", start, end: parameterEnd };
  if (WORD_START.test(char)) return { kind: "word", start, end: skip(WORD, text, start) };
  return { kind: "other", start, end: Math.max(skip(NUMBER, text, start), start + 1) };
}

/** The end of a quoted piece in which a doubled quote stands for one. */
function quotedEnd(text: string, start: number, quote: string): number {
  for (let at = start + 1; ; at += 2) {
    at = text.indexOf(quote, at);
    if (at === -1) return text.length;
    if (text.charAt(at + 1) !== quote) return at + 1;
  }
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}
