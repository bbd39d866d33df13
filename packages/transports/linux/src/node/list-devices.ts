import { basename, join } from "node:path";
import { type DeviceNode, deviceNode } from "./device-node.ts";
import type { Mount } from "./mounts.ts";
import { machine, type Surroundings } from "./surroundings.ts";
import { attribute, fileOf, linked, namesIn, numberAttribute, subsystemOf } from "./sysfs.ts";
import { mountsOn, usersOf } from "./users.ts";

/** A disk of this machine, as the kernel tells of it. */
export interface ListedDevice {
  readonly node: DeviceNode;
  readonly bytes: number;
  readonly bytesPerBlock: number;
  /** Vendor and model, as far as the kernel tells. */
  readonly model: string;
  /** Its generic character device, such as `/dev/ng0n1` or `/dev/sg0`. */
  readonly generic: string | undefined;
  /** Who uses it, one sentence each. */
  readonly users: readonly string[];
  readonly mounts: readonly Mount[];
}

const SECTOR_BYTES = 512;

function genericOf(folder: string): string | undefined {
  const [sg] = namesIn(join(folder, "device/scsi_generic"));
  if (sg !== undefined) return `/dev/${sg}`;
  const name = basename(folder).replace(/^nvme/, "ng");
  const beside = name.startsWith("ng") ? linked(join(folder, "..", name)) : undefined;
  return beside === undefined ? undefined : fileOf(beside);
}

function modelOf(folder: string): string {
  const parts = [attribute(folder, "device/vendor"), attribute(folder, "device/model")];
  return parts.filter((part) => part !== undefined && !/^0x/.test(part)).join(" ");
}

function listed(folder: string, surroundings: Surroundings): ListedDevice | undefined {
  const bytes = (numberAttribute(folder, "size") ?? 0) * SECTOR_BYTES;
  if (bytes === 0 || numberAttribute(folder, "hidden") === 1) return undefined;
  // What is no device of the kind that copies (a network block device without a file, a CD) is left out.
  if (subsystemOf(folder) !== "block") return undefined;
  try {
    const node = deviceNode(fileOf(folder), surroundings);
    if (node.block === undefined) return undefined;
    return {
      node,
      bytes,
      bytesPerBlock: numberAttribute(folder, "queue/logical_block_size") ?? SECTOR_BYTES,
      model: modelOf(folder),
      generic: genericOf(folder),
      users: usersOf(node.block, surroundings),
      mounts: mountsOn(node.block, surroundings),
    };
  } catch {
    return undefined;
  }
}

/** The disks of this machine that have blocks, by name. Opens none of them. */
export function listDevices(surroundings: Surroundings = machine): ListedDevice[] {
  const folders = namesIn(join(surroundings.sysfs, "block"))
    .map((name) => linked(join(surroundings.sysfs, "block", name)))
    .filter((folder) => folder !== undefined);
  return folders
    .map((folder) => listed(folder, surroundings))
    .filter((device) => device !== undefined)
    .sort((a, b) => a.node.name.localeCompare(b.node.name, "en", { numeric: true }));
}
