import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LabFailure } from "./lab-failure.mjs";

/** @typedef {import("./options.mjs").LabOptions} LabOptions */

const unitBytes = new Map([
  ["", 1],
  ["K", 2 ** 10],
  ["M", 2 ** 20],
  ["G", 2 ** 30],
]);

/** @param {string} text such as 64M */
function bytesOf(text) {
  const [, digits = "", unit = ""] = /^(\d+)([KMG]?)$/.exec(text) ?? [];
  if (digits === "") throw new LabFailure(`no size: ${text}`, 2);
  return Number(digits) * (unitBytes.get(unit) ?? 1);
}

/**
 * What a SPEC says, taken apart: the file (made sparse where none is named), what is for QEMU's -drive, what for -device.
 *
 * @param {Record<string, string>} spec
 * @param {string} newFile
 */
function backing(spec, newFile) {
  const { size = "64M", bs, file = newFile, ...rest } = spec;
  if (file === newFile) {
    writeFileSync(file, "");
    truncateSync(file, bytesOf(size));
  }
  const isForDrive = (/** @type {string} */ name) => name.startsWith("throttling.");
  const words = Object.entries(rest).map(([name, value]) => ({ name, word: `,${name}=${value}` }));
  const drive = words.filter(({ name }) => isForDrive(name)).map(({ word }) => word);
  const device = words.filter(({ name }) => !isForDrive(name)).map(({ word }) => word);
  if (bs !== undefined) device.push(`,logical_block_size=${bs},physical_block_size=${bs}`);
  return { file, drive: drive.join(""), device: device.join("") };
}

/**
 * QEMU's words for the devices. Serials are LABNVME0, LABSATA0, LABSCSI0, ... by kind and order.
 *
 * @param {LabOptions["devices"]} devices
 * @param {string} folder for the images of devices without file=
 * @returns {string[]}
 */
export function deviceWords(devices, folder) {
  /** @type {string[]} */
  const words = [];
  const count = { nvme: 0, ns: 0, sata: 0, scsi: 0, disk: 0 };
  let namespaces = 0;
  devices.forEach(({ kind, properties }, index) => {
    const number = count[kind]++;
    const { file, drive, device } = backing(properties, join(folder, `disk${index}.img`));
    const id = `d${index}`;
    const cache = "cache=unsafe,discard=unmap";
    words.push("-drive", `if=none,id=${id},file=${file},format=raw,${cache}${drive}`);
    if (kind === "nvme") {
      words.push("-device", `nvme,id=nvme${number},serial=LABNVME${number}`);
      namespaces = 0;
    }
    if (kind === "scsi" && number === 0) words.push("-device", "virtio-scsi-pci,id=vscsi");
    if (kind === "ns" && count.nvme === 0) throw new LabFailure("--ns needs --nvme before it", 2);
    namespaces++;
    const namespace = `nvme-ns,bus=nvme${count.nvme - 1},nsid=${namespaces}`;
    const made = {
      nvme: namespace,
      ns: namespace,
      sata: `ide-hd,bus=ide.${number},serial=LABSATA${number}`,
      scsi: `scsi-hd,bus=vscsi.0,serial=LABSCSI${number}`,
      disk: `virtio-blk-pci,serial=LABDISK${number}`,
    };
    words.push("-device", `${made[kind]},drive=${id}${device}`);
  });
  return words;
}
