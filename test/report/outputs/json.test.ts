import { expect, it } from "vitest";
import { json } from "../../../src/report/outputs/json.js";
import { gate, openLoop, resultOf, withGates } from "../../support/bench-results.js";
import { parseJson } from "../../support/schemas.js";

it.each([
  ["a closed loop", resultOf({ unpooled: [2, 1], keepalive: [1, null] })],
  ["an open loop", openLoop(resultOf({ client: [1, 0] }))],
  ["a second database", resultOf({ keepalive: [1, 0], "keepalive@base": [2, 0] })],
  ["twins", resultOf({ keepalive: [1, 0], "keepalive@again": [1, 0] })],
  ["gates", withGates(resultOf({ keepalive: [1, 0] }), [gate(), gate({ verdict: "fail", value: 6 })])],
])("the JSON output of %s is the whole result, and has the documented shape", (_, result) => {
  const text = json(result);
  expect(parseJson(text, "bench-result")).toEqual(result);
  expect(text).toMatch(/\}\n$/);
});
