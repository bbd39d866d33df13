import type { Output } from "../output/surroundings.ts";
import { commandLines } from "./command-lines.ts";
import { allFamilyWords } from "./command-words.ts";
import type { CommandWatch } from "./traced-transport.ts";

/**
 * Prints each command and its answer. `undefined` where nobody asked.
 *
 * @param verbosity how often `-v` was given: 1 for a line each, 2 for all bytes and fields
 */
export async function watchCommands(
  verbosity: number | undefined,
  output: Output,
): Promise<CommandWatch | undefined> {
  if (verbosity === undefined || verbosity < 1) return undefined;
  const families = await allFamilyWords();
  return (event) => {
    const words = families.get(event.family);
    if (words === undefined) return;
    output.write(`${commandLines(event, words, verbosity > 1).join("\n")}\n`);
  };
}
