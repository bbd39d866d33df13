import assert from "node:assert/strict";
import { both, type Disk, digestOf, fill, pattern, readBlocks, tool } from "../support/disk.ts";
import type { Bench, Group, LabCase } from "../support/lab-case.ts";
import { type Range, rangeWords, referenceDigest } from "../support/reference.ts";
import { type NamespaceSpec, nvmeRig } from "./nvme-rig.ts";

// QEMU's own defaults, which are also its model's.
const usual: NamespaceSpec = { mib: 8, bytesPerBlock: 512, mssrl: 128, mcl: 128, msrc: 127 };
const small: NamespaceSpec = { mib: 8, bytesPerBlock: 512, mssrl: 8, mcl: 16, msrc: 1 };
// One command takes 16 MiB.
const large: NamespaceSpec = { mib: 32, bytesPerBlock: 512, mssrl: 65535, mcl: 65535, msrc: 255 };
const wide: NamespaceSpec = { mib: 8, bytesPerBlock: 4096, mssrl: 1024, mcl: 1024, msrc: 127 };
const guarded16: NamespaceSpec = { ...usual, guardBits: 16 };
const guarded64: NamespaceSpec = { ...usual, guardBits: 64 };

const rig = nvmeRig([
  { usual, usualTwin: usual, small, large, wide, wideTwin: wide, guarded16, guarded64 },
  { unreadable: { ...usual, unreadable: [64, 8] } },
]);

/** Ranges of so many blocks each, apart from one another. */
const scattered = (count: number, blocks: number): Range[] =>
  Array.from({ length: count }, (_, index) => [((index * 37) % count) * (blocks + 3), blocks]);

/** What `nvme copy` makes of the same ranges: a command that asks for nothing but them. */
function nvmeCopy({ path, driver }: Disk, ranges: readonly Range[], to: number): void {
  if (driver !== undefined) {
    driver.copy(ranges, to);
    return;
  }
  const starts = `--slbs=${ranges.map(([lba]) => lba)}`;
  const counts = `--blocks=${ranges.map(([, blocks]) => blocks - 1)}`;
  tool("nvme", ["copy", path, `--sdlba=${to}`, starts, counts]);
}

async function copyAndCompare(
  bench: Bench,
  name: string,
  { ranges, to, commands }: { ranges: Range[]; to: number; commands: number },
): Promise<void> {
  const disk = bench.disk(name);
  fill(disk, 1, bench.scratch);
  const done = await bench.cli("copy", disk.uri, rangeWords(ranges), "--to", String(to));
  const blocks = ranges.reduce((sum, [, count]) => sum + count, 0);
  assert.equal(done.exitStatus, 0, done.stderr);
  assert.equal(done.document?.offloadedBlocks, blocks);
  assert.equal(done.document?.bytesThroughHost, 0);
  assert.equal(done.document?.cost?.commands, commands);
  const after = digestOf(disk);
  assert.equal(after, referenceDigest(disk, 1, bench.scratch, [{ ranges, to }]), "as dd copies");
  if (bench.side === "model" || !rigHasTwin(name)) return;
  const twin = bench.disk(`${name}Twin`);
  fill(twin, 1, bench.scratch);
  nvmeCopy(twin, ranges, to);
  assert.equal(after, digestOf(twin), "as nvme copy copies");
}

const rigHasTwin = (name: string): boolean => ["usual", "wide"].includes(name);

/** A copy that must come out as `dd` makes it, and, where the limits let one command carry it, as `nvme copy` does. */
const copies = (
  name: string,
  disk: string,
  copy: { ranges: Range[]; to: number; commands: number },
): LabCase => ({ name, run: (bench) => copyAndCompare(bench, disk, copy) });

const crossNamespaces: LabCase = {
  name: "to another namespace: refused before a byte moves, through the host if allowed",
  async run(bench) {
    const [source, destination] = [bench.disk("usual"), bench.disk("usualTwin")];
    fill(source, 1, bench.scratch);
    fill(destination, 2, bench.scratch);
    const before = digestOf(destination);
    const { uri, name } = both(source, destination);
    const words = ["copy", uri, "5+64,200+8", "--to-device", name, "--to", "900"];
    const refused = await bench.cli(...words);
    assert.equal(refused.exitStatus, 10, refused.stderr);
    assert.equal(digestOf(destination), before);
    const done = await bench.cli(...words, "--emulate");
    assert.equal(done.exitStatus, 0, done.stderr);
    assert.equal(done.document?.emulatedBlocks, 72);
    const ranges: Range[] = [
      [5, 64],
      [200, 8],
    ];
    const expected = referenceDigest(destination, 2, bench.scratch, [
      { ranges, to: 900, source: 1 },
    ]);
    assert.equal(digestOf(destination), expected);
  },
};

const readError: LabCase = {
  name: "a read error in the second of three ranges: the first is copied and claimed, no more",
  async run(bench) {
    const disk = bench.disk("unreadable");
    fill(disk, 1, bench.scratch);
    const done = await bench.cli("copy", disk.uri, "0+8,64+8,128+8", "--to", "2000");
    assert.notEqual(done.exitStatus, 0);
    assert.equal(done.document?.copiedBlocks, 8);
    const means = done.document?.ranges?.map((one) => one.means);
    assert.deepEqual(means, ["offload", "none", "none"]);
    // QEMU 7.2 ends every failure of a range with Internal Error, 00/06.
    assert.equal(done.document?.ranges?.[1]?.deviceStatus?.name, "Internal Error");
    assert.match(done.stderr, /qemu-7\.2 is known for this: it reports every failure of a source/);
    const content = pattern(disk.bytes, 1);
    const expected = Buffer.from(content);
    content.copy(expected, 2000 * 512, 0, 8 * 512);
    for (const [lba, blocks] of [
      [0, 64],
      [72, 4096],
    ] as const) {
      const wanted = expected.subarray(lba * 512, (lba + blocks) * 512);
      assert.ok(readBlocks(disk, lba, blocks).equals(wanted), `blocks ${lba}+${blocks}`);
    }
  },
};

const refusesBadInput: LabCase = {
  name: "behind the end, overlapping, dry run: nothing is sent and nothing changes",
  async run(bench) {
    const disk = bench.disk("usual");
    fill(disk, 1, bench.scratch);
    const before = digestOf(disk);
    const behind = await bench.cli("copy", disk.uri, "16380+8", "--to", "0");
    assert.equal(behind.exitStatus, 22, behind.stderr);
    const overlapping = await bench.cli("copy", disk.uri, "0+64", "--to", "32");
    assert.equal(overlapping.exitStatus, 5, overlapping.stderr);
    const dry = await bench.cli("copy", disk.uri, "0+64", "--to", "4000", "-n");
    assert.equal(dry.exitStatus, 0, dry.stderr);
    assert.equal(digestOf(disk), before);
  },
};

const verifies: LabCase = {
  name: "--verify reads what was copied",
  async run(bench) {
    const disk = bench.disk("usual");
    fill(disk, 1, bench.scratch);
    const done = await bench.cli("copy", disk.uri, "7+100", "--to", "4001", "--verify");
    assert.equal(done.exitStatus, 0, done.stderr);
    assert.equal(done.document?.verification?.verdict, "verified");
  },
};

const knownForMcl: LabCase = {
  name: "MCL, which is not enforced: told by info, and true",
  async run(bench) {
    const disk = bench.disk("usual");
    const shown = await bench.cli("info", disk.uri);
    assert.equal(shown.exitStatus, 0, shown.stderr);
    assert.equal(shown.document?.peer?.name, "qemu-7.2");
    assert.ok(shown.document.peer.deviations.includes("does not enforce MCL"));
    const { mcl, mssrl } =
      shown.document.native?.find(({ fields }) => "mcl" in fields)?.fields ?? {};
    assert.deepEqual({ mcl, mssrl }, { mcl: usual.mcl, mssrl: usual.mssrl });
    if (bench.side === "model") return;
    const told = JSON.parse(tool("nvme", ["id-ns", disk.path, "-o", "json"]));
    assert.deepEqual({ mcl, mssrl }, { mcl: told.mcl, mssrl: told.mssrl });
    const ranges: Range[] = [0, 128, 256].map((lba) => [lba, 128]);
    nvmeCopy(disk, ranges, 4000);
  },
};

const guardedCopy: { ranges: Range[]; to: number; commands: number } = {
  ranges: [
    [3, 16],
    [64, 32],
  ],
  to: 2000,
  commands: 1,
};

/** Protection information of type 1: reference tags that fit the new place, or the copy could not be read. */
const guarded = (name: string, disk: string): LabCase => copies(name, disk, guardedCopy);

/** The same without PRACT: reference tags are those of the sources, and the copy cannot be read. */
const guardedAsItIs: LabCase = {
  name: "protection information copied as it is: the copy cannot be read, the rest can",
  async run(bench) {
    const disk = bench.disk("guarded16");
    const { ranges, to } = guardedCopy;
    fill(disk, 1, bench.scratch);
    nvmeCopy(disk, ranges, to);
    assert.throws(() => readBlocks(disk, to, 1));
    const content = pattern(disk.bytes, 1);
    for (const [lba, blocks] of [...ranges, [to + 48, 8] as const]) {
      const expected = content.subarray(lba * 512, (lba + blocks) * 512);
      assert.ok(readBlocks(disk, lba, blocks).equals(expected), `blocks ${lba}+${blocks}`);
    }
    // The command line has the controller check its sources, and is told what is wrong with them.
    const refused = await bench.cli("copy", disk.uri, `${to}+8`, "--to", "4000");
    assert.notEqual(refused.exitStatus, 0);
    assert.equal(refused.document?.copiedBlocks, 0);
  },
};

/** One boot: everything that QEMU's NVMe controller does when nothing disturbs it. */
export const nvme: Group = {
  rig,
  cases: [
    copies("1 range of 512-byte blocks", "usual", { ranges: [[3, 100]], to: 4001, commands: 1 }),
    copies("2 ranges", "usual", {
      ranges: [
        [700, 60],
        [9, 33],
      ],
      to: 4001,
      commands: 1,
    }),
    copies("128 ranges", "usual", { ranges: scattered(128, 1), to: 4001, commands: 1 }),
    copies("1 range of 4096-byte blocks", "wide", { ranges: [[3, 100]], to: 1001, commands: 1 }),
    copies("2 ranges of 4096-byte blocks", "wide", {
      ranges: [
        [700, 60],
        [9, 33],
      ],
      to: 1001,
      commands: 1,
    }),
    copies("128 ranges of 4096-byte blocks", "wide", {
      ranges: scattered(128, 3),
      to: 1001,
      commands: 1,
    }),
    // MSSRL 8, MCL 16, MSRC 1: of 100 blocks 12 ranges of 8 and one of 4, two in a command.
    copies("small limits", "small", { ranges: [[3, 100]], to: 4001, commands: 7 }),
    copies("large limits", "large", { ranges: [[3, 30000]], to: 31000, commands: 1 }),
    guarded("2 ranges with protection information, 16-bit guard", "guarded16"),
    guarded("2 ranges with protection information, 64-bit guard", "guarded64"),
    guardedAsItIs,
    knownForMcl,
    crossNamespaces,
    readError,
    refusesBadInput,
    verifies,
  ],
};
