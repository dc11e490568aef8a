import { expect, it } from "vitest";
import { keepAliveAlone } from "../../../src/tune/derive/keep-alive-alone.js";
import { deriveSettings } from "../../../src/tune/derive/derive-settings.js";
import { costOf, idleOf, limitOf, planOf, sizeOf } from "../evidence.js";

it("keep-alive alone leaves all as it is but what keeps connections alive, and says why", () => {
  const [own, other] = [costOf("http://localhost:1", 2), costOf("ws://localhost:1", 1)];
  const idle = idleOf(limitOf(6_900, 7_000));
  const whole = deriveSettings(planOf(), { costs: [own, other], idle, idleUnknown: "", size: sizeOf(3) });
  if (whole === undefined) throw new Error("nothing was derived");
  const alone = keepAliveAlone(whole, own, "throughput worse: 0.63x");
  const { keepAliveInterval, staleThreshold, pingTimeout } = whole.recommended;
  expect(alone.recommended).toEqual({ ...whole.now, keepAliveInterval, staleThreshold, pingTimeout });
  expect(alone.via).toBe(own);
  const changed = alone.settings.filter((row) => row.now !== row.recommended).map((row) => row.setting);
  expect(changed).toEqual(["keepAliveInterval", "staleThreshold", "pingTimeout"]);
  expect(alone.settings.find((row) => row.setting === "maxConnections")?.rule).toBe(
    "as it is: with 3 and the others it measured worse (throughput worse: 0.63x)",
  );
});
