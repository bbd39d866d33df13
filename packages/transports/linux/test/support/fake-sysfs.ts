import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { temporaryFolder } from "../../../../../tests/support/temporary-folder.ts";
import type { DeviceNumber, Surroundings } from "../../src/node/surroundings.ts";

/** A device as sysfs shows it: its folder below `devices`, its number, and its attributes. */
export interface FakeDevice {
  /** For example `pci0000:00/0000:00:04.0/nvme/nvme0/nvme0n1`, as seen on Linux 6.12. */
  readonly folder: string;
  readonly kind: "block" | "char";
  readonly number: string;
  readonly subsystem: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Links inside its folder, to folders below `devices`. */
  readonly links?: Readonly<Record<string, string>>;
}

export interface FakeMachine extends Surroundings {
  add(device: FakeDevice): void;
  setMounts(text: string): void;
  setSwaps(text: string): void;
}

function link(from: string, to: string): void {
  mkdirSync(dirname(from), { recursive: true });
  symlinkSync(relative(dirname(from), to), from);
}

/** A machine whose /sys and /proc are folders made for the test; a device's file is its name below /dev. */
function fakeMachine(devices: readonly FakeDevice[]): FakeMachine {
  const root = temporaryFolder();
  const sysfs = join(root, "sys");
  const proc = join(root, "proc");
  const numbers = new Map<string, DeviceNumber>();
  mkdirSync(join(proc, "self"), { recursive: true });
  const machine: FakeMachine = {
    sysfs,
    proc,
    deviceNumberOf(path) {
      const number = numbers.get(path);
      if (number !== undefined || path.endsWith(".txt")) return number;
      throw Object.assign(new Error("ENOENT"), { errno: -2, code: "ENOENT" });
    },
    add({ folder, kind, number, subsystem, attributes = {}, links = {} }) {
      const own = join(sysfs, "devices", folder);
      const name = folder.split("/").at(-1) as string;
      const [major, minor] = number.split(":").map(Number);
      mkdirSync(own, { recursive: true });
      mkdirSync(join(sysfs, "class", subsystem), { recursive: true });
      link(join(own, "subsystem"), join(sysfs, "class", subsystem));
      link(join(sysfs, "dev", kind, number), own);
      writeFileSync(join(own, "dev"), `${number}\n`);
      writeFileSync(join(own, "uevent"), `MAJOR=${major}\nMINOR=${minor}\nDEVNAME=${name}\n`);
      for (const [at, text] of Object.entries(attributes)) {
        mkdirSync(dirname(join(own, at)), { recursive: true });
        writeFileSync(join(own, at), `${text}\n`);
      }
      for (const [at, to] of Object.entries(links)) link(join(own, at), join(sysfs, "devices", to));
      numbers.set(`/dev/${name}`, { kind, major, minor });
    },
    setMounts: (text) => writeFileSync(join(proc, "self/mountinfo"), text),
    setSwaps: (text) => writeFileSync(join(proc, "swaps"), text),
  };
  machine.setMounts("");
  machine.setSwaps("Filename\tType\tSize\tUsed\tPriority\n");
  for (const device of devices) machine.add(device);
  return machine;
}

const NVME = "pci0000:00/0000:00:04.0/nvme/nvme0";
const SCSI = "pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0";

/** An NVMe controller with two namespaces, and a SCSI disk, as Linux 6.12 shows QEMU's. */
const disks: readonly FakeDevice[] = [
  { folder: NVME, kind: "char", number: "244:0", subsystem: "nvme" },
  ...[1, 2].flatMap((nsid): FakeDevice[] => [
    {
      ...{ folder: `${NVME}/nvme0n${nsid}`, kind: "block", number: `259:${nsid}` },
      subsystem: "block",
      attributes: {
        nsid: String(nsid),
        "queue/max_hw_sectors_kb": "512",
        "queue/max_segments": "128",
        "queue/logical_block_size": "512",
      },
    },
    {
      ...{ folder: `${NVME}/ng0n${nsid}`, kind: "char", number: `243:${nsid}` },
      subsystem: "nvme-generic",
    },
  ]),
  {
    ...{ folder: `${SCSI}/block/sda`, kind: "block", number: "8:0", subsystem: "block" },
    attributes: { "queue/max_hw_sectors_kb": "32767", "queue/max_segments": "168" },
    links: { device: SCSI },
  },
  {
    ...{ folder: `${SCSI}/block/sda/sda1`, kind: "block", number: "8:1", subsystem: "block" },
    attributes: { partition: "1", start: "2048", size: "4096" },
  },
  {
    ...{ folder: `${SCSI}/scsi_generic/sg0`, kind: "char", number: "21:0" },
    subsystem: "scsi_generic",
    links: { device: SCSI },
  },
  { folder: "virtual/block/loop0", kind: "block", number: "7:0", subsystem: "block" },
  { folder: "virtual/mem/zero", kind: "char", number: "1:5", subsystem: "mem" },
];

/** A machine with `disks`. */
export function machineWithDisks(): FakeMachine {
  const machine = fakeMachine(disks);
  const scsi = join(machine.sysfs, "class/scsi");
  mkdirSync(scsi, { recursive: true });
  link(join(machine.sysfs, "devices", SCSI, "subsystem"), scsi);
  return machine;
}
