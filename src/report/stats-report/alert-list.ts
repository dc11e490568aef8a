import wrapAnsi from "wrap-ansi";
import type { Alert } from "../../monitor/result.js";
import type { Style } from "../style.js";

const MARGIN = "  remedy  ".length;

/** Each alert with what was seen, the rule, and what to do. */
export function alertList(alerts: readonly Alert[], style: Style, columns: number): string {
  if (alerts.length === 0) return style.green("No alerts.");
  return alerts
    .map(({ rule, seen, limit, remedy, docs }) => {
      const line = (name: string, text: string): string => {
        const [first, ...rest] = wrapAnsi(text, columns - MARGIN).split("\n");
        const more = rest.map((one) => `\n${" ".repeat(MARGIN)}${one}`).join("");
        return `  ${style.dim(name.padEnd(MARGIN - 2))}${first ?? ""}${more}`;
      };
      return [
        `${style.red("Alert:")} ${style.bold(rule)}`,
        line("seen", seen),
        line("rule", limit),
        line("remedy", remedy),
        line("see", docs),
      ].join("\n");
    })
    .join("\n\n");
}
