// Goal: WRITE GATHERED EXT moves what its list says, enforces every limit before a sector moves, and says where it
// stopped. Method: lists written out byte by byte or by the codec, sectors that carry labels, all profiles.
import { memoryStore } from "@blockferry/store-memory";
import { describe, expect, it } from "vitest";
import {
  defaultProfile,
  encodeGatheredList,
  gatheredTaskFile,
  type WriteGatheredProfile,
} from "../../src/codec/index.ts";
import { type AtaModelOptions, ataModel } from "../../src/model/index.ts";
import { type Ended, labelAt, labelSectors, type TestDisk, testDisk } from "../support/disk.ts";
import { bigEndianProfile, wordsProfile } from "../support/profiles.ts";

const SECTORS = 1000;
const GOOD = { status: 0x50, error: 0 };
const ABORTED = { status: 0x51, error: 0x04 };

function labelled(options: Omit<AtaModelOptions, "store"> = {}): TestDisk {
  const disk = testDisk(SECTORS, options);
  labelSectors(disk, SECTORS);
  return disk;
}

interface Range {
  readonly lba: number;
  readonly blocks: number;
}

/** Sends a gathered write whose list is right by the profile, except where `change` says otherwise. */
function gather(
  disk: TestDisk,
  sources: readonly Range[],
  destination: number,
  profile: WriteGatheredProfile = defaultProfile,
  tag?: number,
): Ended {
  const wide = {
    ...profile,
    limits: { entries: 65_000, blocksPerEntry: 2 ** 31, blocks: 2 ** 31 },
  };
  const blocks = sources.reduce((sum, range) => sum + range.blocks, 0);
  const list = encodeGatheredList(wide, sources);
  const queued = tag === undefined ? {} : { tag };
  const input = { destination, entries: sources.length, blocks, ...queued };
  return disk.send(gatheredTaskFile(wide, input), list);
}

const labels = (disk: TestDisk, lba: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => labelAt(disk, lba + i));

/** Nothing but the destination has changed. */
function expectGuards(disk: TestDisk, from: number, to: number): void {
  for (const lba of [0, from - 2, from - 1, to, to + 1, SECTORS - 1]) {
    if (lba < from || lba >= to) expect(labelAt(disk, lba)).toBe(lba);
  }
}

describe("copies", () => {
  it("the bytes of a command and a list, as they would cross the wire", () => {
    const disk = labelled();
    const list = new Uint8Array(512);
    // LBA 5, 2 sectors; a range of no sectors, skipped; LBA 9, 1 sector.
    list.set([5, 0, 0, 0, 0, 0, 2, 0, 7, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 1, 0]);
    const fis = new Uint8Array(20);
    fis.set([0x27, 0x80, 0x66, 0, 0x2c, 0x01, 0, 0x40, 0, 0, 0, 0, 1, 0]);
    const completion = new Uint8Array(20);
    disk.model.execute("io", fis, list, undefined, completion);
    expect([...completion.subarray(0, 4)]).toEqual([0x34, 0x40, 0x50, 0]);
    expect(labels(disk, 299, 5)).toEqual([299, 5, 6, 9, 303]);
  });

  const profiles = [defaultProfile, wordsProfile, bigEndianProfile];
  it.each(profiles.map((profile) => [profile.id, profile] as const))("%s", (_id, profile) => {
    const disk = labelled({ profile });
    const sources = [
      { lba: 900, blocks: 10 },
      { lba: 0, blocks: 1 },
      { lba: 10, blocks: 5 },
    ];
    expect(gather(disk, sources, 500, profile)).toMatchObject(GOOD);
    expect(labels(disk, 500, 16)).toEqual([
      900, 901, 902, 903, 904, 905, 906, 907, 908, 909, 0, 10, 11, 12, 13, 14,
    ]);
    expectGuards(disk, 500, 516);
  });

  it("queued: SEND FPDMA QUEUED 05h", () => {
    const disk = labelled();
    const ended = gather(disk, [{ lba: 1, blocks: 3 }], 700, defaultProfile, 4);
    expect([...ended.completion.subarray(0, 8)]).toEqual([0xa1, 0x40, 0x50, 0, 16, 0, 0, 0]);
    expect(labels(disk, 700, 4)).toEqual([1, 2, 3, 703]);
  });

  it("4,096-byte sectors; the list's pages stay 512 bytes", () => {
    const disk = testDisk(50, { bytesPerSector: 4096 });
    labelSectors(disk, 50, 4096);
    expect(gather(disk, [{ lba: 3, blocks: 2 }], 40)).toMatchObject(GOOD);
    expect([39, 40, 41, 42].map((lba) => labelAt(disk, lba, 4096))).toEqual([39, 3, 4, 42]);
  });

  it("tells its listener how", () => {
    const seen: unknown[] = [];
    const disk = labelled({ onStoreCopy: (...how) => seen.push(how) });
    gather(
      disk,
      [
        { lba: 3, blocks: 2 },
        { lba: 9, blocks: 1 },
      ],
      40,
    );
    expect(seen).toEqual([
      ["memory", 2, 3, 40],
      ["memory", 1, 9, 42],
    ]);
  });
});

describe("limits", () => {
  const one = (count: number): Range[] =>
    Array.from({ length: count }, (_, i) => ({ lba: i, blocks: 1 }));
  const limits = { entries: 5, blocksPerEntry: 20, blocks: 30 };

  const cases: readonly [string, readonly Range[], readonly Range[]][] = [
    ["ranges", one(5), one(6)],
    ["sectors of a range", [{ lba: 0, blocks: 20 }], [{ lba: 0, blocks: 21 }]],
    [
      "sectors",
      [
        { lba: 0, blocks: 20 },
        { lba: 50, blocks: 10 },
      ],
      [
        { lba: 0, blocks: 20 },
        { lba: 50, blocks: 11 },
      ],
    ],
  ];
  for (const profile of [defaultProfile, wordsProfile, bigEndianProfile]) {
    it.each(cases)(`${profile.id}: %s`, (_what, most, more) => {
      const disk = labelled({ profile, limits });
      expect(gather(disk, more, 500, profile)).toMatchObject({ ...ABORTED, lba: 500 });
      expect(labels(disk, 500, 32)).toEqual(Array.from({ length: 32 }, (_, i) => 500 + i));
      expect(gather(disk, most, 500, profile)).toMatchObject(GOOD);
      expect(labelAt(disk, 500)).toBe(0);
    });
  }

  it("cannot be above what an entry holds", () => {
    expect(() => labelled({ limits: { blocksPerEntry: 65_536 } })).toThrow("1 to 65535, not 65536");
    expect(() => labelled({ limits: { entries: 0 } })).toThrow("limits.entries");
  });
});

describe("refusals, before a sector moves", () => {
  const idnf = { status: 0x51, error: 0x10 };
  const plain = [{ lba: 0, blocks: 4 }];
  const unchanged = (disk: TestDisk): void => {
    const wanted = labelled();
    expect(Buffer.compare(disk.bytes(), wanted.bytes())).toBe(0);
  };
  const list = encodeGatheredList(defaultProfile, plain);
  const command = { command: 0x66, count: 1, lba: 500 };

  it("addresses behind the last sector: LBA names the first", () => {
    const disk = labelled();
    const sources = [
      { lba: 0, blocks: 4 },
      { lba: 998, blocks: 3 },
    ];
    expect(gather(disk, sources, 500)).toMatchObject({ ...idnf, lba: 1000 });
    expect(gather(disk, [{ lba: 2000, blocks: 1 }], 500)).toMatchObject({ ...idnf, lba: 2000 });
    expect(gather(disk, plain, 997)).toMatchObject({ ...idnf, lba: 1000 });
    expect(gather(disk, plain, 2 ** 48 - 1)).toMatchObject({ ...idnf, lba: 2 ** 48 - 1 });
    unchanged(disk);
    const words = labelled({ profile: wordsProfile });
    expect(gather(words, sources, 500, wordsProfile)).toMatchObject({ ...ABORTED, lba: 504 });
    const odd = labelled({ profile: bigEndianProfile });
    expect(gather(odd, sources, 500, bigEndianProfile)).toMatchObject({ ...idnf, lba: 500 });
  });

  it("addresses at the last sector are good", () => {
    const disk = labelled();
    expect(gather(disk, [{ lba: 999, blocks: 1 }], 0)).toMatchObject(GOOD);
    expect(gather(disk, [{ lba: 500, blocks: 2 }], 998)).toMatchObject(GOOD);
  });

  it("a list that is missing, too short, too long, or not what COUNT says", () => {
    const disk = labelled();
    expect(disk.send(command)).toMatchObject(ABORTED);
    expect(disk.send(command, list.subarray(0, 511))).toMatchObject(ABORTED);
    expect(disk.send(command, new Uint8Array(1024))).toMatchObject(ABORTED);
    expect(disk.send({ ...command, count: 2 }, list)).toMatchObject(ABORTED);
    expect(disk.send({ ...command, count: 0 }, list)).toMatchObject(ABORTED);
    expect(disk.send({ ...command, count: 2 }, new Uint8Array(1024))).toMatchObject(ABORTED);
    unchanged(disk);
  });

  it("a list without a range, and DEVICE without LBA", () => {
    const disk = labelled();
    expect(disk.send(command, new Uint8Array(512))).toMatchObject(ABORTED);
    expect(disk.send({ ...command, device: 0 }, list)).toMatchObject(ABORTED);
    unchanged(disk);
  });

  it("a queued one whose AUXILIARY or pages are wrong", () => {
    const disk = labelled({ holdsAfterQueuedError: false });
    const queued = { command: 0x64, feature: 1, count: 0x500, lba: 500 };
    expect(disk.send({ ...queued, auxiliary: 1 }, list)).toMatchObject(ABORTED);
    expect(disk.send({ ...queued, feature: 2 }, list)).toMatchObject(ABORTED);
    expect(disk.send({ ...queued, count: 0x600 }, list)).toMatchObject(ABORTED);
    unchanged(disk);
    expect(disk.send(queued, list)).toMatchObject(GOOD);
  });

  it("registers and head that do not agree with the entries", () => {
    const disk = labelled({ profile: wordsProfile });
    const good = encodeGatheredList(wordsProfile, plain);
    const send = { command: 0x69, count: 1, feature: 1, lba: 500 };
    expect(disk.send({ ...send, feature: 2 }, good)).toMatchObject(ABORTED);
    const head = good.slice();
    head[0] = 0;
    expect(disk.send(send, head)).toMatchObject(ABORTED);
    const entries = good.slice();
    entries[4] = 200;
    expect(disk.send(send, entries)).toMatchObject(ABORTED);
    const none = good.slice();
    none[24] = 0;
    expect(disk.send(send, none)).toMatchObject(ABORTED);
    unchanged(disk);
    const odd = labelled({ profile: bigEndianProfile });
    const bytes = encodeGatheredList(bigEndianProfile, plain);
    const sent = { command: 0x6a, count: 4, feature: 1, lba: 500 };
    expect(odd.send({ ...sent, count: 5 }, bytes)).toMatchObject(ABORTED);
    expect(odd.send({ ...sent, feature: 2 }, bytes)).toMatchObject(ABORTED);
    expect(odd.send(sent, bytes)).toMatchObject(GOOD);
  });

  it("a write protected disk", () => {
    const disk = testDisk(SECTORS, { readonly: true });
    expect(gather(disk, plain, 500)).toMatchObject(ABORTED);
  });

  it("a profile of another operation code, a disk without, and QEMU's", () => {
    for (const options of [{ profile: null }, { preset: "qemu-7.2" }] as const) {
      expect(gather(labelled(options), plain, 500).error).toBe(0x04);
    }
    expect(gather(labelled({ profile: "acs6-provisional-68" }), plain, 500).error).toBe(0x04);
  });
});

describe("sources that overlap the destination", () => {
  const sources = [
    { lba: 100, blocks: 4 },
    { lba: 202, blocks: 4 },
  ];

  it("abort: refused", () => {
    const disk = labelled();
    expect(gather(disk, sources, 200)).toMatchObject(ABORTED);
    expect(labels(disk, 200, 8)).toEqual([200, 201, 202, 203, 204, 205, 206, 207]);
    // Touching is not overlapping.
    expect(
      gather(
        disk,
        [
          { lba: 196, blocks: 4 },
          { lba: 208, blocks: 4 },
        ],
        200,
      ),
    ).toMatchObject(GOOD);
  });

  it("snapshot: as if all were read first", () => {
    const disk = labelled({ profile: bigEndianProfile });
    expect(gather(disk, sources, 200, bigEndianProfile)).toMatchObject(GOOD);
    expect(labels(disk, 200, 9)).toEqual([100, 101, 102, 103, 202, 203, 204, 205, 208]);
  });

  it("sequential: later ranges see what earlier ones wrote", () => {
    const disk = labelled({ profile: wordsProfile });
    expect(gather(disk, sources, 200, wordsProfile)).toMatchObject(GOOD);
    expect(labels(disk, 200, 9)).toEqual([100, 101, 102, 103, 102, 103, 204, 205, 208]);
  });

  it("a range over itself is moved as a whole", () => {
    for (const profile of [wordsProfile, bigEndianProfile]) {
      const disk = labelled({ profile });
      expect(gather(disk, [{ lba: 100, blocks: 50 }], 110, profile)).toMatchObject(GOOD);
      expect(labels(disk, 109, 52)).toEqual([
        109,
        ...Array.from({ length: 50 }, (_, i) => 100 + i),
        160,
      ]);
    }
  });
});

describe("errors in the middle", () => {
  const sources = [
    { lba: 100, blocks: 4 },
    { lba: 300, blocks: 4 },
    { lba: 400, blocks: 4 },
  ];
  const moved = [100, 101, 102, 103, 300];

  it("a sector that cannot be read: what is before it is written, LBA is its address", () => {
    const disk = labelled({ faults: [{ kind: "unrecovered-read", lba: 301 }] });
    expect(gather(disk, sources, 600)).toMatchObject({ status: 0x51, error: 0x40, lba: 301 });
    expect(labels(disk, 600, 7)).toEqual([...moved, 605, 606]);
    disk.model.clearFaults();
    expect(gather(disk, sources, 600)).toMatchObject(GOOD);
  });

  it("LBA is where the destination stopped, where the profile wants that", () => {
    const faults = [{ kind: "unrecovered-read", lba: 301 }] as const;
    const disk = labelled({ profile: wordsProfile, faults });
    expect(gather(disk, sources, 600, wordsProfile)).toMatchObject({ error: 0x40, lba: 605 });
    expect(labels(disk, 600, 6)).toEqual([...moved, 605]);
  });

  it("LBA stays, where the profile wants that", () => {
    const faults = [{ kind: "unrecovered-read", lba: 301 }] as const;
    const disk = labelled({ profile: bigEndianProfile, faults });
    expect(gather(disk, sources, 600, bigEndianProfile)).toMatchObject({ error: 0x40, lba: 600 });
  });

  it("a sector that cannot be written: DEVICE FAULT", () => {
    const disk = labelled({ faults: [{ kind: "write-fault", lba: 605 }] });
    expect(gather(disk, sources, 600)).toMatchObject({ status: 0x70, error: 0, lba: 301 });
    expect(labels(disk, 600, 7)).toEqual([...moved, 605, 606]);
  });

  it("a sector marked by WRITE UNCORRECTABLE EXT, and one that a copy makes readable again", () => {
    const disk = labelled();
    disk.send({ command: 0x45, feature: 0x55, lba: 301, count: 1 });
    expect(gather(disk, sources, 600)).toMatchObject({ error: 0x40, lba: 301 });
    expect(gather(disk, [{ lba: 100, blocks: 4 }], 300)).toMatchObject(GOOD);
    expect(gather(disk, sources, 600)).toMatchObject(GOOD);
  });

  it("faults that pass", () => {
    const disk = labelled({
      faults: [{ kind: "unrecovered-read", lba: 100, blocks: 4, times: 2 }],
    });
    expect(gather(disk, sources, 600).error).toBe(0x40);
    expect(gather(disk, sources, 600).error).toBe(0x40);
    expect(gather(disk, sources, 600)).toMatchObject(GOOD);
  });

  it("a snapshot reads up to the error and writes that", () => {
    const faults = [{ kind: "unrecovered-read", lba: 205 }] as const;
    const disk = labelled({ profile: bigEndianProfile, faults });
    const overlapping = [
      { lba: 100, blocks: 4 },
      { lba: 202, blocks: 4 },
    ];
    expect(gather(disk, overlapping, 200, bigEndianProfile).error).toBe(0x40);
    expect(labels(disk, 200, 9)).toEqual([100, 101, 102, 103, 202, 203, 204, 207, 208]);
  });

  it("damaged on the cable: nothing is carried out", () => {
    const disk = labelled({ faults: [{ kind: "interface-crc", command: 0x66 }] });
    expect(gather(disk, sources, 600)).toMatchObject({ status: 0x51, error: 0x84 });
    expect(labelAt(disk, 600)).toBe(600);
    expect(gather(disk, sources, 600)).toMatchObject(GOOD);
  });

  it("any registers, after some commands", () => {
    const fault = { kind: "registers", error: 0x10, command: 0x66, after: 1, times: 2 } as const;
    const disk = labelled({ faults: [fault] });
    const errors = [0, 1, 2, 3].map(() => gather(disk, sources, 600).error);
    expect(errors).toEqual([0, 0x10, 0x10, 0]);
  });

  it("an answer that is lost, with and without the deed", () => {
    const disk = labelled({ faults: [{ kind: "lost-completion" }] });
    expect(gather(disk, sources, 600).outcome).toBe("lost");
    expect(labelAt(disk, 600)).toBe(100);
    disk.model.inject({ kind: "lost-completion", executed: false });
    expect(gather(disk, sources, 700).outcome).toBe("lost");
    expect(labelAt(disk, 700)).toBe(700);
  });

  it("power that goes away in the middle, and a disk that is pulled", () => {
    for (const profile of [defaultProfile, wordsProfile]) {
      const disk = labelled({ profile, faults: [{ kind: "reset", afterBlocks: 5 }] });
      expect(gather(disk, sources, 600, profile).outcome).toBe("reset");
      expect(labels(disk, 600, 7)).toEqual([...moved, 605, 606]);
    }
    const disk = labelled({ faults: [{ kind: "removed", afterBlocks: 4 }] });
    expect(gather(disk, sources, 600).outcome).toBe("removed");
    expect(labels(disk, 600, 5)).toEqual([100, 101, 102, 103, 604]);
    expect(gather(disk, sources, 600).outcome).toBe("removed");
  });

  it("a store that fails is a medium that fails", () => {
    const errors: unknown[] = [];
    const inner = memoryStore({ bytes: SECTORS * 512 });
    const broken = {
      ...inner,
      bytes: inner.bytes,
      copy: () => {
        throw new Error("gone");
      },
    };
    const model = ataModel({ store: broken, onStoreError: (error) => errors.push(error) });
    const disk = { ...labelled(), model };
    const fis = new Uint8Array(20);
    fis.set([0x27, 0x80, 0x66, 0, 0x2c, 0x01, 0, 0x40, 0, 0, 0, 0, 1, 0]);
    const completion = new Uint8Array(20);
    const list = encodeGatheredList(defaultProfile, [{ lba: 0, blocks: 1 }]);
    disk.model.execute("io", fis, list, undefined, completion);
    expect([completion[2], completion[3]]).toEqual([0x70, 0]);
    expect(errors).toHaveLength(1);
  });
});

it("options that cannot be are named", () => {
  const store = memoryStore({ bytes: 4096 });
  const make = (options: object) => () => ataModel({ store, ...options });
  expect(make({ bytesPerSector: 1024 })).toThrow("bytesPerSector must be 512 or 4096");
  expect(make({ preset: "real" })).toThrow("there are ideal, qemu-7.2");
  expect(make({ profile: "acs7" })).toThrow("there are acs6-provisional-66");
  expect(make({ profile: {} })).toThrow("not a WRITE GATHERED profile");
  expect(make({ queueDepth: 33 })).toThrow("queueDepth must be a whole number from 1 to 32");
  expect(make({ identity: { serialNumber: "x".repeat(21) } })).toThrow("at most 20");
  expect(make({ physicalBytesPerSector: 3000 })).toThrow("physicalBytesPerSector");
  expect(make({ faults: [{ kind: "write-fault", lba: -1 }] })).toThrow("a fault's lba");
});
