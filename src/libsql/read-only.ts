import type { Client } from "@libsql/hrana-client";

/** Whether the engine calls a statement read-only; in a stream of its own, which is closed at once. */
export async function describesReadOnly(client: Client, sql: string): Promise<boolean> {
  await client.getVersion();
  const stream = client.openStream();
  try {
    const described = stream.describe(sql);
    stream.closeGracefully();
    return (await described).isReadonly;
  } finally {
    stream.close();
  }
}
