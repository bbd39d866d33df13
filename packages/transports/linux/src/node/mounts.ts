import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Surroundings } from "./surroundings.ts";

/** A file system that is mounted. */
export interface Mount {
  /** Major and minor number, `8:1`; btrfs has one of its own. */
  readonly number: string;
  /** What was mounted, such as `/dev/sda1`. */
  readonly source: string;
  readonly place: string;
  /** `ext4`, `xfs`, … */
  readonly type: string;
}

/** Lines of a file of proc(5); none where there is no such file. */
export function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}

/** proc(5) writes blanks of a path as octal numbers. */
export const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));

/** What is mounted here (proc_pid_mountinfo(5)). */
export function mountsNow({ proc }: Surroundings): Mount[] {
  return linesOf(join(proc, "self/mountinfo")).map((line) => {
    const words = line.split(" ");
    const dash = words.indexOf("-");
    return {
      number: words[2],
      place: unescaped(words[4]),
      type: words[dash + 1] ?? "",
      source: unescaped(words[dash + 2] ?? ""),
    };
  });
}
