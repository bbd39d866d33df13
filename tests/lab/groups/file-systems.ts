import assert from "node:assert/strict";
import { closeSync, fstatSync, openSync, rmSync, statfsSync, statSync } from "node:fs";
import { mountImage } from "../../support/loop-mount.ts";
import type { Outcome } from "../support/command-line.ts";
import { both, type Disk, digestOf, fill, tool } from "../support/disk.ts";
import { sparseFile } from "../support/images.ts";
import type { Bench, Group, LabCase, Rig } from "../support/lab-case.ts";
import { type Range, rangeWords, referenceDigest } from "../support/reference.ts";

const MiB = 2 ** 20;
const bytes = 8 * MiB;
const fileSystems = ["xfs", "btrfs", "ext4"] as const;
type FileSystem = (typeof fileSystems)[number];
const sharesBlocks = (fs: FileSystem): boolean => fs !== "ext4";

/** Sizes: the least that mkfs takes; and ext4, which is to be filled, small. */
const sizes = { xfs: 320, btrfs: 128, ext4: 40 };

function mountInGuest(fs: FileSystem, device: string): string {
  const words = { xfs: ["-q", "-m", "reflink=1"], btrfs: ["-q"], ext4: ["-q", "-F", "-m", "0"] };
  tool(`mkfs.${fs}`, [...words[fs], device]);
  const folder = `/run/${fs}`;
  tool("mkdir", ["-p", folder]);
  tool("modprobe", [fs]);
  tool("mount", ["-t", fs, device, folder]);
  return folder;
}

function mountHere(fs: FileSystem): string {
  const mounted = mountImage({ fs, bytes: sizes[fs] * MiB });
  if ("skip" in mounted) throw new Error(mounted.skip);
  return mounted.path;
}

/** Files `xfs/a`, `btrfs/b`, ... : of the kernel's own copy calls in the guest, images of an emulated device here. */
function filesOn(folderOf: (fs: FileSystem) => string, scheme: string, second: string) {
  const folders = new Map<string, string>();
  return (name: string): Disk => {
    const [fs = "", file] = name.split("/");
    const folder = folders.get(fs) ?? folderOf(fs as FileSystem);
    folders.set(fs, folder);
    const path = sparseFile(`${folder}/${file}`, bytes);
    const uri = `${scheme}:${path}?bs=512`;
    const beside = (other: Disk) => ({ uri: `${uri}&${second}=${other.path}`, name: second });
    return { uri, path, bytesPerBlock: 512, bytes, beside };
  };
}

const rig: Rig = {
  labWords: () => fileSystems.flatMap((fs) => ["--disk", `size=${sizes[fs]}M`]),
  real: () => {
    const letter = (fs: FileSystem) => "abc"[fileSystems.indexOf(fs)];
    return filesOn((fs) => mountInGuest(fs, `/dev/vd${letter(fs)}`), "file", "file1");
  },
  model: () => filesOn(mountHere, "nvme-model", "ns2"),
};

/** What the kernel may say of the copied blocks; a model says that its device did it. */
function checkMeans({ side }: Bench, done: Outcome, cloned: number, kernelCopied: number): void {
  assert.equal(done.exitStatus, 0, done.stderr);
  if (side === "model") {
    assert.equal(done.document?.offloadedBlocks, cloned + kernelCopied);
    return;
  }
  assert.equal(done.document?.offloadedBlocks, 0, "nothing that a kernel did is called offload");
  assert.equal(done.document?.clonedBlocks, cloned);
  assert.equal(done.document?.kernelCopiedBlocks, kernelCopied);
}

/** A file says who copied and by which calls; an emulated device says that it did. */
const differs = Object.fromEntries(
  ["blocks", "commands", "ranges"].map((field) => [field, "Files have no offload"]),
);

interface FileCopy {
  readonly ranges: readonly Range[];
  readonly to: number;
  /** Blocks that can be shared where the file system shares any: whole blocks of 4096 bytes, alike on both sides. */
  readonly shareable: number;
}

const copies = (fs: FileSystem, what: string, { ranges, to, shareable }: FileCopy): LabCase => ({
  name: `${fs}: ${what}`,
  differs,
  async run(bench) {
    const disk = bench.disk(`${fs}/a`);
    fill(disk, 1, bench.scratch);
    const done = await bench.cli("copy", disk.uri, rangeWords(ranges), "--to", String(to));
    const blocks = ranges.reduce((sum, [, count]) => sum + count, 0);
    const cloned = sharesBlocks(fs) ? shareable : 0;
    checkMeans(bench, done, cloned, blocks - cloned);
    assert.equal(digestOf(disk), referenceDigest(disk, 1, bench.scratch, [{ ranges, to }]));
  },
});

const whole: FileCopy = { ranges: [[1024, 4096]], to: 8192, shareable: 4096 };
// 3 mod 8 and 1003 mod 8: five blocks, eleven whole pages, seven blocks.
const edges: FileCopy = { ranges: [[3, 100]], to: 1003, shareable: 88 };
const askew: FileCopy = { ranges: [[3, 100]], to: 1004, shareable: 0 };

const holes = (fs: FileSystem): LabCase => ({
  name: `${fs}: a hole, to a place with data in another file`,
  differs,
  async run(bench) {
    rmSync(bench.disk(`${fs}/holes`).path);
    const [source, destination] = [bench.disk(`${fs}/holes`), bench.disk(`${fs}/a`)];
    fill(destination, 1, bench.scratch);
    const { uri, name } = both(source, destination);
    const words = ["0+2048", "--to-device", name, "--to", "4096"];
    const done = await bench.cli("copy", uri, ...words);
    const cloned = sharesBlocks(fs) ? 2048 : 0;
    checkMeans(bench, done, cloned, 2048 - cloned);
    const expected = `${bench.scratch}/zeroed`;
    tool("cp", ["--reflink=never", destination.path, expected]);
    tool(
      "dd",
      ["if=/dev/zero", `of=${expected}`, "bs=512", "seek=4096", "count=2048"].concat(
        "conv=notrunc",
      ),
    );
    assert.equal(digestOf(destination), digestOf({ path: expected }));
  },
});

function freeBlocks(path: string): number {
  tool("sync", ["-f", path]);
  const { bavail, bsize } = statfsSync(path);
  return (bavail * bsize) / 512;
}

const takesNoSpace = (fs: FileSystem): LabCase => ({
  name: `${fs}: a clone takes no space`,
  differs,
  async run(bench) {
    rmSync(bench.disk(`${fs}/holes`).path);
    const disk = bench.disk(`${fs}/holes`);
    fill({ ...disk, bytes: bytes / 2 }, 1, bench.scratch);
    const before = freeBlocks(disk.path);
    const done = await bench.cli("copy", disk.uri, "0+8192", "--to", "8192");
    checkMeans(bench, done, 8192, 0);
    // File systems write some blocks of their own.
    assert.ok(before - freeBlocks(disk.path) < 4096, "space was taken");
    const half = String(bytes / 2);
    tool("cmp", ["-n", half, "-i", `0:${half}`, disk.path, disk.path]);
  },
});

/** On ext4 a copy to a hole needs space, and there is less than it needs. */
const full: LabCase = {
  name: "ext4: the file system is full in mid-copy: what is claimed is there, the rest is as it was",
  isAside: true,
  async run(bench) {
    const disk = bench.disk("ext4/sparse");
    const source = bench.disk("ext4/a");
    rmSync(disk.path);
    const sparse = bench.disk("ext4/sparse");
    fill(source, 1, bench.scratch);
    const filler = `${source.path}.filler`;
    const free = Math.floor(freeBlocks(source.path) / 2048);
    tool("dd", ["if=/dev/zero", `of=${filler}`, "bs=1M", `count=${free - 2}`, "status=none"]);
    const { uri, name } = both(source, sparse);
    const done = await bench.cliAside("copy", uri, "0+16384", "--to-device", name, "--to", "0");
    assert.notEqual(done.exitStatus, 0);
    const { document } = done;
    const copied = document?.copiedBlocks ?? 0;
    assert.ok(copied < 16384, "more was claimed than there is space for");
    for (const range of document?.ranges ?? []) {
      if (range.means === "none") continue;
      const same = ["-n", String(range.blocks * 512), "-i", String(range.destination * 512)];
      tool("cmp", [...same, source.path, sparse.path]);
    }
    const fd = openSync(sparse.path, "r");
    assert.equal(fstatSync(fd).size, bytes, "the file is as long as it was");
    closeSync(fd);
    rmSync(filler);
    const next = await bench.cliAside("copy", uri, "0+16384", "--to-device", name, "--to", "0");
    assert.equal(next.exitStatus, 0, next.stderr);
    assert.equal(digestOf(sparse), digestOf(source));
    assert.ok(statSync(sparse.path).blocks >= 16384);
  },
};

/** One boot: files, where the kernel copies. */
export const fileSystemGroup: Group = {
  rig,
  cases: [
    ...fileSystems.flatMap((fs) => [
      copies(fs, "whole blocks", whole),
      copies(fs, "edges that are no whole blocks", edges),
      copies(fs, "source and destination askew", askew),
      holes(fs),
    ]),
    takesNoSpace("xfs"),
    takesNoSpace("btrfs"),
    full,
  ],
};
