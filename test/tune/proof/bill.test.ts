import { expect, it } from "vitest";
import { billOf } from "../../../src/tune/proof/bill.js";
import { profileOf } from "../../../src/tune/profile.js";
import { figures } from "../evidence.js";

const settings = {
  maxConnections: 4,
  minConnections: 1,
  keepAliveInterval: 30_000,
  staleThreshold: 60_000,
  pingTimeout: 1_000,
  connectionTimeout: 2_000,
  maxLifetime: 1_800_000,
};
const facts = {
  settings,
  profile: profileOf("default"),
  open: figures(30),
  trip: figures(10),
  quotaPerDay: null,
  isLocal: false,
};

it("counts a ping for each connection held and interval, a tenth of which is jitter", () => {
  expect(billOf(facts).pings_per_day).toBe(3_200);
  expect(billOf({ ...facts, settings: { ...settings, minConnections: 2 } }).pings_per_day).toBe(6_400);
});

it("breaks even where pings take as long as the openings that they save", () => {
  const bill = billOf(facts);
  expect(bill.break_even_per_day).toBe(1_067);
  expect(bill.pooling_pays).toBe(true);
});

it("says that pooling does not pay below that", () => {
  const bill = billOf({ ...facts, profile: profileOf("default", { perSecond: 0.01 }) });
  expect(bill).toMatchObject({ operations_per_day: 864, pooling_pays: false });
  expect(bill.rule).toContain("864 operations a day are fewer than the 1067");
});

it("tells the share of a quota", () => {
  expect(billOf({ ...facts, quotaPerDay: 32_000 }).quota_share).toBeCloseTo(0.1);
});

it("charges nothing for a database of this machine", () => {
  expect(billOf({ ...facts, isLocal: true })).toMatchObject({ pings_per_day: 0, pooling_pays: null });
});
