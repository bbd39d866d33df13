// Goal: commands to a disk behind a translator go by ATA PASS-THROUGH to the byte, and its answers come back as FISes
// whatever form they have.
// Method: CDBs by hand from SAT-4; the translator of this package in front of its model, as the standard has it and as
// Linux 6.12 was measured; and answers that were captured from Linux 6.12 with QEMU 7.2's disk (test/vectors).
import {
  type CompletionSink,
  type QueueMemory,
  statusName,
  type Transport,
} from "@blockferry/core";
import { toHex } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import { defaultProfile, opcode, taskFileFis } from "../../src/codec/index.ts";
import { ataCommandSet, ataOverScsi, openAtaDevice } from "../../src/index.ts";
import { passThroughCdb } from "../../src/pass-through-cdb.ts";
import { returnedFis } from "../../src/returned-fis.ts";
import { type SatDialectName, satPassThrough } from "../../src/sat/index.ts";
import { labelSectors, testDisk } from "../support/disk.ts";
import { queueMemory } from "../support/loopback.ts";

const whole = { command: 0, feature: 0, count: 0, lba: 0, device: 0x40, icc: 0, auxiliary: 0 };
const own = { ...defaultProfile, id: "own" };

describe("the CDB of a command", () => {
  it.each([
    // WRITE GATHERED EXT 66h, one page, to 112233445566h: SAT-4 12.2.3, DMA, T_DIR 0, BYT_BLOK, TPSIU.
    [
      { ...whole, command: 0x66, lba: 0x112233445566, count: 1 },
      512,
      "850d2700000001336622551144406600",
    ],
    // IDENTIFY DEVICE: PIO data-in, one block by COUNT, no CK_COND.
    [{ ...whole, command: 0xec }, 512, "85080e0000000100000000000040ec00"],
    // READ DMA EXT of 8 sectors: blocks are logical sectors.
    [{ ...whole, command: 0x25, lba: 0x1234, count: 8 }, 4096, "850d3e00000008003400120000402500"],
    // FLUSH CACHE EXT: no data.
    [{ ...whole, command: 0xea }, 0, "8507200000000000000000000040ea00"],
  ])("%j with %i bytes", (taskFile, bytes, expected) => {
    const profile = { ...own, satTransferLength: "transport" } as const;
    const cdb = toHex(passThroughCdb(taskFile, bytes, profile)).replaceAll(" ", "");
    expect(cdb).toBe(expected);
  });

  it("says what the data is, or is not made", () => {
    const read = { ...whole, command: 0x25, count: 8 };
    expect(() => passThroughCdb(read, 4095, undefined)).toThrow(RangeError);
    expect(() => passThroughCdb({ ...whole, command: 0x2f, count: 1 }, 1024, undefined)).toThrow(
      /1 blocks, and 1024 bytes/,
    );
    expect(() => passThroughCdb({ ...whole, command: 0x66 }, 512, undefined)).toThrow(
      /no command 66h/,
    );
    expect(() => passThroughCdb({ ...whole, command: 0x60 }, 512, undefined)).toThrow(
      /no command 60h/,
    );
  });
});

describe("the answer", () => {
  const sent = { ...whole, command: 0x66, lba: 0x112233445566, count: 1 };
  const answer = (status: number, sense = "") => {
    const completion = new Uint8Array(264);
    const bytes = Uint8Array.from(Buffer.from(sense.replaceAll(" ", ""), "hex"));
    completion.set([status, bytes.length]);
    completion.set(bytes, 12);
    const fis = returnedFis(completion, sent);
    return {
      type: fis[0],
      status: fis[2],
      error: fis[3],
      lba: toHex(fis.subarray(4, 11)).replaceAll(" ", ""),
    };
  };

  it.each([
    ["GOOD", 0, "", 0x40, 0],
    ["BUSY", 0x08, "", 0x80, 0],
    ["TASK ABORTED", 0x40, "", 0x41, 0x04],
    ["unit attention, fixed", 2, "70 00 06 00 00 00 00 0a 00 00 00 00 29 00 00 00 00 00", 0x80, 0],
    // test/vectors/qemu-7.2-linux-6.12.txt: command 66h, and READ DMA EXT behind the end.
    ["ABRT, fixed", 2, "f0 00 0b 04 41 40 01 0a 80 e8 03 00 00 00 00 00 00 00", 0x41, 0x04],
    ["ABRT, LBA lost", 2, "f0 00 0b 04 41 40 08 0a a0 00 00 00 00 00 00 00 00 00", 0x41, 0x04],
    // SAT-4 12.2.5: ATA Status Return descriptor.
    [
      "ABRT, descriptor",
      2,
      "72 0b 00 00 00 00 00 0e 09 0c 01 04 00 01 33 66 22 55 11 44 40 41",
      0x41,
      0x04,
    ],
    [
      "registers of a success",
      2,
      "72 01 00 1d 00 00 00 0e 09 0c 00 00 00 00 00 00 00 00 00 00 40 50",
      0x40,
      0,
    ],
    // PIO data-in over AHCI on Linux 6.12: ABORTED COMMAND with STATUS 58h, and the data arrived.
    [
      "DRQ that is no error",
      2,
      "72 0b 00 00 00 00 00 0e 09 0c 00 00 00 01 00 00 00 00 00 00 40 58",
      0x40,
      0,
    ],
    [
      "no registers, INVALID FIELD IN CDB",
      2,
      "70 00 05 00 00 00 00 0a 00 00 00 00 24 00 00 c0 00 01",
      0x41,
      0x04,
    ],
    [
      "no registers, medium error",
      2,
      "70 00 03 00 00 00 00 0a 00 00 00 00 11 04 00 00 00 00",
      0x41,
      0x40,
    ],
    [
      "no registers, out of range",
      2,
      "70 00 05 00 00 00 00 0a 00 00 00 00 21 00 00 00 00 00",
      0x41,
      0x10,
    ],
    ["no sense data", 2, "", 0x41, 0x04],
  ])("%s", (_name, status, sense, expected, error) => {
    expect(answer(status, sense)).toMatchObject({ type: 0x34, status: expected, error });
  });

  it("says nothing by an LBA whose upper half was lost", () => {
    // Fixed format, 48-bit, upper LBA not zero: 40h UNC at ….445566h.
    const lost = answer(2, "f0 00 03 40 51 40 01 0a a0 66 55 44 11 04 00 00 00 00");
    expect(lost).toMatchObject({ error: 0x40, lba: "66554440332211" });
  });
});

/** A SCSI transport to the model of a disk behind the translator. */
function translated(dialect: SatDialectName) {
  const disk = testDisk(2000);
  labelSectors(disk, 2000);
  const sat = satPassThrough(disk.model, { dialect });
  const cdbs: Uint8Array[] = [];
  let attentions = 2;
  const run = (command: Uint8Array, dataOut?: Uint8Array, dataIn?: Uint8Array): Uint8Array => {
    const completion = new Uint8Array(264);
    if (attentions > 0) {
      attentions -= 1;
      completion.set([2, 18]);
      completion.set([0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x29], 12);
      return completion;
    }
    cdbs.push(command.slice(8, 24));
    const { status, sense } = sat.execute(command.subarray(8, 24), dataOut, dataIn, false);
    completion.set([status, sense.length]);
    completion.set(sense, 12);
    return completion;
  };
  const transport: Transport = {
    name: "translated",
    supports: { queueDepthMax: 4 },
    execute: async (command, { dataOut, dataIn } = {}) => run(command, dataOut, dataIn),
    connect(memory: QueueMemory, sink: CompletionSink) {
      const waiting: [number, Uint8Array | undefined, Uint8Array | undefined][] = [];
      return {
        submit(slot, listBytes, data, direction) {
          const list = listBytes > 0 ? memory.listBytes[slot].slice(0, listBytes) : undefined;
          waiting.push([
            slot,
            list ?? (direction === 2 ? data : undefined),
            direction === 1 ? data : undefined,
          ]);
        },
        doorbell() {
          for (const [slot, out, into] of waiting.splice(0)) {
            memory.completionBytes[slot].set(run(memory.commandBytes[slot], out, into));
            sink.complete(Int32Array.of(slot), 1);
          }
        },
        abort() {},
        reset: () => sink.reset(),
        close() {},
      };
    },
    close: async () => {},
  };
  return { disk, transport, cdbs };
}

describe.each(["standard", "libata-6.12", "libata-6.12-ahci"] as const)(
  "a disk behind %s",
  (dialect) => {
    it("is opened, read and asked; what it does not know is refused with its registers", async () => {
      const { transport, cdbs } = translated(dialect);
      const ata = ataOverScsi(transport);
      const device = await openAtaDevice(ata);
      expect(device).toMatchObject({ capacityBlocks: 2000, bytesPerBlock: 512 });
      expect(cdbs[0][0]).toBe(0x85);
      const dataIn = new Uint8Array(1024);
      const read = taskFileFis({ command: opcode.readDmaExt, lba: 7, count: 2 });
      const completion = await ata.execute(read, { dataIn });
      expect(completion[2] & 0x21).toBe(0);
      expect(dataIn.some((byte) => byte !== 0)).toBe(true);
      const beyond = taskFileFis({ command: opcode.readDmaExt, lba: 5000, count: 2 });
      const refused = await ata.execute(beyond, { dataIn });
      expect(refused[2] & 0x01).toBe(1);
      expect(refused[3] & 0x14).not.toBe(0);
    });
  },
);

it("carries a copy, and what the disk says of one that it refuses, through a queue", async () => {
  const { transport, disk, cdbs } = translated("libata-6.12-ahci");
  const ata = ataOverScsi(transport, { profile: defaultProfile });
  const device = await openAtaDevice(ata);
  expect(device.copyRefusal).toBeUndefined();
  const commandSet = ataCommandSet();
  const memory = queueMemory(commandSet, 2);
  const encoder = commandSet.open(memory, 1);
  encoder.bind(0, device);
  const told: number[] = [];
  const queue = ata.connect(memory, {
    complete: (slots, count) => void told.push(...slots.subarray(0, count)),
    reset() {},
    removed() {},
  });
  const copy = (slot: number, sources: readonly (readonly [number, number])[], to: number) => {
    const window = Int32Array.from(sources.flatMap(([lba, blocks]) => [0, lba, 0, blocks]));
    encoder.copy(slot, 0, to, 0, window, 0, sources.length, new Int32Array(3), 0);
    queue.submit(slot, encoder.listBytesOf(slot), undefined, 0);
    queue.doorbell();
  };
  const before = disk.bytes();
  copy(
    1,
    [
      [10, 3],
      [100, 5],
    ],
    1500,
  );
  expect(told).toEqual([1]);
  expect(statusName(encoder.interpret(1))).toBe("success");
  const after = disk.bytes();
  const sector = (from: Uint8Array, lba: number, blocks: number) =>
    toHex(from.subarray(lba * 512, (lba + blocks) * 512));
  expect(sector(after, 1500, 3)).toBe(sector(before, 10, 3));
  expect(sector(after, 1503, 5)).toBe(sector(before, 100, 5));
  expect(cdbs.at(-1)?.[14]).toBe(defaultProfile.command);
  copy(0, [[1999, 5]], 100);
  expect(encoder.interpret(0)).not.toBe(0);
  expect(encoder.describe(0).fields).toMatchObject({ command: defaultProfile.command });
  expect(sector(disk.bytes(), 100, 5)).toBe(sector(after, 100, 5));
});

it("is not sent what cannot go this way", async () => {
  const { transport } = translated("standard");
  const ata = ataOverScsi(transport);
  await expect(ata.execute(taskFileFis({ command: opcode.readFpdmaQueued }))).rejects.toThrow(
    RangeError,
  );
  await expect(ata.execute(new Uint8Array(3))).rejects.toThrow(RangeError);
});
