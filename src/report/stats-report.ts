import wrapAnsi from "wrap-ansi";
import type { StatsResult } from "../watch/result.js";
import { alertList } from "./stats-report/alert-list.js";
import { histogram } from "./stats-report/histogram.js";
import { poolTables } from "./stats-report/pool-tables.js";
import { statsHeading } from "./stats-report/stats-heading.js";
import { usage } from "./stats-report/usage.js";
import type { Style } from "./style.js";

/** All that was seen of a pool, for people; the alerts come last, where they are read. */
export function statsReport(result: StatsResult, style: Style, columns: number): string {
  const { snapshot } = result;
  return [
    statsHeading(result, style, columns),
    ...poolTables(snapshot, style, columns),
    histogram("Wait time", snapshot.wait_time, style, columns),
    histogram("Use time", snapshot.use_time, style, columns),
    usage(result)
      .map((text) => wrapAnsi(text, columns))
      .join("\n"),
    alertList(result.alerts, style, columns),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
