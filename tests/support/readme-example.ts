import { existsSync, readFileSync } from "node:fs";

/** A fenced example of a README, and what the README says that it prints. */
export interface ReadmeExample {
  readonly text: string;
  /** The ```text block that follows the example in its section, if there is one. */
  readonly prints?: string;
}

const fence = /^```(\w*)[^\n]*\n(.*?)^```$/gms;

/**
 * The first `ts` or `js` example of a markdown file.
 *
 * @param heading look only below the heading with this text
 * @returns undefined where there is no such file, heading or example
 */
export function readmeExample(file: string, heading?: string): ReadmeExample | undefined {
  if (!existsSync(file)) return undefined;
  let markdown = readFileSync(file, "utf8").replaceAll("\r\n", "\n");
  if (heading !== undefined) {
    const start = markdown.search(new RegExp(`^#+ ${heading}$`, "m"));
    if (start < 0) return undefined;
    markdown = markdown.slice(start);
  }
  const blocks = [...markdown.matchAll(fence)];
  const at = blocks.findIndex(([, language = ""]) => ["ts", "js"].includes(language));
  const [example, following] = blocks.slice(at);
  if (at < 0 || example === undefined) return undefined;
  const text = example[2] ?? "";
  const between = markdown.slice(example.index + example[0].length, following?.index);
  if (following?.[1] !== "text" || /^#/m.test(between)) return { text };
  return { text, prints: (following[2] ?? "").trim() };
}
