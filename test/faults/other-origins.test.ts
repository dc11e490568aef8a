import type { LibsqlConnection } from "#dist/index.js";
import { connector } from "#dist/index.js";
import { expect, it } from "vitest";
import { eventually } from "../support/eventually.js";
import { httpAnswer, onRequest, rawServer, type RawServer } from "../support/raw-server.js";
import { tls12Server } from "../support/tls12-server.js";

const EMPTY = { cols: [], rows: [], affected_row_count: 0, last_insert_rowid: null };

/** A server that sends what comes next in a stream elsewhere, and keeps the heads of the requests that came. */
async function sendingOn(baseUrl: () => string | null): Promise<RawServer & { readonly heads: string[] }> {
  const heads: string[] = [];
  const server = await rawServer((socket) =>
    onRequest(socket, (head, body) => {
      heads.push(head);
      const { requests } = JSON.parse(body) as { requests: { type: string; batch?: { steps: unknown[] } }[] };
      const results = requests.map(({ type, batch }) => {
        const steps = batch?.steps ?? [];
        const result =
          type === "batch"
            ? { step_results: steps.map(() => EMPTY), step_errors: steps.map(() => null) }
            : EMPTY;
        return { type: "ok", response: { type, result } };
      });
      socket.write(httpAnswer(JSON.stringify({ baton: "b", base_url: baseUrl(), results })));
    }),
  );
  return Object.assign(server, { heads });
}

/** Two requests of one stream; the second one goes where the answer to the first one said. */
async function twoRequests({ client }: LibsqlConnection): Promise<void> {
  const transaction = await client.transaction("read");
  try {
    await transaction.execute("SELECT 1");
    await transaction.execute("SELECT 2");
  } finally {
    transaction.close();
  }
}

it("a stream that the server sends on goes on there, with the token, and leaves nothing open", async () => {
  await using second = await sendingOn(() => null);
  await using first = await sendingOn(() => `http://127.0.0.1:${second.port}`);
  const open = connector({ url: `http://127.0.0.1:${first.port}`, authToken: "token" });
  const connection = await open(AbortSignal.timeout(5_000));
  await twoRequests(connection);
  expect(first.heads).toHaveLength(1);
  expect(second.heads[0]).toMatch(/^authorization: Bearer token$/m);
  await connection.close();
  await eventually(() => first.open === 0 && second.open === 0);
});

it.each(["http", "ftp", "data"])(
  "nothing is sent on from TLS to %s:, least of all the token",
  async (scheme) => {
    await using second = await sendingOn(() => null);
    await using behind = await sendingOn(() => `${scheme}://localhost:${second.port}`);
    await using first = await tls12Server(behind.port);
    const open = connector({ url: `https://localhost:${first.port}`, ca: first.ca, authToken: "token" });
    const connection = await open(AbortSignal.timeout(5_000));
    await expect(twoRequests(connection)).rejects.toMatchObject({ code: "SERVER_ERROR" });
    expect(second.accepted).toBe(0);
    await connection.close();
  },
);

it("a stream that is sent on to a server with an unknown certificate goes no further", async () => {
  await using second = await sendingOn(() => null);
  await using secured = await tls12Server(second.port);
  await using first = await sendingOn(() => `https://localhost:${secured.port}`);
  const connection = await connector({ url: `http://127.0.0.1:${first.port}` })(AbortSignal.timeout(5_000));
  await expect(twoRequests(connection)).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
  expect(second.heads).toEqual([]);
  await connection.close();
});
