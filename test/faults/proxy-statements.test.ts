import { createClient } from "@libsql/client";
import { describe, expect, it } from "vitest";
import { FaultProxy } from "#dist/rehearse/proxy/fault-proxy.js";
import { serve } from "../support/servers.js";

const TIMES = 100;

/** What scripts rely on that look for lost and doubled writes. */
describe.each(["http", "ws"] as const)("a statement over %s whose caller got no answer", (scheme) => {
  it.each([
    ["cut-answer", TIMES],
    ["cut-request", 0],
  ] as const)("%s: of a hundred, exactly %i were executed", async (kind, executed) => {
    await using target = await serve(scheme);
    await using proxy = await FaultProxy.listen({ host: "127.0.0.1", port: target.server.port });
    const direct = createClient({ url: target.server.url("http") });
    await direct.execute("CREATE TABLE writes(key INTEGER)");
    await proxy.inject({ kind, matching: "INSERT" });
    const client = createClient({ url: `${scheme}://127.0.0.1:${proxy.port}` });
    let errors = 0;
    for (let key = 0; key < TIMES; key++) {
      await client.execute({ sql: "INSERT INTO writes VALUES (?)", args: [key] }).catch(() => errors++);
    }
    // What does not match is not struck, on the same client.
    await client.execute("SELECT 1");
    const { rows } = await direct.execute("SELECT count(*), count(DISTINCT key) FROM writes");
    expect([errors, proxy.struck, rows[0]?.[0], rows[0]?.[1]]).toEqual([TIMES, TIMES, executed, executed]);
    client.close();
    direct.close();
  });
});
