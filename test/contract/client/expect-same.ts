import { expect } from "vitest";
import type { Transport } from "./case.js";
import { FIXED_DEFECTS } from "./fixed-defects.js";
import type { Outcome } from "./outcome.js";

/** Both the same, or different in exactly the way that the list of fixed defects says. */
export function expectSameOutcome(name: string, transport: Transport, plain: Outcome, ours: Outcome): void {
  const defect = FIXED_DEFECTS.find(({ cases, on }) => cases.includes(name) && on.includes(transport));
  if (defect === undefined) {
    expect(ours).toEqual(plain);
  } else {
    expect({ outcome: plain }, "the plain client").toMatchObject({ outcome: defect.plain });
    expect({ outcome: ours }, "ours").toMatchObject({ outcome: defect.ours });
    expect(ours, "no difference any more").not.toEqual(plain);
  }
}
