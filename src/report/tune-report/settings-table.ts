import type { SettingResult, TuneResult } from "../../tune/result.js";
import { count, period } from "../format.js";
import type { Style } from "../style.js";
import { paragraph } from "./paragraph.js";
import { proposedAs } from "./proposed.js";
import { withText } from "./text-column.js";

/** A row for each setting with the reason beside it, or below it where there is no room. */
export function settingsTable(result: TuneResult, style: Style, columns: number): string {
  const { settings, current_from: from } = result;
  const heading = paragraph(`${style.bold("Settings")} ${style.dim(`· now: ${from}`)}`, columns);
  if (settings.length === 0) {
    const none = "None: it ended before there was anything to derive them from.";
    return [heading, paragraph(none, columns)].join("\n");
  }
  const table = withText<SettingResult>(
    [
      { head: "setting", cell: (one) => nameOf(one, style) },
      { head: "now", cell: (one) => faint(one, shown(one, one.now), style) },
      { head: proposedAs(result), cell: (one) => proposed(one, style) },
    ],
    { head: "why", text: why, paint: (one, line) => faint(one, line, style) },
    settings,
    style,
    columns,
  );
  return [heading, table ?? blocks(settings, style, columns)].join("\n");
}

/** `keepAliveInterval: 30 s → 4 s`, and the reason below. */
function blocks(settings: readonly SettingResult[], style: Style, columns: number): string {
  return settings
    .flatMap((one) => {
      const now = faint(one, shown(one, one.now), style);
      const change = isChanged(one) ? `${now} → ${proposed(one, style)}` : `${now}, ${style.dim("the same")}`;
      return [
        paragraph(`${nameOf(one, style)}: ${change}`, columns),
        paragraph(why(one), columns, "  ", (line) => faint(one, line, style)),
      ];
    })
    .join("\n");
}

const isChanged = ({ now, recommended }: SettingResult): boolean => now !== recommended;

function nameOf(one: SettingResult, style: Style): string {
  return isChanged(one) ? style.bold(one.setting) : style.dim(one.setting);
}

/** Without colour too it shows what changes. */
function proposed(one: SettingResult, style: Style): string {
  return isChanged(one) ? style.bold(style.green(shown(one, one.recommended))) : style.dim("same");
}

function faint(one: SettingResult, text: string, style: Style): string {
  return isChanged(one) ? text : style.dim(text);
}

function shown({ unit }: SettingResult, value: number | string): string {
  if (typeof value === "string") return value;
  return unit === "ms" ? period(value) : count(value);
}

/** What was measured, and the rule. */
function why({ because, rule }: SettingResult): string {
  return [because, rule]
    .map((text) => text.trim().replace(/\.$/, ""))
    .filter((text) => text !== "")
    .join("; ");
}
