import { describe, expect, it } from "vitest";
import { outcomeOf } from "../../src/cli/tune-outcome.js";
import { TursoPoolError } from "../../src/core/errors.js";
import type { StatsError } from "../../src/watch/result.js";

const USE = { verdict: "use the recommended settings", reasons: [] } as const;
const KEEP = { verdict: "keep what you have", reasons: [] } as const;
const SHUN = { verdict: "do not pool", reasons: [] } as const;
const UNSURE = { verdict: "not proven", reasons: [] } as const;
const died: StatsError = { code: "UNREACHABLE", message: "ws://db: gone", hint: "Start it." };
const full = new TursoPoolError("INVALID_OPTION", "--apply: can't write c.json: no space is left");

describe("the exit status of tune is", () => {
  it.each([
    ["0 when the recommended settings are better", {}, 0],
    ["0 when what there is is kept", { verdict: KEEP }, 0],
    ["0 when not pooling is the answer", { verdict: SHUN }, 0],
    ["75 when it could not be proven in its time", { verdict: UNSURE }, 75],
    ["2 when the database died", { verdict: UNSURE, error: died }, 2],
    ["1 when it said no from then on", { verdict: UNSURE, error: { ...died, code: "AUTH_REJECTED" } }, 1],
    ["3 when the file could not be written", { unwritten: full }, 3],
    ["2 when the database died and the file could not be written", { error: died, unwritten: full }, 2],
    ["130 after Ctrl-C, whatever was found", { verdict: UNSURE, error: died, stopped: true, by: 130 }, 130],
    ["143 after SIGTERM", { verdict: USE, stopped: true, by: 143 }, 143],
    ["0 when nobody read on", { verdict: UNSURE, stopped: true }, 0],
  ] as const)("%s", (_, situation, exitCode) => {
    const { verdict = USE, error = null, stopped = false, by, unwritten } = { ...NONE, ...situation };
    const circumstances = { interrupted: by, unwritten };
    expect(outcomeOf({ verdict, error, interrupted: stopped }, circumstances).exitCode).toBe(exitCode);
  });

  it("told with every reason", () => {
    const result = { verdict: USE, error: died, interrupted: false };
    const { errors } = outcomeOf(result, { interrupted: undefined, unwritten: full });
    expect(errors).toEqual([died, { code: "INVALID_OPTION", message: full.message, hint: null }]);
    const none = { interrupted: undefined, unwritten: undefined };
    expect(outcomeOf({ ...result, error: null }, none).errors).toEqual([]);
  });
});

const NONE: {
  readonly verdict?: typeof USE | typeof KEEP | typeof SHUN | typeof UNSURE;
  readonly error?: StatsError;
  readonly stopped?: boolean;
  readonly by?: number;
  readonly unwritten?: TursoPoolError;
} = {};
