import { expect, it } from "vitest";
import { createPool } from "#dist/index.js";
import { httpAnswer, onRequest, rawServer, SELECT_1 } from "../support/raw-server.js";

/** What sqld says, in its own words: it was asked. */
const NO_ROOM = httpAnswer(JSON.stringify({ error: "Timed out while opening database connection" }), {
  status: "429 Too Many Requests",
});
const EXPIRED = httpAnswer(JSON.stringify({ error: "Unauthorized: `The JWT has expired`" }), {
  status: "401 Unauthorized",
});

/** A client of a server that gives these answers, the last one for good. */
async function answering(answers: readonly string[], options: { readonly maxRetries?: number } = {}) {
  const bodies: string[] = [];
  const server = await rawServer((socket) =>
    onRequest(socket, (_, body) => {
      const answer = answers[Math.min(bodies.push(body), answers.length) - 1] ?? SELECT_1;
      socket.write(answer);
    }),
  );
  const client = createPool({ url: `http://127.0.0.1:${server.port}`, maxConnections: 1, ...options });
  return {
    client,
    bodies,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

it("a server that has no room for a request executes nothing of it, so it is sent again", async () => {
  await using stage = await answering([NO_ROOM, NO_ROOM, httpAnswer(SELECT_1)]);
  await stage.client.execute("INSERT INTO t VALUES (1)");
  expect(stage.bodies).toHaveLength(3);
});

it("a server that never has room is given up, and nothing was executed", async () => {
  await using stage = await answering([NO_ROOM]);
  await expect(stage.client.execute("INSERT INTO t VALUES (1)")).rejects.toMatchObject({
    code: "SERVER_ERROR",
    outcome: "not executed",
    message: expect.stringContaining("Timed out while opening database connection") as unknown,
  });
});

it("a token that is refused is told of with the reason", async () => {
  await using stage = await answering([EXPIRED]);
  await expect(stage.client.execute("SELECT 1")).rejects.toMatchObject({
    code: "AUTH_REJECTED",
    message: expect.stringContaining("The JWT has expired") as unknown,
  });
});

it("a text that sqld does not store, as it counts bytes, is sent with its statement", async () => {
  await using stage = await answering([httpAnswer(SELECT_1)], { maxRetries: 0 });
  const texts = ["x", "é", "€"].map((letter) => `SELECT '${letter.repeat(2_490)}'`);
  // Nothing that this server answers with is a batch's result, and it is pinged after that.
  for (const text of texts) await stage.client.batch([text, text]).catch(() => undefined);
  const batches = stage.bodies.filter((body) => body.length > 1_000);
  expect(batches.map((body) => body.includes("store_sql"))).toEqual([true, true, false]);
  expect(batches.map((body) => body.split("SELECT '").length - 1)).toEqual([1, 1, 2]);
});
