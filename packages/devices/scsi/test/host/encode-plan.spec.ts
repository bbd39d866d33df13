/*
 * Goal: the bytes of planned copies. Method: bytes that other initiators send, or that were worked out by hand; the queue's
 * own bytes; and the emulated target, which carries them out.
 */
import { copyLimits } from "@blockferry/core";
import { toHex } from "@blockferry/core/bytes";
import { plan } from "@blockferry/core/plan";
import { memoryStore } from "@blockferry/store-memory";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeLun, LUN_BYTES, SCSI_COMMAND_BYTES } from "../../src/codec/index.ts";
import {
  ddptTokenLines,
  ddptXcopyLines,
  type EncodedScsiCommand,
  encodeByteCopies,
  encodePlan,
  encodeZeroWrites,
  extendedCopyCommandSet,
  openScsiTarget,
  sgXcopyLines,
} from "../../src/index.ts";
import { type ScsiModel, scsiModel } from "../../src/model/index.ts";
import { modelTransport } from "./model-transport.ts";
import { planAll, queueMemory } from "./queue-memory.ts";
import { unit } from "./units.ts";

const text = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? "" : toHex(bytes).replaceAll(" ", "");

function send(model: ScsiModel, { lun, cdb, dataOut, dataInBytes }: EncodedScsiCommand): number {
  const command = new Uint8Array(SCSI_COMMAND_BYTES);
  encodeLun(lun, command);
  command.set(cdb, LUN_BYTES);
  const completion = new Uint8Array(model.completionBytes);
  model.execute("io", command, dataOut, new Uint8Array(dataInBytes), completion);
  return completion[0];
}

const segment = (blocks: number, from: number, to: number) => ({
  source: { device: 0, lba: from },
  destination: { device: 1, lba: to },
  blocks,
});

describe("EXTENDED COPY", () => {
  /*
   * sg_xcopy 1.46 (Debian 12), `if=sg0 of=sg1 bs=512 count=64 skip=256 seek=1024`, its ioctl(SG_IO) recorded; ddpt 0.97
   * sends the same. Both devices answered with one designator, so that there are two CSCD descriptors of the same bytes.
   */
  const units = new Map([
    [0, unit({ lun: 0 })],
    [1, unit({ lun: 1 })],
  ]);

  it("is what sg_xcopy sends", () => {
    const commands = [{ segments: [segment(64, 256, 1024)], blocks: 64 }];
    const [one] = encodePlan(commands, { units });
    expect(one.title).toBe("EXTENDED COPY(LID1)");
    expect(text(one.cdb)).toBe("830000000000000000000000006c0000");
    expect(text(one.dataOut)).toBe(
      [
        "01110040000000000000001c00000000",
        "e4000000010300106001405f0102030405060708090a0b0c0000000000000200",
        "e4000000010300106001405f0102030405060708090a0b0c0000000000000200",
        "02000018000000010000004000000000000001000000000000000400",
      ].join(""),
    );
  });

  it("is on the command lines that sg_xcopy and ddpt would be called with", () => {
    const options = { bytesPerBlock: 512, nodeOf: (device: number) => `/dev/sg${device}` };
    const segments = [segment(64, 256, 1024)];
    const words = "if=/dev/sg0 of=/dev/sg1 bs=512 count=64 skip=256 seek=1024 bpt=64";
    expect(sgXcopyLines(segments, options)).toEqual([`sg_xcopy ${words} --on_dst`]);
    expect(ddptXcopyLines(segments, options)).toEqual([`ddpt --xcopy ${words}`]);
    expect(ddptTokenLines([segment(8, 0, 64), segment(8, 32, 72)], options)).toEqual([
      "ddpt --odx if=/dev/sg0 of=/dev/sg1 bs=512 skip=0,8,32,8 seek=64,16",
    ]);
  });

  it("is what a queue sends for the same plan", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("lid1" as const, "lid4" as const),
        fc.constantFrom(0x02 as const, 0x0a as const),
        fc.array(
          fc.record({
            device: fc.nat(2),
            lba: fc.nat(),
            blocks: fc.integer({ min: 1, max: 9000 }),
          }),
          {
            minLength: 1,
            maxLength: 8,
          },
        ),
        (listFormat, segmentType, ranges) => {
          const three = [0, 1, 2].map((lun) =>
            unit({
              lun,
              segmentType,
              rangesMax: 5,
              rangeBlocksMax: 4000,
              naa: `500140500000000${lun}`,
            }),
          );
          const limits = copyLimits(three[1].limits);
          let to = 7_000_000_000;
          const segments = ranges.map(({ device, lba, blocks }) => {
            const one = { source: { device, lba }, destination: { device: 1, lba: to }, blocks };
            to += blocks;
            return one;
          });
          const encoded = encodePlan(plan(segments, limits).commands, {
            units: new Map(three.entries()),
            extendedCopy: { listFormat, listIdUsage: "none" },
          });
          const set = extendedCopyCommandSet({ listFormat, listIdUsage: "none" });
          const memory = queueMemory(set, 1);
          const encoder = set.open(memory, 3);
          for (const [i, each] of three.entries()) encoder.bind(i, each);
          const sent: string[] = [];
          planAll(encoder, 1, 7_000_000_000, ranges, () => {
            sent.push(text(memory.commandBytes[0].slice(LUN_BYTES)));
            sent.push(text(memory.listBytes[0].slice(0, encoder.listBytesOf(0))));
          });
          expect(encoded.flatMap(({ cdb, dataOut }) => [text(cdb), text(dataOut)])).toEqual(sent);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("token copies", () => {
  it("populate, ask, write, ask", () => {
    const units = new Map([
      [0, unit({ lun: 0, shape: "token" })],
      [1, unit({ lun: 1, shape: "token" })],
    ]);
    const token = Uint8Array.from({ length: 512 }, (_, i) => i);
    const commands = [{ segments: [segment(16, 0x100, 0x200)], blocks: 16 }];
    const encoded = encodePlan(commands, { units, token, listIdentifier: 0x1234 });
    expect(encoded.map(({ title, lun }) => [title, lun])).toEqual([
      ["POPULATE TOKEN", 0],
      ["RECEIVE ROD TOKEN INFORMATION", 0],
      ["WRITE USING TOKEN", 1],
      ["RECEIVE ROD TOKEN INFORMATION", 1],
    ]);
    const [populate, ask, write] = encoded;
    // SBC-3: a range descriptor has its address in bytes 0 to 7 and its count in 8 to 11; ddpt writes both a byte early.
    expect(text(populate.cdb)).toBe("83100000000000001234000000200000");
    expect(text(populate.dataOut)).toBe(
      `001e0000000000000000000000000010${"0000000000000100"}${"00000010"}${"00000000"}`,
    );
    // ddptctl 0.97, its ioctl(SG_IO) recorded, but for the allocation length.
    expect(text(ask.cdb).slice(0, 20)).toBe("84070000123400000000");
    expect(text(write.cdb)).toBe("83110000000000001235000002280000");
    expect(text(write.dataOut?.subarray(0, 16))).toBe("02260200000000000000000000000000");
    expect(text(write.dataOut?.subarray(16, 528))).toBe(text(token));
    expect(text(write.dataOut?.subarray(528))).toBe(
      `0000000000000010${"0000000000000200"}${"00000010"}${"00000000"}`,
    );
  });
});

describe("carried out by an emulated target", () => {
  const BYTES = 64 * 1024;

  function target(blockSizes: readonly (512 | 4096)[] = [512, 4096]) {
    const stores = blockSizes.map((_, i) => {
      const store = memoryStore({ bytes: BYTES });
      store.write(
        0,
        Uint8Array.from({ length: BYTES }, (__, at) => (at * 31 + i * 7) % 251),
      );
      return store;
    });
    const model = scsiModel({
      units: stores.map((store, i) => ({ store, bytesPerBlock: blockSizes[i] })),
    });
    const read = (i: number): Uint8Array => {
      const bytes = new Uint8Array(BYTES);
      stores[i].read(0, bytes);
      return bytes;
    };
    return { model, read };
  }

  it("copies bytes from any place to any place, blocks of one size or of two", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1),
        fc.nat(1),
        fc.nat(BYTES / 2 - 1),
        fc.nat(BYTES / 2 - 1),
        fc.integer({ min: 1, max: BYTES / 2 }),
        fc.integer({ min: 3000, max: BYTES }),
        async (from, to, at, place, length, segmentBytesMax) => {
          const { model, read } = target();
          const { units } = await openScsiTarget(modelTransport(model));
          const destination = BYTES / 2 + place;
          const bytes = Math.min(length, BYTES - destination, BYTES / 2 - at);
          const before = [read(0), read(1)];
          const copies = [
            {
              source: { device: from, offset: at },
              destination: { device: to, offset: destination },
              bytes,
            },
          ];
          const options = { units: new Map(units.entries()), segmentBytesMax };
          for (const command of encodeByteCopies(copies, options)) {
            expect(send(model, command)).toBe(0);
          }
          const expected = before[to].slice();
          expected.set(before[from].subarray(at, at + bytes), destination);
          expect(text(read(to))).toBe(text(expected));
          if (from !== to) expect(text(read(from))).toBe(text(before[from]));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("refuses bytes behind the end before anything is sent", async () => {
    const { model } = target();
    const { units } = await openScsiTarget(modelTransport(model));
    const copies = [
      { source: { device: 0, offset: BYTES - 1 }, destination: { device: 1, offset: 0 }, bytes: 2 },
    ];
    expect(() => encodeByteCopies(copies, { units: new Map(units.entries()) })).toThrow(
      expect.objectContaining({ code: "FERRY_COPY_OUT_OF_RANGE" }),
    );
  });

  it("writes zeroes with the well-known token", async () => {
    const { model, read } = target();
    const { tokenCopy } = await openScsiTarget(modelTransport(model), {
      softLimits: { copyBlocksMax: 10 },
    });
    const before = read(0);
    const ranges = [
      { lba: 3, blocks: 25 },
      { lba: 40, blocks: 1 },
    ];
    const commands = encodeZeroWrites(ranges, tokenCopy.units[0]);
    // 10, 10, 5 + 1 blocks.
    expect(commands).toHaveLength(3);
    for (const command of commands) expect(send(model, command)).toBe(0);
    before.fill(0, 3 * 512, 28 * 512).fill(0, 40 * 512, 41 * 512);
    expect(text(read(0))).toBe(text(before));
  });
});
