/** How a statement bears on transactions, the write lock and the state of its connection. */
export interface StatementClass {
  readonly kind:
    | "read"
    | "write"
    /** BEGIN, which takes no lock until something is written. */
    | "begin"
    /** BEGIN IMMEDIATE or EXCLUSIVE, which takes the write lock at once. */
    | "begin-write"
    /** COMMIT, ROLLBACK, SAVEPOINT, RELEASE. */
    | "transaction"
    /** Something that this server does not let through; the reason is in `refusal`. */
    | "refused";
  readonly refusal?: string;
  readonly isExplain: boolean;
  /** INSERT, UPDATE or DELETE: only these have an affected row count. */
  readonly isChange: boolean;
  /** INSERT: only this has a last insert rowid. */
  readonly isInsert: boolean;
  /** Leaves something behind in the connection, which must not be handed to another stream. */
  readonly marksConnection: boolean;
  /** Asks for what earlier statements of the connection left: `changes()`, `last_insert_rowid()`. */
  readonly readsConnection: boolean;
}

/** Pragmas that tell something even when they are given an argument. */
const READING_PRAGMAS = new Set(
  (
    "TABLE_LIST INDEX_LIST TABLE_INFO TABLE_XINFO INDEX_INFO INDEX_XINFO FOREIGN_KEY_LIST FOREIGN_KEY_CHECK " +
    "INTEGRITY_CHECK QUICK_CHECK ENCODING"
  ).split(" "),
);
/** Pragmas that do something to the file when they are given no argument. */
const WRITING_PRAGMAS = new Set("INCREMENTAL_VACUUM OPTIMIZE WAL_CHECKPOINT".split(" "));
/**
 * Pragmas whose setting is one client's own business. Others could block the server's only thread
 * (busy_timeout, locking_mode), leave WAL mode, encrypt or corrupt the file, or change the whole process.
 */
const SETTABLE_PRAGMAS = new Set(
  (
    "FOREIGN_KEYS DEFER_FOREIGN_KEYS USER_VERSION APPLICATION_ID CACHE_SIZE CACHE_SPILL SYNCHRONOUS " +
    "RECURSIVE_TRIGGERS CASE_SENSITIVE_LIKE IGNORE_CHECK_CONSTRAINTS QUERY_ONLY TEMP_STORE ANALYSIS_LIMIT " +
    "SECURE_DELETE REVERSE_UNORDERED_SELECTS LEGACY_ALTER_TABLE AUTO_VACUUM PAGE_SIZE CELL_SIZE_CHECK " +
    "AUTOMATIC_INDEX READ_UNCOMMITTED TRUSTED_SCHEMA SHORT_COLUMN_NAMES FULL_COLUMN_NAMES COUNT_CHANGES " +
    "OPTIMIZE WAL_CHECKPOINT INCREMENTAL_VACUUM"
  ).split(" "),
);

const CONNECTION_READERS = new Set(["LAST_INSERT_ROWID", "CHANGES", "TOTAL_CHANGES"]);
const READ: StatementClass = {
  kind: "read",
  isExplain: false,
  isChange: false,
  isInsert: false,
  marksConnection: false,
  readsConnection: false,
};

/**
 * Classifies a statement by its keywords. What is not known counts as a write: that is always safe.
 * @param words keywords in capitals, with `(` and `)`; empty for every other token.
 * @param textAt the text of a token.
 */
export function classify(words: readonly string[], textAt: (index: number) => string): StatementClass {
  const explained = words[0] === "EXPLAIN" ? (words[1] === "QUERY" ? 3 : 1) : 0;
  // EXPLAIN does not keep a pragma from taking effect: many work while they are prepared.
  if (words[explained] === "PRAGMA") return classifyPragma(words, explained, textAt);
  const readsConnection = words.some((word) => CONNECTION_READERS.has(word));
  if (explained > 0) return { ...READ, isExplain: true, readsConnection };
  return { ...classifyVerb(words, textAt), readsConnection };
}

function classifyVerb(words: readonly string[], textAt: (index: number) => string): StatementClass {
  const verb = (words[0] === "WITH" ? verbAfterWith(words) : words[0]) ?? "";
  switch (verb) {
    case "SELECT":
    case "VALUES":
      return READ;
    case "INSERT":
    case "REPLACE":
      return { ...READ, kind: "write", isChange: true, isInsert: true };
    case "UPDATE":
    case "DELETE":
      return { ...READ, kind: "write", isChange: true };
    case "BEGIN":
      return {
        ...READ,
        kind: words[1] === "IMMEDIATE" || words[1] === "EXCLUSIVE" ? "begin-write" : "begin",
      };
    case "COMMIT":
    case "END":
    case "ROLLBACK":
    case "SAVEPOINT":
    case "RELEASE":
      return { ...READ, kind: "transaction" };
    case "ATTACH":
      return isMemory(textAt(words[1] === "DATABASE" ? 2 : 1))
        ? { ...READ, marksConnection: true }
        : refuse("unsupported statement: only ':memory:' can be attached");
    case "DETACH":
      return { ...READ, marksConnection: true };
    case "VACUUM":
      return words.includes("INTO")
        ? refuse("unsupported statement: VACUUM INTO")
        : { ...READ, kind: "write" };
    default:
      return {
        ...READ,
        kind: "write",
        marksConnection: words.some((word, index) => isTemporary(word || textAt(index))),
      };
  }
}

/** The verb of a statement with common table expressions: the word after a closing `)` that is not AS. */
function verbAfterWith(words: readonly string[]): string | undefined {
  let depth = 0;
  for (const [index, word] of words.entries()) {
    if (word === "(") depth++;
    else if (word === ")") depth--;
    else if (depth === 0 && word !== "" && word !== "AS" && words[index - 1] === ")") return word;
  }
  return undefined;
}

function classifyPragma(
  words: readonly string[],
  start: number,
  textAt: (index: number) => string,
): StatementClass {
  const nameAt = textAt(start + 2) === "." ? start + 3 : start + 1;
  const written = textAt(nameAt).replace(/^["'`[]|["'`\]]$/g, "");
  const name = written.toUpperCase();
  const isExplain = start > 0;
  if (READING_PRAGMAS.has(name)) return { ...READ, isExplain };
  if (words.length > nameAt + 1) {
    if (!SETTABLE_PRAGMAS.has(name))
      return refuse(`unsupported statement: PRAGMA ${written} with an argument`);
    return { ...READ, kind: "write", marksConnection: true, isExplain };
  }
  return { ...READ, kind: WRITING_PRAGMAS.has(name) ? "write" : "read", isExplain };
}

function refuse(refusal: string): StatementClass {
  return { ...READ, kind: "refused", refusal };
}

/** The keyword, or the schema's name in quotes. */
function isTemporary(text: string): boolean {
  return /^["'`[]?TEMP(?:ORARY)?["'`\]]?$/i.test(text);
}

function isMemory(text: string): boolean {
  return text === "':memory:'" || text === '":memory:"' || text === "''";
}
