import { expect, test } from "vitest";
import { patienceFor } from "../../../src/tune/idle/patience.js";
import { figures } from "../evidence.js";

test("a connection is waited for much longer than its answers take, and one of a slow database is not given up", () => {
  expect(patienceFor([figures(0.2)])).toBe(500);
  expect(patienceFor([figures(50, 100)])).toBe(1_000);
  expect(patienceFor([figures(0.2), figures(50, 150)])).toBe(1_500);
  expect(patienceFor([figures(50, 400)])).toBe(2_000);
  expect(patienceFor([figures(2_000, 2_200)])).toBe(6_600);
  expect(patienceFor([])).toBe(2_000);
});
