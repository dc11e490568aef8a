import { expect, it } from "vitest";
import { connector } from "#dist/index.js";
import { httpAnswer, onRequest, rawServer } from "../support/raw-server.js";
import { serve } from "../support/servers.js";
import { signedTokens } from "../support/signed-tokens.js";
import { unhandled } from "../support/unhandled.js";

it.each(["ws", "http"] as const)(
  "a migration over %s that the token does not allow fails its caller, and nobody else",
  async (scheme) => {
    await using tokens = await signedTokens();
    await using target = await serve(scheme, { authJwtKeyFile: tokens.authJwtKeyFile });
    const authToken = await tokens.sign("1h", "ro");
    const connection = await connector({ url: target.url, authToken })(AbortSignal.timeout(5_000));
    const seen = await unhandled(async () => {
      await expect(connection.client.migrate(["CREATE TABLE t (a)"])).rejects.toMatchObject({
        code: "BLOCKED",
      });
    });
    expect(seen).toEqual([]);
    await connection.close();
  },
);

it("a server that says every statement of a batch failed fails its caller, and nobody else", async () => {
  const result = {
    step_results: Array(5).fill(null),
    step_errors: Array(5).fill({ message: "no", code: "NO" }),
  };
  await using server = await rawServer((socket) =>
    onRequest(socket, (_, body) => {
      const { requests } = JSON.parse(body) as { requests: { type: string }[] };
      const results = requests.map(({ type }) => ({ type: "ok", response: { type, result } }));
      socket.write(httpAnswer(JSON.stringify({ baton: null, base_url: null, results })));
    }),
  );
  const url = `http://127.0.0.1:${server.port}`;
  const connection = await connector({ url })(AbortSignal.timeout(5_000));
  const seen = await unhandled(async () => {
    await expect(connection.client.batch(["SELECT 1", "SELECT 2"])).rejects.toMatchObject({ code: "NO" });
  });
  expect(seen).toEqual([]);
  await connection.close();
});
