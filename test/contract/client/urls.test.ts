import type { Config } from "@libsql/client";
import { describe, expect, test } from "vitest";
import { CONFIGS, SECRET, SECRET_CONFIGS } from "./cases/urls.js";
import { CONTESTANTS, type Kind } from "./contestants.js";
import { expectSameOutcome } from "./expect-same.js";
import { outcomeOf, type Outcome } from "./outcome.js";

/** What comes of making a client of options, whatever they are, before it is used. */
const made = (kind: Kind, config: unknown): Promise<Outcome> =>
  outcomeOf(() => {
    const client = CONTESTANTS[kind](config as Config);
    const { protocol, closed } = client;
    client.close();
    return { protocol, closed };
  });

describe.each(["is made or refused for", "quotes no secret about"])("a client %s", (what) => {
  const configs = what.startsWith("quotes") ? SECRET_CONFIGS : CONFIGS;
  test.each(configs)("%s", async (name, config) => {
    const actual = await made("pooled", config);
    expect(JSON.stringify(actual)).not.toContain(SECRET);
    expectSameOutcome(`options: ${name}`, "http", await made("plain", config), actual);
  });
});
