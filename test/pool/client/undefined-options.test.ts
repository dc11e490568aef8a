import { expect, it } from "vitest";
import { createPool } from "../../../src/pool/client/create-pool.js";

it("createPool() takes undefined for what is not given, as `process.env` has it, strict types or not", async () => {
  await using client = createPool({
    ...{ url: ":memory:", authToken: undefined, ca: undefined, via: undefined, sockets: undefined },
    ...{ operationTimeout: undefined, maxRetries: undefined, reclaimLeaks: undefined },
  });
  const { rows } = await client.execute("SELECT 1 AS one");
  expect(rows[0]?.one).toBe(1);
});
