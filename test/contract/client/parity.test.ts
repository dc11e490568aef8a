import { afterAll, beforeAll, describe, test } from "vitest";
import type { Transport } from "./case.js";
import { GROUPS } from "./cases/groups.js";
import { expectSameOutcome } from "./expect-same.js";
import { Theatre } from "./theatre.js";

const TRANSPORTS: readonly Transport[] = ["ws", "http", "file", "memory"];
describe.each(TRANSPORTS)("over %s, a client", (transport) => {
  let plain: Theatre | undefined;
  let pooled: Theatre | undefined;

  beforeAll(async () => {
    plain = await Theatre.open("plain", transport);
    pooled = await Theatre.open("pooled", transport);
  });
  afterAll(async () => {
    await plain?.[Symbol.asyncDispose]();
    await pooled?.[Symbol.asyncDispose]();
  });

  describe.each(Object.entries(GROUPS))("(%s)", (_group, cases) => {
    for (const played of cases.filter(({ on }) => on?.includes(transport) ?? true)) {
      test(played.name, async () => {
        if (plain === undefined || pooled === undefined) throw new Error("not begun");
        const expected = await plain.play(played);
        expectSameOutcome(played.name, transport, expected, await pooled.play(played));
      });
    }
  });
});
