import { scanSql } from "../../server/sql-scan.js";

/** True when every statement of the text is known to leave the database, and its connection, as they are. */
export function isReadOnly(sql: string): boolean {
  const statements = scanSql(sql);
  return (
    statements.length > 0 &&
    statements.every((statement) => statement.kind === "read" && !statement.marksConnection)
  );
}
