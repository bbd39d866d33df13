import { readdirSync } from "node:fs";
import { tool } from "../support/disk.ts";
import { emulatedSata } from "../support/emulated-sata.ts";
import { sparseFile } from "../support/images.ts";
import type { Group, Rig } from "../support/lab-case.ts";
import { honestRefusal } from "./honest-refusal.ts";
import { sataCases } from "./sata.ts";

const bytes = 8 * 2 ** 20;

/** Model of each disk: what stands before and behind the image in its URI. */
const models: Readonly<Record<string, readonly [scheme: string, parameters: string]>> = {
  scsiDebug: ["scsi-model", "?copy=off"],
  qemuScsi: ["scsi-model", "?copy=off"],
  qemuScsi4096: ["scsi-model", "?copy=off&bs=4096"],
  nvmet: ["nvme-model", "?copy=off"],
};

/** Names of block devices below a folder of sysfs. */
const blockDevices = (folder: string): string[] => readdirSync(`${folder}/block`);

function scsiDebugPath(): string {
  tool("modprobe", ["scsi_debug", "dev_size_mb=8"]);
  tool("settle", []);
  const units = "/sys/bus/pseudo/drivers/scsi_debug/adapter0";
  const find = ["-c", `ls -d ${units}/host*/target*/*:*`];
  return `/dev/${blockDevices(tool("sh", find).trim())[0]}`;
}

/** null_blk behind the kernel's NVMe/TCP target, reached by the kernel's NVMe/TCP host on 127.0.0.1. */
function nvmetPath(): string {
  const name = "nqn.2026-01.invalid.lab:nvmet";
  tool("nullb", ["nb0", "8"]);
  tool("nvmet", ["tcp", name, "4420", "/dev/nb0"]);
  tool("modprobe", ["nvme-tcp"]);
  tool("nvme", ["connect", "-t", "tcp", "-a", "127.0.0.1", "-s", "4420", "-n", name]);
  tool("settle", []);
  const namespaces = readdirSync("/dev").filter((one) => /^nvme\d+n\d+$/.test(one));
  return `/dev/${namespaces[0]}`;
}

/** Disks of the guest by serial number, as QEMU gives them. */
function pathOfSerial(serial: string): string {
  const disks = readdirSync("/dev").filter((one) => /^sd[a-z]+$/.test(one));
  const found = disks.find((one) => tool("sg_inq", [`/dev/${one}`]).includes(serial));
  return `/dev/${found}`;
}

const rig: Rig = {
  labWords: () => ["--scsi", "size=8M", "--scsi", "size=8M,bs=4096", "--sata", "size=8M"],
  real: () => {
    const paths: Readonly<Record<string, string>> = {
      qemuScsi: pathOfSerial("LABSCSI0"),
      qemuScsi4096: pathOfSerial("LABSCSI1"),
      sata: pathOfSerial("LABSATA0"),
      scsiDebug: scsiDebugPath(),
      nvmet: nvmetPath(),
    };
    return (name) => {
      const path = paths[name] ?? "";
      const bytesPerBlock = name.endsWith("4096") ? 4096 : 512;
      return { uri: path, path, bytesPerBlock, bytes };
    };
  },
  modelsKernels: true,
  model: (scratch, kernel) => {
    const pathOf = (name: string) => `${scratch}/${name}.img`;
    const sata = emulatedSata(pathOf("sata"), bytes, kernel, scratch);
    return (name) => {
      const path = sparseFile(pathOf(name), bytes);
      const bytesPerBlock = name.endsWith("4096") ? 4096 : 512;
      if (name === "sata") return { uri: sata.uri(), path, bytesPerBlock, bytes, said: sata.said };
      const [scheme, parameters] = models[name] ?? [];
      return { uri: `${scheme}:${path}${parameters}`, path, bytesPerBlock, bytes };
    };
  },
};

/** One boot: devices of several makers that cannot copy. */
export const withoutCopy: Group = {
  rig,
  cases: [
    honestRefusal("scsi_debug", "scsiDebug"),
    honestRefusal("QEMU's SCSI disk", "qemuScsi"),
    honestRefusal("QEMU's SCSI disk with 4096-byte blocks", "qemuScsi4096"),
    honestRefusal("null_blk behind the kernel's NVMe/TCP target", "nvmet"),
    honestRefusal("QEMU's SATA disk", "sata"),
    ...sataCases,
  ],
};
