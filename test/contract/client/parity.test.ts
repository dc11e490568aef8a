import { afterAll, beforeAll, describe, test } from "vitest";
import type { Case, Transport } from "./case.js";
import { ARGUMENT_CASES } from "./cases/arguments.js";
import { BATCH_CASES, MIGRATE_CASES } from "./cases/batches.js";
import { CAPACITY_CASES } from "./cases/capacity.js";
import { ERROR_CASES } from "./cases/errors.js";
import { ISOLATION_CASES } from "./cases/isolation.js";
import { LIFECYCLE_CASES } from "./cases/lifecycle.js";
import { RESULT_CASES } from "./cases/results.js";
import { SCRIPT_CASES } from "./cases/scripts.js";
import { TRANSACTION_CASES } from "./cases/transactions.js";
import { VALUE_CASES } from "./cases/values.js";
import { expectSameOutcome } from "./expect-same.js";
import { Theatre } from "./theatre.js";

const TRANSPORTS: readonly Transport[] = ["ws", "http", "file", "memory"];
const GROUPS: Readonly<Record<string, readonly Case[]>> = {
  values: VALUE_CASES,
  arguments: ARGUMENT_CASES,
  results: RESULT_CASES,
  batches: BATCH_CASES,
  migrations: MIGRATE_CASES,
  transactions: TRANSACTION_CASES,
  isolation: ISOLATION_CASES,
  scripts: SCRIPT_CASES,
  errors: ERROR_CASES,
  lifecycle: LIFECYCLE_CASES,
  capacity: CAPACITY_CASES,
};

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
