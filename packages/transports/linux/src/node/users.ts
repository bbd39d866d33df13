import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { BlockNode } from "./device-node.ts";
import { machine, type Surroundings } from "./surroundings.ts";
import { attribute, fileOf, linked, namesIn } from "./sysfs.ts";

function lines(path: string): string[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}

/** proc(5) writes blanks of a path as octal numbers. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));

/** Mount points by device number, `8:1`, and by the file that was mounted: btrfs has a number of its own. */
function mounts({ proc }: Surroundings): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of lines(join(proc, "self/mountinfo"))) {
    const words = line.split(" ");
    const source = words[words.indexOf("-") + 2];
    for (const key of [words[2], unescaped(source ?? "")]) {
      if (!found.has(key)) found.set(key, unescaped(words[4]));
    }
  }
  return found;
}

function swaps({ proc }: Surroundings): ReadonlySet<string> {
  const [, ...rows] = lines(join(proc, "swaps"));
  return new Set(rows.map((row) => unescaped(row.split(/\s/)[0])));
}

/** What a device is called, with the name that device mapper gives it. */
function titleOf(folder: string): string {
  const name = basename(folder);
  const mapped = attribute(folder, "dm/name");
  return mapped === undefined || mapped === "" ? name : `${name} (${mapped})`;
}

/**
 * Who uses a disk: file systems and swap space on it, on its partitions, and on the devices that are made of them (device
 * mapper, md). One sentence each; empty where nobody does, as far as the kernel tells.
 */
export function usersOf(disk: BlockNode, surroundings: Surroundings = machine): string[] {
  const mounted = mounts(surroundings);
  const swapping = swaps(surroundings);
  const users: string[] = [];
  const seen = new Set<string>();
  const look = (folder: string): void => {
    if (seen.has(folder)) return;
    seen.add(folder);
    const file = fileOf(folder);
    const mapped = attribute(folder, "dm/name");
    const names = [attribute(folder, "dev") ?? "", file, `/dev/mapper/${mapped ?? ""}`];
    const place = names.map((name) => mounted.get(name)).find((one) => one !== undefined);
    if (place !== undefined) users.push(`${titleOf(folder)} is mounted on ${place}`);
    if (names.some((name) => swapping.has(name))) users.push(`${titleOf(folder)} is swap space`);
    for (const name of namesIn(join(folder, "holders"))) {
      const holder = linked(join(folder, "holders", name));
      if (holder === undefined) continue;
      users.push(`${titleOf(holder)} is made of ${basename(folder)}`);
      look(holder);
    }
    for (const name of namesIn(folder)) {
      const part = join(folder, name);
      if (attribute(part, "partition") !== undefined) look(part);
    }
  };
  look(disk.folder);
  return users;
}
