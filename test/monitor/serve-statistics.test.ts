import { describe, expect, it } from "vitest";
import { serveStatistics, type ServeStatisticsOptions } from "../../src/monitor/serve-statistics.js";
import { keepAlivePool, rejection } from "../support/pool-fixture.js";

describe("the options of a server of statistics", () => {
  it.each<[ServeStatisticsOptions, string]>([
    [{}, "port: undefined is not a whole number from 0 to 65535 (or give socketPath)"],
    [{ port: 65_536 }, "port: 65536 is not a whole number from 0 to 65535 (or give socketPath)"],
    [{ port: 0.5 }, "port: 0.5 is not a whole number from 0 to 65535 (or give socketPath)"],
    [{ port: 0, host: "" }, 'host: "" is not an address of this machine'],
    [{ socketPath: "" }, 'socketPath: "" is not the path of a file'],
    [{ port: 0, socketPath: "s" }, "port: 0 is not needed beside socketPath: give one of them"],
    [{ host: "::1", socketPath: "s" }, 'host: "::1" is not needed beside socketPath: it goes with port'],
  ])("are refused: %j", async (options, message) => {
    const error = await rejection(serveStatistics(keepAlivePool().pool, options));
    expect(error).toMatchObject({ code: "INVALID_OPTION", message });
  });
});
