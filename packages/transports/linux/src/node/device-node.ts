import { basename, dirname, join } from "node:path";
import { FerryError } from "@blockferry/core";
import { errnoOf, systemError } from "../system-error.ts";
import { machine, type Surroundings } from "./surroundings.ts";
import { attribute, fileOf, linked, namesIn, numberAttribute, subsystemOf } from "./sysfs.ts";

/** A whole disk of the block layer. */
export interface BlockNode {
  /** `nvme0n1`, `sda`, `loop0`. */
  readonly name: string;
  /** Its file. */
  readonly path: string;
  /** Its folder in sysfs. */
  readonly folder: string;
}

/** A part of a disk. */
export interface PartitionPlace {
  readonly disk: string;
  /** In sectors of 512 bytes. */
  readonly startSector: number;
  readonly sectors: number;
}

/**
 * What a device's file stands for.
 *
 * - `nvme`: a namespace, by its block device or by its generic character device
 * - `scsi`: a logical unit, by its block device or by its generic character device
 * - `block`: another block device: a loop device, a mapped device
 */
export interface DeviceNode {
  /** As it was given. */
  readonly path: string;
  readonly name: string;
  readonly family: "nvme" | "scsi" | "block";
  /** True: the file itself is the block device. */
  readonly isBlock: boolean;
  /** The block device of the same namespace or unit; `undefined` where there is none. */
  readonly block: BlockNode | undefined;
  /** The part of a disk that the file stands for, where it is no whole one. */
  readonly partition: PartitionPlace | undefined;
}

function blockNode(folder: string): BlockNode {
  return { name: basename(folder), path: fileOf(folder), folder };
}

function familyOf(folder: string): DeviceNode["family"] {
  if (numberAttribute(folder, "nsid") !== undefined) return "nvme";
  return subsystemOf(join(folder, "device")) === "scsi" ? "scsi" : "block";
}

function blockDeviceNode(path: string, folder: string): DeviceNode {
  const isPart = attribute(folder, "partition") !== undefined;
  const disk = isPart ? dirname(folder) : folder;
  return {
    path,
    name: basename(folder),
    family: familyOf(disk),
    isBlock: true,
    block: blockNode(disk),
    partition: isPart
      ? {
          disk: fileOf(disk),
          startSector: numberAttribute(folder, "start") ?? 0,
          sectors: numberAttribute(folder, "size") ?? 0,
        }
      : undefined,
  };
}

/** The block device beside a generic one; `undefined` where no driver made one. */
function blockBeside(folder: string, family: "nvme" | "scsi"): BlockNode | undefined {
  if (family === "scsi") {
    const [name] = namesIn(join(folder, "device/block"));
    const beside = name === undefined ? undefined : linked(join(folder, "device/block", name));
    return beside === undefined ? undefined : blockNode(beside);
  }
  const name = basename(folder).replace(/^ng/, "nvme");
  const beside = linked(join(dirname(folder), name));
  return beside === undefined ? undefined : blockNode(beside);
}

function refuse(path: string, what: string, hint: string): FerryError {
  return new FerryError("FERRY_TRANSPORT_NO_DEVICE", `${path} ${what}`, {
    details: { path },
    hint,
  });
}

function characterNode(path: string, folder: string): DeviceNode {
  const subsystem = subsystemOf(folder);
  const common = { path, name: basename(folder), isBlock: false, partition: undefined };
  if (subsystem === "nvme-generic") {
    return { ...common, family: "nvme", block: blockBeside(folder, "nvme") };
  }
  if (subsystem === "scsi_generic") {
    return { ...common, family: "scsi", block: blockBeside(folder, "scsi") };
  }
  if (subsystem === "nvme") {
    throw refuse(
      path,
      "is an NVMe controller, not one of its namespaces",
      `name a namespace: ${path}n1 (blockferry list shows them)`,
    );
  }
  throw refuse(path, "is no storage device", "blockferry list shows the devices");
}

/**
 * Finds out what a device's file stands for, by its number: links and other names are followed.
 *
 * @throws FerryError `FERRY_TRANSPORT_NO_DEVICE`, `FERRY_TRANSPORT_OPEN`
 */
export function deviceNode(path: string, surroundings: Surroundings = machine): DeviceNode {
  let number: ReturnType<Surroundings["deviceNumberOf"]>;
  try {
    number = surroundings.deviceNumberOf(path);
  } catch (error) {
    throw systemError("FERRY_TRANSPORT_OPEN", path, errnoOf(error) ?? 0, { path });
  }
  if (number === undefined) {
    throw refuse(path, "is no device", "for a file write file:PATH, for an image nvme-model:PATH");
  }
  const { kind, major, minor } = number;
  const folder = linked(join(surroundings.sysfs, "dev", kind, `${major}:${minor}`));
  if (folder === undefined) {
    throw refuse(
      path,
      `is device ${major}:${minor}, of which the kernel knows nothing`,
      "is /sys mounted?",
    );
  }
  return kind === "block" ? blockDeviceNode(path, folder) : characterNode(path, folder);
}
