import type { Client } from "@libsql/client";
import { HttpTransaction } from "@libsql/client/http";
import { quietBatches } from "./quiet-batches.js";
import { sendLongTexts } from "./send-long-texts.js";

/** Mends the Hrana client that a client over HTTP hides: it shows in a transaction, which sends nothing. */
export async function mendHttpClient(client: Client): Promise<void> {
  const transaction = await client.transaction();
  transaction.close();
  if (!(transaction instanceof HttpTransaction)) return;
  const hrana = transaction._getStream().client();
  quietBatches(hrana);
  sendLongTexts(hrana);
}
