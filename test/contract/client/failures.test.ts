import type { Client, Config } from "@libsql/client";
import { describe, expect, test } from "vitest";
import { serve } from "../../support/servers.js";
import { signedTokens } from "../../support/signed-tokens.js";
import { tcpProxy } from "../../support/tcp-proxy.js";
import { FAILURE_CASES, type FailureCase } from "./cases/failures.js";
import { SECRET } from "./cases/urls.js";
import { CONTESTANTS, type Kind } from "./contestants.js";
import { expectSameOutcome } from "./expect-same.js";
import { outcomeOf, type Outcome } from "./outcome.js";

/** Plays a case with a client of one kind, on a server behind a proxy, both for this case alone. */
async function play(kind: Kind, scheme: "ws" | "http", played: FailureCase): Promise<Outcome> {
  await using keys = await signedTokens();
  const { authJwtKeyFile, ...options } = played.options ?? {};
  const auth = authJwtKeyFile === undefined ? {} : { authJwtKeyFile: keys.authJwtKeyFile };
  await using started = await serve(scheme, { ...options, ...auth });
  const { server } = started;
  await using proxy = await tcpProxy(Number(new URL(started.url).port));
  const clients: Client[] = [];
  const create = (config: Partial<Config> = {}): Client => {
    const client = CONTESTANTS[kind]({ url: `${scheme}://127.0.0.1:${proxy.port}`, ...config });
    clients.push(client);
    return client;
  };
  try {
    const outcome = await outcomeOf(() => played.run(create(played.config), { server, proxy, create }));
    return JSON.parse(JSON.stringify(outcome).replaceAll(String(proxy.port), "<port>")) as Outcome;
  } finally {
    for (const client of clients) if (!client.closed) client.close();
  }
}

describe.each(["ws", "http"] as const)("over %s, a client", (scheme) => {
  for (const played of FAILURE_CASES.filter(({ on }) => on?.includes(scheme) ?? true)) {
    test(played.name, async () => {
      const [plain, ours] = await Promise.all([
        play("plain", scheme, played),
        play("pooled", scheme, played),
      ]);
      expect(JSON.stringify(ours)).not.toContain(SECRET);
      expectSameOutcome(played.name, scheme, plain, ours);
    });
  }
});
