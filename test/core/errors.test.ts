import { describe, expect, it } from "vitest";
import { invalidOption, TursoPoolError } from "../../src/core/errors.js";

describe("an error of this package", () => {
  it("has a code, a hint, and keeps its cause", () => {
    const cause = new Error("connect ECONNREFUSED");
    const error = new TursoPoolError("UNREACHABLE", "cannot reach db:8080", { hint: "Start it.", cause });
    expect(error).toMatchObject({ name: "TursoPoolError", code: "UNREACHABLE", hint: "Start it.", cause });
    expect(error).toBeInstanceOf(Error);
  });

  it("has no cause at all when there is none", () => {
    expect("cause" in new TursoPoolError("ABORTED", "gone")).toBe(false);
  });

  it("names the option, the value and what is allowed", () => {
    expect(invalidOption("--format", "yaml", "table or json").message).toBe(
      '--format: "yaml" is not table or json',
    );
    expect(invalidOption("maxConnections", 0, "a whole number from 1").message).toBe(
      "maxConnections: 0 is not a whole number from 1",
    );
  });
});
