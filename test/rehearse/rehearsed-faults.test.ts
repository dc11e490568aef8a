import { describe, expect, it } from "vitest";
import { FAULT_NAMES, rehearsedFaults, type Rehearsed } from "../../src/rehearse/rehearsed-faults.js";

const frozen: Rehearsed = {
  fault: "frozen",
  meaning: "it stands still",
  how: { kind: "server", server: { begin: () => undefined, end: () => undefined } },
};
const names = (list: readonly { readonly fault: string }[]): string[] => list.map(({ fault }) => fault);

describe("the faults of a rehearsal", () => {
  it("are the network's only, where the server is somebody else's", () => {
    const { faults, skipped } = rehearsedFaults({
      target: { tls: true, transport: "http" },
      ...{ ofServer: undefined, only: undefined },
    });
    expect(names(faults)).toEqual(FAULT_NAMES.slice(0, 11));
    expect(skipped).toEqual([]);
  });

  it.each(["http", "ws"] as const)(
    "are all that there are between a server of ours over %s and one with TLS",
    (transport) => {
      const list = (tls: boolean) =>
        rehearsedFaults({ target: { tls, transport }, ofServer: [frozen], only: undefined });
      const [plain, tls] = [list(false), list(true)];
      const of = transport === "http" ? "hello-refused" : "stream-expired";
      const all = FAULT_NAMES.filter((name) => name !== of);
      for (const { faults, skipped } of [plain, tls]) {
        expect([...names(faults), ...names(skipped)].sort()).toEqual([...all].sort());
      }
      expect(names(plain.skipped)).toEqual(["not-tls", "expired-certificate"]);
    },
  );

  it("say what became of each that was asked for", () => {
    const { faults, skipped } = rehearsedFaults({
      target: { tls: false, transport: "http" },
      ofServer: undefined,
      only: ["slow", "frozen", "not-tls"],
    });
    expect(names(faults)).toEqual(["slow"]);
    expect(skipped).toEqual([
      { fault: "not-tls", reason: "the target has no TLS" },
      { fault: "frozen", reason: "it is rehearsed on an embedded server only" },
    ]);
  });

  it("never alter what goes to a server, and never cut a request", () => {
    for (const tls of [true, false]) {
      const { faults } = rehearsedFaults({
        target: { tls, transport: "ws" },
        ...{ ofServer: undefined, only: undefined },
      });
      const kinds = faults.flatMap(({ how }) =>
        how.kind === "proxy" ? how.steps.map(({ kind }) => kind) : [],
      );
      expect(kinds).not.toContain("cut-request");
    }
  });
});
