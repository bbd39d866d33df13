import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";

/** The text of a file of sysfs without the line's end; `undefined` where there is none. */
export function attribute(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), "utf8")
      .replace(/\0?\n?$/, "")
      .trim();
  } catch {
    return undefined;
  }
}

/** A number of sysfs; `undefined` where there is none. */
export function numberAttribute(folder: string, name: string): number | undefined {
  const text = attribute(folder, name);
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Names in a folder; empty where there is none. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Where a link of sysfs leads; `undefined` where there is none. */
export function linked(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The name of the subsystem that a device belongs to: `block`, `nvme-generic`, `scsi_generic`, `nvme`. */
export function subsystemOf(folder: string): string | undefined {
  const path = linked(join(folder, "subsystem"));
  return path === undefined ? undefined : basename(path);
}

/** The device's file: DEVNAME of its uevent, which names it as the kernel does. */
export function fileOf(folder: string): string {
  const name = /^DEVNAME=(.+)$/m.exec(attribute(folder, "uevent") ?? "")?.[1];
  return `/dev/${name ?? basename(folder)}`;
}
