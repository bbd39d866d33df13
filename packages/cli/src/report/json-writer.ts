import type { Output } from "../output/surroundings.ts";

const BUFFERED_CHARACTERS = 1 << 16;

/** Collects text into large writes. */
function buffered(output: Output): { write(text: string): boolean; flush(): boolean } {
  let held = "";
  const flush = () => {
    const text = held;
    held = "";
    return output.write(text);
  };
  return {
    write(text) {
      held += text;
      return held.length < BUFFERED_CHARACTERS || flush();
    },
    flush,
  };
}

function writeList(items: Iterable<unknown>, write: (text: string) => boolean): boolean {
  let separator = "\n    ";
  for (const item of items) {
    if (!write(separator + JSON.stringify(item))) return false;
    separator = ",\n    ";
  }
  return true;
}

/**
 * Writes a JSON document whose lists may be longer than memory would hold as one string: a list that is an iterator is
 * written item by item, each on a line of its own. Ends early where nobody reads.
 */
export function writeJsonDocument(output: Output, fields: Readonly<Record<string, unknown>>): void {
  const { write, flush } = buffered(output);
  let separator = "{\n  ";
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const isList = typeof value === "object" && value !== null && Symbol.iterator in value;
    if (isList) {
      write(`${separator}${JSON.stringify(name)}: [`);
      if (!writeList(value as Iterable<unknown>, write)) return;
      write("\n  ]");
    } else {
      const text = JSON.stringify(value, null, 2).replaceAll("\n", "\n  ");
      write(`${separator}${JSON.stringify(name)}: ${text}`);
    }
    separator = ",\n  ";
  }
  write("\n}\n");
  flush();
}

/** Writes one JSON value a line (JSON Lines). */
export function writeJsonLines(output: Output, values: Iterable<unknown>): void {
  const { write, flush } = buffered(output);
  for (const value of values) if (!write(`${JSON.stringify(value)}\n`)) return;
  flush();
}
