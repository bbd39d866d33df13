// Goal: every command but the gathered write does what ACS says. Method: task files written out, and what is stored
// before and after; registers as ACS-4's tables of outputs have them.
import { describe, expect, it } from "vitest";
import {
  encodeDsmRanges,
  isChecksumGood,
  logDirectory,
  ncqCommandError,
  pagesOfLog,
  type TaskFile,
} from "../../src/codec/index.ts";
import { labelAt, labelSectors, type TestDisk, testDisk } from "../support/disk.ts";

const GOOD = { status: 0x50, error: 0 };
const ABORTED = { status: 0x51, error: 0x04 };
const NOT_FOUND = { status: 0x51, error: 0x10 };
const SECTORS = 70_000;

function labelled(options: Parameters<typeof testDisk>[1] = {}): TestDisk {
  const disk = testDisk(SECTORS, options);
  labelSectors(disk, 1000);
  return disk;
}

describe("reads and writes", () => {
  const reads: readonly [string, TaskFile][] = [
    ["READ SECTOR(S)", { command: 0x20, lba: 7, count: 3 }],
    ["READ SECTOR(S) EXT", { command: 0x24, lba: 7, count: 3 }],
    ["READ DMA EXT", { command: 0x25, lba: 7, count: 3 }],
    ["READ DMA", { command: 0xc8, lba: 7, count: 3 }],
    ["READ FPDMA QUEUED", { command: 0x60, lba: 7, feature: 3, count: 5 * 8 }],
  ];
  it.each(reads)("%s", (_name, taskFile) => {
    const disk = labelled({ holdsAfterQueuedError: false });
    const data = new Uint8Array(3 * 512);
    expect(disk.send(taskFile, undefined, data)).toMatchObject(GOOD);
    const expected = new Uint8Array(3 * 512);
    disk.store.read(7 * 512, expected);
    expect(data).toEqual(expected);
    expect(disk.send({ ...taskFile, lba: 69_998 }, undefined, data)).toMatchObject(NOT_FOUND);
    expect(disk.send(taskFile, undefined, data.subarray(1))).toMatchObject(ABORTED);
    expect(disk.send({ ...taskFile, device: 0 }, undefined, data)).toMatchObject(ABORTED);
  });

  const writes: readonly [string, TaskFile][] = [
    ["WRITE SECTOR(S)", { command: 0x30, lba: 7, count: 2 }],
    ["WRITE SECTOR(S) EXT", { command: 0x34, lba: 7, count: 2 }],
    ["WRITE DMA EXT", { command: 0x35, lba: 7, count: 2 }],
    ["WRITE DMA FUA EXT", { command: 0x3d, lba: 7, count: 2 }],
    ["WRITE DMA", { command: 0xca, lba: 7, count: 2 }],
    ["WRITE FPDMA QUEUED", { command: 0x61, lba: 7, feature: 2, count: 31 * 8 }],
  ];
  it.each(writes)("%s", (_name, taskFile) => {
    const disk = labelled({ holdsAfterQueuedError: false });
    const data = new Uint8Array(2 * 512).fill(0x5a);
    expect(disk.send(taskFile, data)).toMatchObject(GOOD);
    const stored = new Uint8Array(4 * 512);
    disk.store.read(6 * 512, stored);
    expect(stored.subarray(512, 1536)).toEqual(data);
    expect([labelAt(disk, 6), labelAt(disk, 9)]).toEqual([6, 9]);
    expect(disk.send(taskFile, data.subarray(1))).toMatchObject(ABORTED);
    expect(disk.send({ ...taskFile, lba: SECTORS - 1 }, data)).toMatchObject(NOT_FOUND);
  });

  it("take COUNT 0 for 256 and for 65,536", () => {
    const disk = testDisk(SECTORS);
    const data = new Uint8Array(65_536 * 512);
    expect(disk.send({ command: 0xc8 }, undefined, data.subarray(0, 256 * 512))).toMatchObject(
      GOOD,
    );
    expect(disk.send({ command: 0xc8 }, undefined, data.subarray(0, 255 * 512))).toMatchObject(
      ABORTED,
    );
    expect(disk.send({ command: 0x25 }, undefined, data)).toMatchObject(GOOD);
    expect(disk.send({ command: 0x60 }, undefined, data)).toMatchObject(GOOD);
    expect(disk.send({ command: 0x25, lba: SECTORS - 65_535 }, undefined, data)).toMatchObject(
      NOT_FOUND,
    );
  });

  it("keep bits 27:24 of a 28-bit address in DEVICE", () => {
    const disk = testDisk(2 ** 24 + 8);
    const data = new Uint8Array(512).fill(1);
    disk.send({ command: 0xca, lba: 4, count: 1, device: 0x41 }, data);
    const stored = new Uint8Array(512);
    disk.store.read((2 ** 24 + 4) * 512, stored);
    expect(stored).toEqual(data);
  });

  it("answer queued commands by a Set Device Bits FIS with the tag", () => {
    const disk = labelled();
    const ended = disk.send(
      { command: 0x60, feature: 1, count: 9 * 8 },
      undefined,
      new Uint8Array(512),
    );
    // A1h, I, DRDY and DSC, ERROR 0, SActive bit 9; the rest of the completion is zero.
    expect([...ended.completion]).toEqual([0xa1, 0x40, 0x50, 0, 0, 2, ...new Array(14).fill(0)]);
  });

  it("refuse tags that the disk has not", () => {
    const disk = labelled({ queueDepth: 8, holdsAfterQueuedError: false });
    const data = new Uint8Array(512);
    const read = { command: 0x60, feature: 1 };
    expect(disk.send({ ...read, count: 7 * 8 }, undefined, data)).toMatchObject(GOOD);
    expect(disk.send({ ...read, count: 8 * 8 }, undefined, data)).toMatchObject(ABORTED);
  });

  it("of 4,096-byte sectors move 4,096 bytes", () => {
    const disk = testDisk(100, { bytesPerSector: 4096 });
    const data = new Uint8Array(8192).fill(3);
    expect(disk.send({ command: 0x35, lba: 98, count: 2 }, data)).toMatchObject(GOOD);
    expect(disk.send({ command: 0x35, lba: 99, count: 2 }, data)).toMatchObject(NOT_FOUND);
    expect(disk.bytes().subarray(98 * 4096)).toEqual(data);
  });

  it("to a write protected disk are aborted and change nothing", () => {
    const disk = testDisk(100, { readonly: true });
    const data = new Uint8Array(512).fill(9);
    const list = encodeDsmRanges("dsm", [{ lba: 0, blocks: 1 }]);
    expect(disk.send({ command: 0x35, count: 1 }, data)).toMatchObject(ABORTED);
    expect(disk.send({ command: 0x06, feature: 1, count: 1 }, list)).toMatchObject(ABORTED);
    expect(disk.send({ command: 0x44, count: 1 })).toMatchObject(ABORTED);
    expect(disk.send({ command: 0x45, feature: 0x55, count: 1 })).toMatchObject(ABORTED);
    expect(disk.bytes().every((byte) => byte === 0)).toBe(true);
  });
});

describe("ranges", () => {
  const list = encodeDsmRanges("dsm", [
    { lba: 10, blocks: 5 },
    { lba: 100, blocks: 1 },
  ]);

  it("DATA SET MANAGEMENT trims", () => {
    const disk = labelled();
    expect(disk.send({ command: 0x06, feature: 1, count: 1 }, list)).toMatchObject(GOOD);
    expect([9, 10, 14, 15, 100, 101].map((lba) => labelAt(disk, lba))).toEqual([
      9, -1, -1, 15, -1, 101,
    ]);
  });

  it("SEND FPDMA QUEUED 00h trims: pages in FEATURES, TRIM in AUXILIARY", () => {
    const disk = labelled();
    const taskFile = { command: 0x64, feature: 1, count: 0, auxiliary: 1 };
    expect(disk.send(taskFile, list)).toMatchObject(GOOD);
    expect(labelAt(disk, 12)).toBe(-1);
  });

  it("DATA SET MANAGEMENT XL trims", () => {
    const disk = labelled();
    const long = encodeDsmRanges("dsm-xl", [{ lba: 0, blocks: SECTORS }]);
    expect(disk.send({ command: 0x07, feature: 1, count: 1 }, long)).toMatchObject(GOOD);
    expect(disk.store.allocatedBytes).toBe(0);
  });

  it("check everything before they trim anything", () => {
    const disk = labelled();
    const bad = encodeDsmRanges("dsm", [
      { lba: 10, blocks: 5 },
      { lba: SECTORS - 1, blocks: 2 },
    ]);
    expect(disk.send({ command: 0x06, feature: 1, count: 1 }, bad)).toMatchObject(NOT_FOUND);
    expect(disk.send({ command: 0x06, feature: 0, count: 1 }, list)).toMatchObject(ABORTED);
    expect(disk.send({ command: 0x06, feature: 1, count: 2 }, list)).toMatchObject(ABORTED);
    expect(disk.send({ command: 0x06, feature: 1, count: 0 }, list)).toMatchObject(ABORTED);
    const pages = new Uint8Array(9 * 512);
    expect(disk.send({ command: 0x06, feature: 1, count: 8 }, pages.subarray(512))).toMatchObject(
      GOOD,
    );
    expect(disk.send({ command: 0x06, feature: 1, count: 9 }, pages)).toMatchObject(ABORTED);
    expect(labelAt(disk, 10)).toBe(10);
  });

  it("ZERO EXT zeroes", () => {
    const disk = labelled();
    expect(disk.send({ command: 0x44, lba: 5, count: 2 })).toMatchObject(GOOD);
    expect(disk.send({ command: 0x44, feature: 1, lba: 8, count: 1 })).toMatchObject(GOOD);
    expect([4, 5, 6, 7, 8, 9].map((lba) => labelAt(disk, lba))).toEqual([4, -1, -1, 7, -1, 9]);
    expect(disk.send({ command: 0x44, lba: SECTORS, count: 1 })).toMatchObject(NOT_FOUND);
  });

  it("WRITE UNCORRECTABLE EXT marks sectors until they are written", () => {
    const disk = labelled();
    const data = new Uint8Array(4 * 512);
    const read = { command: 0x25, lba: 20, count: 4 };
    expect(disk.send({ command: 0x45, feature: 0x55, lba: 22, count: 3 })).toMatchObject(GOOD);
    expect(disk.send(read, undefined, data)).toMatchObject({ status: 0x51, error: 0x40, lba: 22 });
    // What is before the error has been transferred.
    expect(new DataView(data.buffer).getUint32(512)).toBe(22);
    expect(disk.send({ command: 0x42, lba: 23, count: 5 })).toMatchObject({ error: 0x40, lba: 23 });
    expect(disk.send({ command: 0x35, lba: 22, count: 2 }, data.subarray(0, 1024))).toMatchObject(
      GOOD,
    );
    expect(disk.send(read, undefined, data)).toMatchObject({ error: 0, status: 0x50 });
    expect(disk.send({ command: 0x40, lba: 24, count: 1 })).toMatchObject({ error: 0x40, lba: 24 });
    expect(disk.send({ command: 0x45, feature: 0x56, lba: 0, count: 1 })).toMatchObject(ABORTED);
  });
});

describe("the rest", () => {
  it("power modes: COUNT tells, and the medium wakes the disk", () => {
    const disk = labelled();
    const mode = () => disk.send({ command: 0xe5 }).count;
    expect(mode()).toBe(0xff);
    disk.send({ command: 0xe1 });
    expect(mode()).toBe(0x80);
    disk.send({ command: 0xe0 });
    expect(mode()).toBe(0x00);
    disk.send({ command: 0x42, count: 1 });
    expect(mode()).toBe(0xff);
  });

  it("a sleeping disk answers nothing but a reset", () => {
    const disk = labelled();
    expect(disk.send({ command: 0xe6 })).toMatchObject(GOOD);
    expect(disk.send({ command: 0xe5 }).outcome).toBe("lost");
    disk.model.reset();
    expect(disk.send({ command: 0xe5 })).toMatchObject({ ...GOOD, count: 0xff });
  });

  it("NOP and unknown commands are aborted, registers as they came", () => {
    const disk = labelled();
    for (const command of [0x00, 0x01, 0x3f, 0x57, 0xf5, 0x69, 0x68]) {
      const sent = { command, lba: 0x112233445566, count: 0x1234 };
      expect(disk.send(sent)).toMatchObject({
        ...ABORTED,
        lba: sent.lba,
        count: sent.count,
        device: 0x40,
      });
    }
  });

  it("SET FEATURES takes what there is", () => {
    const disk = labelled();
    const set = (feature: number, count = 0) => disk.send({ command: 0xef, feature, count }).error;
    for (const feature of [0x02, 0x82, 0x55, 0xaa, 0x66, 0xcc]) expect(set(feature)).toBe(0);
    for (const mode of [0x00, 0x0c, 0x22, 0x46]) expect(set(0x03, mode)).toBe(0);
    for (const mode of [0x0d, 0x23, 0x47, 0xff]) expect(set(0x03, mode)).toBe(0x04);
    expect(set(0x05, 1)).toBe(0x04);
  });

  it("SMART returns that all is well, with its signature", () => {
    const disk = labelled();
    expect(disk.send({ command: 0xb0, feature: 0xda, lba: 0xc24f00 })).toMatchObject({
      ...GOOD,
      lba: 0xc24f00,
    });
    expect(disk.send({ command: 0xb0, feature: 0xda })).toMatchObject(ABORTED);
  });

  it("resets answer with the signature of an ATA disk", () => {
    const disk = labelled();
    const fis = new Uint8Array(20);
    fis.set([0x27, 0x00]);
    fis[15] = 0x04;
    const completion = new Uint8Array(20);
    disk.model.execute("io", fis, undefined, undefined, completion);
    // ACS-4, Table 206: ERROR 01h, COUNT 01h, LBA 000001h, DEVICE 00h.
    expect([...completion.subarray(0, 14)]).toEqual([
      0x34, 0x40, 0x50, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0,
    ]);
    expect(disk.send({ command: 0x90 })).toMatchObject({ count: 1, lba: 1, device: 0 });
  });

  it("sense data says why a command was aborted", () => {
    const disk = labelled({ readonly: true });
    const why = (taskFile: TaskFile, dataOut?: Uint8Array) => {
      expect(disk.send(taskFile, dataOut).status).toBe(0x53);
      return disk.send({ command: 0x0b }).lba;
    };
    expect(disk.send({ command: 0xef, feature: 0xc3, count: 1 })).toMatchObject(GOOD);
    expect(why({ command: 0x01 })).toBe(0x052000);
    expect(why({ command: 0x06 })).toBe(0x052400);
    expect(why({ command: 0x35, count: 1 }, new Uint8Array(512))).toBe(0x072700);
    expect(why({ command: 0x25, lba: SECTORS, count: 1 })).toBe(0x052100);
    expect(disk.send({ command: 0x0b }).lba).toBe(0);
  });

  it("logs: a directory, and pages that are where it says", () => {
    const disk = labelled();
    const page = new Uint8Array(512);
    expect(disk.send({ command: 0x2f, count: 1 }, undefined, page)).toMatchObject(GOOD);
    const directory = logDirectory.decode(page);
    if (!directory.ok) throw new Error(directory.violated);
    for (let log = 0; log < 256; log += 1) {
      const pages = pagesOfLog(directory.value, log);
      const data = new Uint8Array(512);
      const last = { command: 0x47, count: 1, lba: log + Math.max(0, pages - 1) * 256 };
      expect(disk.send(last, undefined, data).error).toBe(pages === 0 ? 0x04 : 0);
      expect(disk.send({ ...last, lba: log + pages * 256 }, undefined, data)).toMatchObject(
        ABORTED,
      );
    }
    const two = new Uint8Array(1024);
    expect(disk.send({ command: 0x2f, count: 2, lba: 0x30 }, undefined, two)).toMatchObject(GOOD);
    // Page 00h of log 30h: 7 pages, 00h first; page 01h is a copy of IDENTIFY DEVICE data.
    expect([...two.subarray(8, 17)]).toEqual([7, 0, 1, 2, 3, 4, 6, 8, 0]);
    const identify = new Uint8Array(512);
    disk.send({ command: 0xec }, undefined, identify);
    expect(two.subarray(512)).toEqual(identify);
    const queued = { command: 0x65, feature: 1, count: 0x100, lba: 0x130 };
    const again = new Uint8Array(512);
    expect(disk.send(queued, undefined, again)).toMatchObject(GOOD);
    expect(again).toEqual(identify);
  });

  it("a queued command that fails stops everything until log 10h is read", () => {
    const disk = labelled();
    const data = new Uint8Array(512);
    disk.send({ command: 0x45, feature: 0x55, lba: 30, count: 1 });
    const failed = disk.send(
      { command: 0x60, feature: 1, lba: 30, count: 17 * 8 },
      undefined,
      data,
    );
    expect([...failed.completion.subarray(0, 8)]).toEqual([0xa1, 0x40, 0x51, 0x40, 0, 0, 0, 0]);
    const read = { command: 0x25, lba: 1, count: 1 };
    expect(disk.send(read, undefined, data)).toMatchObject(ABORTED);
    const page = new Uint8Array(512);
    expect(disk.send({ command: 0x2f, count: 1, lba: 0x10 }, undefined, page)).toMatchObject(GOOD);
    expect(isChecksumGood(page)).toBe(true);
    const log = ncqCommandError.decode(page);
    expect(log.ok && log.value).toMatchObject({
      tag: 17,
      notQueued: false,
      error: [6],
      lba: 30,
      senseKey: 3,
      asc: 0x11,
    });
    expect(disk.send(read, undefined, data)).toMatchObject(GOOD);
    disk.send({ command: 0x2f, count: 1, lba: 0x10 }, undefined, page);
    const empty = ncqCommandError.decode(page);
    expect(empty.ok && empty.value.notQueued).toBe(true);
  });

  it("a FIS that is none is aborted", () => {
    const disk = labelled();
    const completion = new Uint8Array(20);
    for (const fis of [new Uint8Array(19), new Uint8Array(20), new Uint8Array(64)]) {
      expect(disk.model.execute("io", fis, undefined, undefined, completion)).toBe("completed");
      expect([...completion.subarray(0, 4)]).toEqual([0x34, 0x40, 0x51, 0x04]);
    }
    expect(() =>
      disk.model.execute("io", new Uint8Array(20), undefined, undefined, new Uint8Array(19)),
    ).toThrow("completion must have 20 bytes, not 19");
  });

  it("a closed disk is gone", () => {
    const disk = labelled();
    disk.model.close();
    disk.model.close();
    expect(disk.send({ command: 0xec }).outcome).toBe("removed");
  });
});
