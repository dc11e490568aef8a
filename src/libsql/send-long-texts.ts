import { HttpStream, type Client, type Sql } from "@libsql/hrana-client";

/** What sqld stores of a statement's text at most for a stream over HTTP, in bytes. */
const LONGEST_STORED = 5_000;

/**
 * Sends texts that sqld does not store with the statement itself.
 *
 * `@libsql/client` has the texts of a batch or transaction stored before they are executed, but those that are too long.
 * It counts characters where sqld counts bytes, so that 4,000 letters with accents would make the whole request fail.
 */
export function sendLongTexts(client: Client): void {
  const openStream = client.openStream.bind(client);
  client.openStream = () => {
    const stream = openStream();
    if (!(stream instanceof HttpStream)) return stream;
    const storeSql = stream.storeSql.bind(stream);
    stream.storeSql = (sql) => (Buffer.byteLength(sql) > LONGEST_STORED ? unstored(sql) : storeSql(sql));
    return stream;
  };
}

/** What `@libsql/client` takes for a text that is stored, and its Hrana client for one that is not. */
function unstored(sql: string): Sql {
  return { closed: false, close: () => undefined, toString: () => sql } as unknown as Sql;
}
