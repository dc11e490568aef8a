import { describe, expect, it } from "vitest";
import { checkThreshold } from "../../../src/bench/gates/check-threshold.js";
import { parseThreshold } from "../../../src/bench/gates/parse-threshold.js";
import { TursoPoolError } from "../../../src/core/errors.js";

function check(text: string, contestants: readonly string[]): TursoPoolError | undefined {
  try {
    checkThreshold(parseThreshold(text), contestants);
    return undefined;
  } catch (error) {
    if (error instanceof TursoPoolError) return error;
    throw error;
  }
}

describe("a threshold", () => {
  it.each(["pool.error_rate < 1%", "ratio(client, pool@base, latency_ms.p95) > 1"])(
    "on what runs is accepted: %s",
    (text) => {
      expect(check(text, ["client", "pool", "pool@base"])).toBeUndefined();
    },
  );

  it.each([
    ["pool.error_rate < 1%", "pool", "Add --strategy pool."],
    ["ratio(client, pool, latency_ms.p95) > 1", "pool", "Add --strategy pool."],
    ["ratio(pool, client, latency_ms.p95) > 1", "pool", "Add --strategy pool."],
    ["client@base.error_rate < 1%", "client@base", "@base needs --against."],
    ["client@again.error_rate < 1%", "client@again", "@again needs --calibrate."],
    ["keepaliv.error_rate < 1%", "keepaliv", "Did you mean keepalive?"],
    ["turtle.error_rate < 1%", "turtle", undefined],
  ])("on what does not run is refused before any load: %s", (text, missing, hint) => {
    const error = check(text, ["client", "keepalive"]);
    expect(error?.code).toBe("INVALID_OPTION");
    expect(error?.message).toBe(
      `--threshold: ${JSON.stringify(text)}: "${missing}" does not run; these do: client, keepalive`,
    );
    expect(error?.hint).toBe(hint);
  });
});
