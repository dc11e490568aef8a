import type { BenchResult, GateResult } from "../../bench/result.js";
import { findingAndReason } from "./finding.js";
import { document, type Element } from "./xml.js";

/**
 * A test case for each gate, in the form of JUnit's XML that CI systems read: a gate that fails is a failure, one
 * that is inconclusive is skipped.
 * @see https://github.com/testmoapp/junitxml
 */
export function junit(result: BenchResult): string {
  const { gates } = result;
  const totals = {
    tests: gates.length,
    failures: gates.filter(({ verdict }) => verdict === "fail").length,
    errors: 0,
    skipped: gates.filter(({ verdict }) => verdict === "inconclusive").length,
  };
  const suite: Element = {
    name: "testsuite",
    // Without zone and fractions, which its schemas do not know.
    attributes: { name: "turso-pool bench", ...totals, timestamp: result.started_at.slice(0, 19) },
    children: [properties(result), ...gates.map(testcase)],
  };
  return document({ name: "testsuites", attributes: { name: "turso-pool", ...totals }, children: [suite] });
}

function properties({ target, against, host, plan }: BenchResult): Element {
  const given = {
    target: target.url,
    against: against?.url,
    host: `${host.platform} ${host.arch}, ${host.cpus} × ${host.cpu_model}, Node ${host.node}`,
    seed: plan.seed,
  };
  const children = Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name: "property", attributes: { name, value }, children: [] }));
  return { name: "properties", attributes: {}, children };
}

function testcase(gate: GateResult): Element {
  const message = findingAndReason(gate);
  return {
    name: "testcase",
    attributes: { classname: gate.source, name: gate.threshold },
    children: outcome(gate, message),
  };
}

function outcome({ verdict, threshold, source }: GateResult, message: string): Element[] {
  switch (verdict) {
    case "pass":
      return [];
    case "fail":
      return [
        { name: "failure", attributes: { message, type: source }, children: [`${threshold}: ${message}`] },
      ];
    case "inconclusive":
      return [{ name: "skipped", attributes: { message }, children: [] }];
  }
}
