/** What a flag is set to. */
export type Value = string | number | boolean | readonly (string | number)[];

/** Settings by key. */
export type Section = Readonly<Record<string, Value>>;

/** A configuration file that was checked against `docs/config.schema.json`. */
export interface ConfigFile {
  /** As its user would name it. */
  readonly name: string;
  /** Values for every command, the section `pool`, and one section per command. */
  readonly settings: Readonly<Record<string, Value | Section>>;
}

/** Whether a setting is a section. */
export function isSection(setting: Value | Section | undefined): setting is Section {
  return typeof setting === "object" && !Array.isArray(setting);
}
