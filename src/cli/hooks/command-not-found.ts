import { loadHelpClass, type Hook } from "@oclif/core";
import { EXIT } from "../exit-codes.js";

/** One line for a command that is not there, with those that are. */
const commandNotFound: Hook.CommandNotFound = async ({ id, config, argv }) => {
  if (id === "help") {
    const Help = await loadHelpClass(config);
    await new Help(config).showHelp(argv ?? []);
    return;
  }
  const known = config.commandIDs.filter((name) => !name.includes(":")).sort();
  process.stderr.write(`Error: there is no command "${id}". Commands: ${known.join(", ")}; see --help.\n`);
  process.exit(EXIT.usage);
};

export default commandNotFound;
