import type { Client, InArgs, InStatement } from "@libsql/core/api";
import { effectOf } from "../../core/sql/read-only.js";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import type { Lease } from "../lease.js";

/** One call of a client: what it asks of a connection. */
export interface Operation<T> {
  /** The texts of its statements, each a single one; `undefined` where nobody can say. Asked for after a failure only. */
  readonly statements?: () => readonly string[];
  /** There when the result keeps the lease. Gives it back when it came too late for anybody to want it. */
  readonly abandon?: (result: T) => void;
  run(client: Client, lease: Lease<LibsqlConnection>): Promise<T>;
}

export type AnyStatement = InStatement | [sql: string, args?: InArgs];

export function sqlOf(statement: AnyStatement): string {
  if (typeof statement === "string") return statement;
  return Array.isArray(statement) ? statement[0] : statement.sql;
}

/**
 * A statement as it was when it was given: it may wait, or be sent again, while its caller puts the object to other uses.
 * The bytes of blobs are not copied. What is no statement is left as it is, for the client to refuse.
 */
export function copyOf<S extends AnyStatement>(statement: S): S {
  const given: unknown = statement;
  if (typeof given !== "object" || given === null) return statement;
  if (Array.isArray(given)) return given.map(copyOfArgs) as S;
  const { sql, args } = given as { readonly sql: unknown; readonly args?: unknown };
  return { ...given, sql, args: copyOfArgs(args) } as unknown as S;
}

export function copiesOf<S extends AnyStatement>(statements: S[]): S[] {
  return Array.isArray(statements) ? statements.map(copyOf) : statements;
}

function copyOfArgs(args: unknown): unknown {
  if (Array.isArray(args)) return [...(args as unknown[])];
  return typeof args === "object" && args !== null ? { ...args } : args;
}

/** Whether anything went out since `bytesSent` was `before`. What asks a local database is executed where it stands. */
export function hasSent({ bytesSent }: LibsqlConnection, before: number | undefined): boolean {
  return bytesSent === undefined || bytesSent > (before ?? 0);
}

/** Whether statements look as if they only read. It takes the engine to be sure. */
export function seemReadOnly(statements: readonly string[]): boolean {
  return statements.length > 0 && statements.every((sql) => effectOf(sql) === "none");
}

/** Whether all of them only read, by the engine's own word. */
export async function areReadOnly(
  connection: LibsqlConnection,
  statements: readonly string[],
): Promise<boolean> {
  for (const sql of new Set(statements)) if (!(await connection.isReadOnly(sql))) return false;
  return true;
}
