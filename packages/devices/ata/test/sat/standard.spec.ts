// Goal: the translator that follows SAT-4 moves as much data as the CDB says, refuses CDBs that contradict themselves by
// the byte at fault, and returns registers and the disk's own sense data. Method: CDBs of each kind, in both formats.
import { toHex } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import {
  defaultProfile,
  encodeGatheredList,
  encodePassThrough,
  type PassThroughInput,
  parseSense,
  passThroughProtocol as protocol,
} from "../../src/codec/index.ts";
import { planWriteGathered } from "../../src/index.ts";
import { type SatResult, satPassThrough } from "../../src/sat/index.ts";
import { labelAt, labelSectors, type TestDisk, testDisk } from "../support/disk.ts";

function translated(options: Parameters<typeof testDisk>[1] = {}) {
  const disk = testDisk(1000, options);
  labelSectors(disk, 1000, options.bytesPerSector);
  const sat = satPassThrough(disk.model);
  const run = (
    input: PassThroughInput,
    out?: Uint8Array,
    room?: Uint8Array,
    inDescriptors = true,
  ) => sat.execute(encodePassThrough(input), out, room, inDescriptors);
  return { disk: disk as TestDisk, sat, run };
}

function senseOf({ sense }: SatResult, hasRegisters = true) {
  const decoded = parseSense(sense, { hasRegisters });
  if (!decoded.ok) throw new Error(decoded.violated ?? "too short");
  return decoded.value;
}

const readDma = {
  protocol: protocol.dma,
  extend: true,
  tDir: true,
  bytBlok: true,
  tLength: 2,
} as const;
const write = { ...readDma, tDir: false };

describe("data", () => {
  it("is as long as T_LENGTH says, of the place that it names", () => {
    const { run } = translated();
    const room = new Uint8Array(4096);
    const taskFile = { command: 0x25, lba: 3, count: 2 };
    expect(run({ ...readDma, taskFile }, undefined, room)).toMatchObject({
      status: 0,
      dataInBytes: 1024,
    });
    expect(new DataView(room.buffer).getUint32(512)).toBe(5);
    const byFeature = { ...readDma, tLength: 1, taskFile: { ...taskFile, feature: 2 } };
    expect(run(byFeature, undefined, room).dataInBytes).toBe(1024);
    const inBytes = {
      ...readDma,
      bytBlok: false,
      tLength: 1,
      taskFile: { ...taskFile, feature: 1024 },
    };
    expect(run(inBytes, undefined, room).dataInBytes).toBe(1024);
    const byTransport = { ...readDma, tLength: 3, taskFile };
    expect(run(byTransport, undefined, room.subarray(0, 1024)).dataInBytes).toBe(1024);
  });

  it("is counted in logical sectors with T_TYPE", () => {
    const { run, disk } = translated({ bytesPerSector: 4096 });
    const room = new Uint8Array(8192);
    const taskFile = { command: 0x25, lba: 3, count: 2 };
    expect(run({ ...readDma, tType: true, taskFile }, undefined, room).dataInBytes).toBe(8192);
    expect(run({ ...readDma, taskFile }, undefined, room).status).toBe(2);
    expect(labelAt(disk, 3, 4096)).toBe(3);
  });

  it("of a 28-bit command has no upper halves", () => {
    const { run } = translated();
    const room = new Uint8Array(512);
    const taskFile = { command: 0xc8, lba: 7 + 2 ** 40, count: 0x0101 };
    expect(run({ ...readDma, extend: false, taskFile }, undefined, room).status).toBe(0);
    expect(new DataView(room.buffer).getUint32(0)).toBe(8);
  });

  it("goes to the disk", () => {
    const { run, disk } = translated();
    const data = new Uint8Array(1024).fill(0xee);
    expect(run({ ...write, taskFile: { command: 0x35, lba: 9, count: 2 } }, data).status).toBe(0);
    expect([labelAt(disk, 8), labelAt(disk, 11)]).toEqual([8, 11]);
    expect(labelAt(disk, 9)).toBe(0xeeeeeeee - 1);
  });
});

describe("a CDB that contradicts itself", () => {
  const room = new Uint8Array(512);
  const taskFile = { command: 0x25, count: 1 };
  const cases: readonly [string, PassThroughInput, number][] = [
    ["a PROTOCOL that is reserved", { ...readDma, protocol: 2, taskFile }, 1],
    ["data and T_LENGTH 0", { ...readDma, tLength: 0, taskFile }, 2],
    ["a length and PROTOCOL non-data", { ...readDma, protocol: protocol.nonData, taskFile }, 2],
    ["PIO data-out from the device", { ...readDma, protocol: protocol.pioOut, taskFile }, 2],
    ["UDMA data-in to the device", { ...write, protocol: protocol.udmaIn, taskFile }, 2],
    ["more data than there is room for", { ...readDma, taskFile: { ...taskFile, count: 2 } }, 2],
    ["the same in 32 bytes", { ...readDma, form: 32, taskFile: { ...taskFile, count: 2 } }, 11],
    ["a reserved PROTOCOL in 32 bytes", { ...readDma, form: 32, protocol: 2, taskFile }, 10],
  ];
  it.each(cases)("%s", (_what, input, fieldPointer) => {
    const { run } = translated();
    for (const inDescriptors of [true, false]) {
      const ended = run(input, undefined, room, inDescriptors);
      expect(ended.status).toBe(2);
      expect(senseOf(ended)).toMatchObject({ senseKey: 5, asc: 0x24, ascq: 0, fieldPointer });
    }
  });

  it("that is none", () => {
    const { sat } = translated();
    expect(senseOf(sat.execute(Uint8Array.of(0x12, 0, 0, 0, 0, 0)))).toMatchObject({
      senseKey: 5,
      asc: 0x20,
    });
  });
});

describe("registers", () => {
  const checkPower = { protocol: protocol.nonData, taskFile: { command: 0xe5 } };

  it("come back where they are asked for, in the format that is asked for", () => {
    const { run } = translated();
    expect(run(checkPower)).toMatchObject({ status: 0, sense: new Uint8Array(0) });
    const asked = run({ ...checkPower, ckCond: true });
    expect(toHex(asked.sense, { group: 1 })).toBe(
      "72 01 00 1d 00 00 00 0e 09 0c 00 00 00 ff 00 00 00 00 00 00 40 50",
    );
    const fixed = run({ ...checkPower, ckCond: true }, undefined, undefined, false);
    expect(senseOf(fixed)).toMatchObject({ format: "fixed", senseKey: 1, asc: 0, ascq: 0x1d });
    expect(senseOf(fixed).registers).toMatchObject({ count: 0xff, status: 0x50 });
    expect(senseOf(run({ ...checkPower, form: 32, ckCond: true })).registers?.count).toBe(0xff);
  });

  it("can be had afterwards", () => {
    const { run } = translated();
    run(checkPower);
    const again = run({ protocol: protocol.returnResponse, taskFile: { command: 0 } });
    expect(senseOf(again)).toMatchObject({ ascq: 0x1d, registers: { count: 0xff } });
  });

  it("come with the disk's own sense data where it has some", () => {
    const { run, disk } = translated();
    const outOfRange = { ...readDma, taskFile: { command: 0x25, lba: 1000, count: 1 } };
    const room = new Uint8Array(512);
    // libata's table: IDNF is 5h/21h/00h.
    expect(senseOf(run(outOfRange, undefined, room))).toMatchObject({ senseKey: 5, asc: 0x21 });
    disk.send({ command: 0xef, feature: 0xc3, count: 1 });
    const unknown = { protocol: protocol.nonData, taskFile: { command: 0x01 } };
    expect(senseOf(run(unknown))).toMatchObject({
      senseKey: 5,
      asc: 0x20,
      registers: { error: 4 },
    });
  });

  it("of a queued command that failed come from log 10h, and the disk goes on", () => {
    const { run, disk } = translated();
    disk.send({ command: 0x45, feature: 0x55, lba: 70, count: 1 });
    const queued = { ...readDma, protocol: protocol.fpdma, tLength: 1 };
    const room = new Uint8Array(1024);
    const failed = run(
      { ...queued, taskFile: { command: 0x60, feature: 2, lba: 69 } },
      undefined,
      room,
    );
    expect(senseOf(failed)).toMatchObject({
      senseKey: 3,
      asc: 0x11,
      registers: { lba: 70, error: 0x40 },
    });
    const next = run(
      { ...queued, taskFile: { command: 0x60, feature: 2, lba: 71 } },
      undefined,
      room,
    );
    expect(next).toMatchObject({ status: 0, dataInBytes: 1024 });
  });
});

describe("log 10h with a wrong checksum", () => {
  it("is not believed: no registers, and no sense data of the disk", () => {
    const { disk } = translated();
    disk.send({ command: 0x45, feature: 0x55, lba: 70, count: 1 });
    const model = {
      ...disk.model,
      execute: (...[queue, fis, out, into, completion]: Parameters<typeof disk.model.execute>) => {
        const outcome = disk.model.execute(queue, fis, out, into, completion);
        if (fis[2] === 0x47 && into !== undefined) into[20] ^= 1;
        return outcome;
      },
    };
    const sat = satPassThrough(model);
    const taskFile = { command: 0x60, feature: 1, lba: 70 };
    const cdb = encodePassThrough({ ...readDma, protocol: protocol.fpdma, tLength: 1, taskFile });
    const ended = sat.execute(cdb, undefined, new Uint8Array(512), true);
    expect(senseOf(ended)).toMatchObject({
      senseKey: 0xb,
      asc: 0,
      registers: { status: 0x50, error: 0, lba: 0 },
    });
  });
});

describe("the rest", () => {
  it("resets reset the disk", () => {
    const { run, disk } = translated();
    disk.send({ command: 0xe6 });
    expect(run({ protocol: protocol.softwareReset, taskFile: { command: 0 } }).status).toBe(0);
    expect(disk.send({ command: 0xe5 }).count).toBe(0xff);
  });

  it("an answer that never comes is no status", () => {
    const { run, disk } = translated();
    disk.model.inject({ kind: "lost-completion" });
    const ended = run({ ...write, taskFile: { command: 0x35, count: 1 } }, new Uint8Array(512));
    expect(ended.outcome).toBe("lost");
  });

  it("a planned WRITE GATHERED EXT goes through as ATA PASS-THROUGH(16)", () => {
    const { sat, disk } = translated();
    const limits = {
      bytesPerBlock: 512,
      transferBlocksMax: 8,
      copyShape: "many-to-one",
      copyBlocksMax: 1000,
      copyRangesMax: 64,
      copyRangeBlocksMax: 1000,
    } as const;
    const sources = [
      { lba: 5, blocks: 3 },
      { lba: 90, blocks: 2 },
    ];
    const { commands } = planWriteGathered(
      { limits, writeGathered: defaultProfile },
      { sources, destination: 600 },
    );
    const [{ cdb, list }] = commands;
    expect(list).toEqual(encodeGatheredList(defaultProfile, sources));
    const ended = sat.execute(cdb, list, undefined, true);
    expect(senseOf(ended)).toMatchObject({
      senseKey: 1,
      ascq: 0x1d,
      registers: { error: 0, lba: 600 },
    });
    expect([600, 602, 603, 604, 605].map((lba) => labelAt(disk, lba))).toEqual([5, 7, 90, 91, 605]);
  });
});
