import { readdirSync } from "node:fs";
import { Flags, type Command } from "@oclif/core";
import { BaseCommand } from "../../src/cli/base-command.js";
import type { ConfigurableCommand } from "../../src/cli/config-file/schema.js";

type Loaded = Pick<Command.Class, "summary"> & Partial<Pick<Command.Class, "flags">>;

/** Every command as it is in src/, with its own flags. */
export async function allCommands(): Promise<ConfigurableCommand[]> {
  const folder = new URL("../../src/commands/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  return Promise.all(
    files.sort().map(async (file) => {
      const { default: command } = (await import(new URL(file, folder).href)) as { default: Loaded };
      return { id: file.replace(/\.ts$/, ""), summary: command.summary, flags: command.flags ?? {} };
    }),
  );
}

/** The flags that every command has. */
export const globalFlags = { ...BaseCommand.baseFlags, json: Flags.boolean() };
