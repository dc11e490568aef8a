import { Parser, type Interfaces } from "@oclif/core";

/**
 * The flags that these arguments name, with their values as written. What the values have to be, and what goes
 * together, is not looked at: a configuration file may bring what is missing.
 * @throws as oclif does, for flags that are not there.
 */
export async function givenFlags(
  argv: readonly string[],
  flags: Interfaces.FlagInput,
): Promise<ReadonlyMap<string, string>> {
  const names = Object.fromEntries(
    Object.entries(flags).map(([name, { type, ...flag }]) => [
      name,
      {
        ...{ type, name, char: flag.char, aliases: flag.aliases, charAliases: flag.charAliases },
        ...("allowNo" in flag ? { allowNo: flag.allowNo } : {}),
        ...("multiple" in flag ? { multiple: flag.multiple, multipleNonGreedy: flag.multipleNonGreedy } : {}),
      },
    ]),
  ) as Interfaces.FlagInput;
  const { raw } = await Parser.parse([...argv], { flags: names, strict: false });
  return new Map(raw.flatMap((token) => (token.type === "flag" ? [[token.flag, token.input]] : [])));
}
