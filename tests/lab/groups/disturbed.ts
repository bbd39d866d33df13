import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { Outcome, Running } from "../support/command-line.ts";
import { type Disk, digestAround, digestOf, fill, readBlocks, tool } from "../support/disk.ts";
import { sparseFile } from "../support/images.ts";
import type { Bench, Group, LabCase, Rig } from "../support/lab-case.ts";
import { type Range, referenceDigest } from "../support/reference.ts";

/** How a copy is disturbed, and how the device is found again. */
interface Disturbance {
  /** What stands behind the URI of an emulated device, which disturbs itself. */
  readonly fault: string;
  disturb(disk: Disk): void;
  restore(disk: Disk): Promise<void>;
}

/** A copy that takes seconds: on a throttled device by few blocks, on a model by many. */
const shapes = {
  real: { bytes: 8 * 2 ** 20, pieces: 64, blocks: 16 },
  model: { bytes: 256 * 2 ** 20, pieces: 3000, blocks: 16 },
};
const limits = "mssrl=8,mcl=16,msrc=1";
const throttle = "throttling.iops-total=100";

const serialOf = (controller: string): string => `/sys/class/nvme/${controller}/serial`;

function nvmePath(): string {
  const [name] = readdirSync("/sys/class/nvme").filter((one) => existsSync(serialOf(one)));
  return `/dev/${readdirSync(`/sys/class/nvme/${name}`).find((one) => /^nvme\d+n\d+$/.test(one))}`;
}

/** The unit of LIO, by the name that the kernel gave it last. */
function lioPath(): string {
  const names = readdirSync("/sys/block").filter((one) => one.startsWith("sd"));
  return `/dev/${names[0]}`;
}

function makeLioUnit(): void {
  tool("lio", ["iblock", "slow", "/dev/vda"]);
  tool("lio", ["loop", "slow"]);
}

const rig: Rig = {
  labWords: () => ["--nvme", `size=8M,${limits},${throttle}`, "--disk", `size=8M,${throttle}`],
  real: () => {
    makeLioUnit();
    return (name) => {
      const path = name === "nvme" ? nvmePath() : lioPath();
      return { uri: path, path, bytesPerBlock: 512, bytes: shapes.real.bytes };
    };
  },
  model: (scratch) => (name) => {
    const path = sparseFile(`${scratch}/disturbed-${name}.img`, shapes.model.bytes);
    const scheme = name === "nvme" ? "nvme-model" : "scsi-model";
    const how = name === "nvme" ? `peer=qemu-7.2&${limits.replaceAll(",", "&")}` : "profile=lio";
    return { uri: `${scheme}:${path}?${how}`, path, bytesPerBlock: 512, bytes: shapes.model.bytes };
  },
};

async function until(what: string, holds: () => boolean, seconds = 120): Promise<void> {
  for (let tries = seconds * 200; !holds(); tries--) {
    if (tries === 0) throw new Error(`${what}: not within ${seconds} s`);
    await wait(5);
  }
}

/** The copy under test: pieces of the first half, each a range of its own, to the second half. */
function copyOf(bench: Bench, disk: Disk) {
  const { pieces, blocks } = shapes[bench.side];
  const ranges: Range[] = Array.from({ length: pieces }, (_, index) => [index * 20, blocks]);
  const to = disk.bytes / 1024 + 100;
  const file = `${bench.scratch}/ranges`;
  writeFileSync(file, ranges.map(([lba, count]) => `${lba}+${count}\n`).join(""));
  return { ranges, to, blocks: pieces * blocks, words: [`@${file}`, "--to", String(to)] };
}
type SlowCopy = ReturnType<typeof copyOf>;

/** Waits until the copy has begun, and has not ended. */
async function midCopy(disk: Disk, { to }: SlowCopy, running: Running): Promise<void> {
  const first = readBlocks(disk, 0, 8);
  await until("the first blocks are copied", () => readBlocks(disk, to, 8).equals(first));
  assert.equal(running.process.exitCode, null, "the copy ended before it could be disturbed");
}

/** Every block of the destination is the old one or the one that belongs there; what is claimed is the latter. */
function checkDestination(disk: Disk, copy: SlowCopy, before: Buffer, outcome: Outcome): void {
  const now = readBlocks(disk, copy.to, copy.blocks);
  const claimed = new Set<number>();
  for (const range of outcome.document?.ranges ?? []) {
    if (range.means === "none") continue;
    for (let index = 0; index < range.blocks; index++) {
      claimed.add(range.destination - copy.to + index);
    }
  }
  const block = (bytes: Buffer, lba: number) => bytes.subarray(lba * 512, (lba + 1) * 512);
  let place = 0;
  for (const [lba, blocks] of copy.ranges) {
    for (let index = 0; index < blocks; index++, place++) {
      const isNew = block(now, place).equals(block(before, lba + index));
      const isOld = block(now, place).equals(block(before, copy.to + place));
      assert.ok(isNew || isOld, `block ${place} of the destination is neither old nor new`);
      if (claimed.has(place)) assert.ok(isNew, `block ${place} is claimed and not there`);
    }
  }
  assert.equal(outcome.document?.copiedBlocks ?? 0, claimed.size);
}

const disturbed = (
  name: string,
  diskName: "nvme" | "lio",
  { fault, disturb, restore }: Disturbance,
): LabCase => ({
  name: `${name} in mid-copy: nothing else changes, no false claim, the next run completes`,
  isAside: true,
  async run(bench) {
    const disk = bench.disk(diskName);
    fill(disk, 1, bench.scratch);
    const before = readBlocks(disk, 0, disk.bytes / 512);
    const copy = copyOf(bench, disk);
    const around = digestAround(disk, copy.to, copy.blocks);
    const uri = bench.side === "model" ? `${disk.uri}${fault}` : disk.uri;
    const running = bench.startCli("copy", uri, ...copy.words);
    if (bench.side === "real" || fault === "") {
      await midCopy(disk, copy, running);
      if (fault === "") running.process.kill("SIGKILL");
      else disturb(disk);
    }
    const outcome = await running.outcome;
    if (bench.side === "real") await restore(disk);
    const again = bench.disk(diskName);
    assert.equal(
      digestAround(again, copy.to, copy.blocks),
      around,
      "blocks outside the destination",
    );
    checkDestination(again, copy, before, outcome);
    if (fault === "") assert.equal(outcome.stdout, "");
    const next = await bench.startCli("copy", again.uri, ...copy.words).outcome;
    assert.equal(next.exitStatus, 0, next.stderr);
    assert.equal(next.document?.offloadedBlocks, copy.blocks);
    const expected = referenceDigest(again, 1, bench.scratch, [copy]);
    assert.equal(digestOf(again), expected, "as dd copies");
  },
});

const asItWas = async (): Promise<void> => {};

/** The device of a disk in sysfs. */
const removeNvme = (): void => {
  const [controller] = readdirSync("/sys/class/nvme");
  writeFileSync(`/sys/class/nvme/${controller}/device/remove`, "1");
};

async function rescanPci(): Promise<void> {
  writeFileSync("/sys/bus/pci/rescan", "1");
  await until("the controller is back", () => {
    const names = existsSync("/sys/class/nvme") ? readdirSync("/sys/class/nvme") : [];
    return names.length > 0 && existsSync(nvmePath());
  });
}

async function rescanScsi(): Promise<void> {
  for (const host of readdirSync("/sys/class/scsi_host")) {
    writeFileSync(`/sys/class/scsi_host/${host}/scan`, "- - -");
  }
  await until("the unit is back", () => existsSync(lioPath()));
}

/** One boot: devices that are taken away while they copy. */
export const disturbedGroup: Group = {
  rig,
  cases: [
    disturbed("kill -9 of a copy by NVMe", "nvme", { fault: "", disturb() {}, restore: asItWas }),
    disturbed("kill -9 of a copy by EXTENDED COPY", "lio", {
      ...{ fault: "", disturb() {}, restore: asItWas },
    }),
    disturbed("a controller reset", "nvme", {
      fault: "&fault=reset,afterBlocks=320",
      disturb: (disk) => void tool("nvme", ["reset", disk.path.replace(/n\d+$/, "")]),
      restore: asItWas,
    }),
    disturbed("removal of the controller", "nvme", {
      fault: "&fault=removed,afterBlocks=320",
      disturb: removeNvme,
      restore: rescanPci,
    }),
    disturbed("removal of the logical unit", "lio", {
      fault: "&fault=removed,opcode=0x83,afterBlocks=320",
      disturb: ({ path }) =>
        writeFileSync(path.replace("/dev/", "/sys/block/").concat("/device/delete"), "1"),
      restore: rescanScsi,
    }),
  ],
};
