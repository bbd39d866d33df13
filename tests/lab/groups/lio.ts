import assert from "node:assert/strict";
import { both, type Disk, digestOf, fill, tool } from "../support/disk.ts";
import { sparseFile } from "../support/images.ts";
import type { Bench, Group, LabCase, Rig } from "../support/lab-case.ts";
import { type Range, rangeWords, referenceDigest } from "../support/reference.ts";
import { honestRefusal } from "./honest-refusal.ts";

const MiB = 2 ** 20;
const bytes = 8 * MiB;

/** Logical units by name; those of a set are exported together. */
const sets = {
  file: ["fileA", "fileB", "block"],
  wide: ["wideA", "wideB"],
  same: ["sameA", "sameB"],
  refusing: ["refusing"],
} as const;
const blockSize = (name: string): 512 | 4096 => (name.startsWith("wide") ? 4096 : 512);

/** LIO's backstores, exported by tcm_loop; `fileA` and `fileB` by iSCSI as well. */
function makeUnits(): Map<string, string> {
  const lio = (...words: string[]) => tool("lio", words).trim().split("\n");
  for (const name of [...sets.file.slice(0, 2), ...sets.wide, ...sets.same, ...sets.refusing]) {
    lio("fileio", name, "8M");
    if (blockSize(name) === 4096) lio("attr", name, "block_size", "4096");
  }
  lio("iblock", "block", "/dev/vda");
  for (const name of sets.same) lio("serial", name, "0123456789abcdef0123456789abcdef");
  for (const name of sets.refusing) lio("attr", name, "emulate_3pc", "0");
  const paths = new Map<string, string>();
  const know = (names: readonly string[], found: readonly string[]) => {
    for (const [index, name] of names.entries()) paths.set(name, found[index] ?? "");
  };
  for (const names of Object.values(sets)) know(names, lio("loop", ...names));
  const target = "iqn.2026-01.invalid.lab:lio";
  lio("iscsi", target, "3260", "fileA", "fileB");
  know(["iscsiA", "iscsiB"], tool("iscsi-login", [target, "3260"]).trim().split("\n"));
  return paths;
}

const setOf = (unit: string): keyof typeof sets =>
  (Object.keys(sets) as (keyof typeof sets)[]).find((set) => unit.startsWith(set)) ?? "file";

/** What is special about the targets of a set, as parameters of a model. */
const special = { file: "", wide: "&bs=4096", same: "&designators=same", refusing: "&copy=off" };

const rig: Rig = {
  labWords: () => ["--disk", "size=8M"],
  real: () => {
    const paths = makeUnits();
    return (name) => {
      const path = paths.get(name) ?? `no disk ${name}`;
      const beside = (other: Disk) => ({ uri: `${path}?lun1=${other.path}`, name: "lun1" });
      return { uri: path, path, bytesPerBlock: blockSize(name), bytes, beside };
    };
  },
  model: (scratch) => (name) => {
    const unit = name.replace("iscsi", "file");
    const path = sparseFile(`${scratch}/${unit}.img`, bytes);
    const uri = `scsi-model:${path}?profile=lio${special[setOf(unit)]}`;
    const beside = (other: Disk) => ({ uri: `${uri}&lun1=${other.path}`, name: "lun1" });
    return { uri, path, bytesPerBlock: blockSize(unit), bytes, beside };
  },
};

interface UnitCopy {
  readonly from: string;
  readonly to: string;
  readonly ranges: readonly Range[];
  readonly at: number;
}

/** What sg_xcopy makes of the same ranges: one command line for each. */
function sgXcopy(source: Disk, destination: Disk, { ranges, at }: UnitCopy): void {
  let seek = at;
  for (const [lba, blocks] of ranges) {
    const places = [`if=${source.path}`, `of=${destination.path}`, `skip=${lba}`, `seek=${seek}`];
    tool("sg_xcopy", [...places, `count=${blocks}`, `bs=${source.bytesPerBlock}`]);
    seek += blocks;
  }
}

function fillBoth(bench: Bench, { from, to }: UnitCopy): readonly [Disk, Disk] {
  const [source, destination] = [bench.disk(from), bench.disk(to)];
  fill(source, 1, bench.scratch);
  if (destination.path !== source.path) fill(destination, 2, bench.scratch);
  return [source, destination];
}

function expectedDigest(
  bench: Bench,
  copy: UnitCopy,
  [source, destination]: readonly [Disk, Disk],
) {
  const { ranges, at } = copy;
  if (source.path === destination.path) {
    return referenceDigest(destination, 1, bench.scratch, [{ ranges, to: at }]);
  }
  return referenceDigest(destination, 2, bench.scratch, [{ ranges, to: at, source: 1 }]);
}

function words(copy: UnitCopy, [source, destination]: readonly [Disk, Disk]): string[] {
  const ranges = rangeWords(copy.ranges);
  if (source.path === destination.path)
    return ["copy", source.uri, ranges, "--to", String(copy.at)];
  const { uri, name } = both(source, destination);
  return ["copy", uri, ranges, "--to-device", name, "--to", String(copy.at)];
}

/** A copy that must come out as `dd` makes it and as sg_xcopy does. */
const copies = (name: string, copy: UnitCopy): LabCase => ({
  name,
  async run(bench) {
    const disks = fillBoth(bench, copy);
    const done = await bench.cli(...words(copy, disks));
    assert.equal(done.exitStatus, 0, done.stderr);
    assert.equal(
      done.document?.offloadedBlocks,
      copy.ranges.reduce((sum, [, n]) => sum + n, 0),
    );
    assert.equal(done.document?.bytesThroughHost, 0);
    // LIO takes one segment in a command.
    assert.equal(done.document?.cost?.commands, copy.ranges.length);
    const after = digestOf(disks[1]);
    assert.equal(after, expectedDigest(bench, copy, disks), "as dd copies");
    if (bench.side === "model") return;
    fillBoth(bench, copy);
    sgXcopy(...disks, copy);
    assert.equal(after, digestOf(disks[1]), "as sg_xcopy copies");
  },
});

const pieces: Range[] = [
  [700, 60],
  [9, 33],
  [64, 8],
];

const sameSerials: LabCase = {
  name: "two units with one serial number: refused before a byte moves",
  async run(bench) {
    const copy = { from: "sameA", to: "sameB", ranges: pieces, at: 1001 };
    const disks = fillBoth(bench, copy);
    const before = disks.map(digestOf);
    const refused = await bench.cli(...words(copy, disks));
    assert.equal(refused.document?.code, "FERRY_SCSI_DUPLICATE_DESIGNATOR", refused.stderr);
    assert.deepEqual(disks.map(digestOf), before);
  },
};

/** One boot: the kernel's own SCSI target, reached through tcm_loop and through its iSCSI. */
export const lio: Group = {
  rig,
  cases: [
    copies("1 range within a file", { from: "fileA", to: "fileA", ranges: [[3, 1000]], at: 9001 }),
    copies("3 ranges within a block device", {
      from: "block",
      to: "block",
      ranges: pieces,
      at: 1001,
    }),
    copies("from file to file", { from: "fileA", to: "fileB", ranges: pieces, at: 1001 }),
    copies("from file to block device", { from: "fileB", to: "block", ranges: pieces, at: 1001 }),
    copies("4096-byte blocks, across", { from: "wideA", to: "wideB", ranges: pieces, at: 1001 }),
    copies("within a unit reached by iSCSI", {
      from: "iscsiA",
      to: "iscsiA",
      ranges: pieces,
      at: 1001,
    }),
    copies("across units reached by iSCSI", {
      from: "iscsiA",
      to: "iscsiB",
      ranges: pieces,
      at: 1001,
    }),
    sameSerials,
    honestRefusal("emulate_3pc=0", "refusing"),
  ],
};
