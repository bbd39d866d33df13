/*
 * EXTENDED COPY commands: bytes that other initiators send for the same request, and that random requests decode to
 * exactly what was asked for, within the limits.
 */
import { toHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extendedCopyLid1List, extendedCopyLid4List } from "../../src/codec/index.ts";
import { extendedCopyCommandSet } from "../../src/extended-copy-command-set.ts";
import { planAll, queueMemory, type Range } from "./queue-memory.ts";
import { unit } from "./units.ts";

const text = (bytes: Uint8Array): string => toHex(bytes).replaceAll(" ", "");

describe("bytes that sg_xcopy sends", () => {
  /*
   * sg_xcopy 1.46 (Debian 12), `if=sg0 of=sg1 bs=512 count=64 skip=256 seek=1024`, its ioctl(SG_IO) recorded; ddpt 0.97
   * sends the same. Both devices answered with one designator.
   */
  const CDB = "830000000000000000000000006c0000";
  const LIST = [
    "01110040000000000000001c00000000",
    "e4000000010300106001405f0102030405060708090a0b0c0000000000000200",
    "e4000000010300106001405f0102030405060708090a0b0c0000000000000200",
    "02000018000000010000004000000000000001000000000000000400",
  ].join("");

  it("is what the encoder writes for the same request", () => {
    const set = extendedCopyCommandSet({ listIdUsage: "discard" });
    const memory = queueMemory(set, 2);
    const encoder = set.open(memory, 2);
    encoder.bind(0, unit({ lun: 0 }));
    encoder.bind(1, unit({ lun: 1 }));
    planAll(
      encoder,
      1,
      1024,
      [{ device: 0, lba: 256, blocks: 64 }],
      ({ slot, blocks, ranges }) => {
        expect([blocks, ranges]).toEqual([64, 1]);
        expect(text(memory.commandBytes[slot])).toBe(`0001000000000000${CDB}`);
        expect(encoder.listBytesOf(slot)).toBe(LIST.length / 2);
        expect(text(memory.listBytes[slot].subarray(0, LIST.length / 2))).toBe(LIST);
      },
      () => 1,
    );
  });
});

describe("random requests", () => {
  const shape = fc.record({
    format: fc.constantFrom("lid1" as const, "lid4" as const),
    segmentType: fc.constantFrom(0x02 as const, 0x0a as const),
    bytesPerBlock: fc.constantFrom(512, 4096),
    cscdsMax: fc.integer({ min: 1, max: 5 }),
    rangesMax: fc.integer({ min: 1, max: 40 }),
    rangeBlocksMax: fc.integer({ min: 50, max: 3000 }),
    blocksMax: fc.integer({ min: 50, max: 10_000 }),
    destination: fc.maxSafeNat(),
    device: fc.nat(4),
  });
  const ranges = fc.array(
    fc.record({
      device: fc.nat(4),
      lba: fc.maxSafeNat(),
      blocks: fc.integer({ min: 1, max: 2000 }),
    }),
    { minLength: 1, maxLength: 12 },
  );

  it("decode to segments that cover each block once, in order, within the limits", () => {
    fc.assert(
      fc.property(shape, ranges, (given, wanted) => {
        const { format, device, cscdsMax } = given;
        const destination = Math.floor(given.destination / 2);
        const sources = wanted
          .filter((range) => cscdsMax > 1 || range.device === device)
          .map((range) => ({ ...range, lba: Math.floor(range.lba / 2) }));
        const set = extendedCopyCommandSet({ listFormat: format });
        const memory = queueMemory(set, 4);
        const encoder = set.open(memory, 5);
        for (let i = 0; i < 5; i++) {
          encoder.bind(i, unit({ ...given, lun: i * 100, naa: `500140500000000${i}` }));
        }
        const found: (Range & { to: number })[] = [];
        planAll(
          encoder,
          device,
          destination,
          sources,
          ({ slot, ranges: count, blocks }) => {
            const bytes = memory.listBytes[slot].slice(0, encoder.listBytesOf(slot));
            const codec = format === "lid1" ? extendedCopyLid1List : extendedCopyLid4List;
            const decoded = codec.decode(bytes, { exact: true });
            if (!decoded.ok) throw new Error(JSON.stringify(decoded));
            const { cscds, segments } = decoded.value;
            expect(memory.commandBytes[slot][1] + 256 * (memory.commandBytes[slot][0] % 64)).toBe(
              device * 100,
            );
            expect(cscds.length).toBeLessThanOrEqual(cscdsMax);
            expect(segments.length).toBe(count);
            expect(segments.length).toBeLessThanOrEqual(given.rangesMax);
            expect(blocks).toBeLessThanOrEqual(given.blocksMax);
            const names = cscds.map((one) =>
              one.type === 0xe4 ? Number(text(one.designator.slice(0, 8)).slice(-1)) : -1,
            );
            let sum = 0;
            for (const segment of segments) {
              if (segment.type !== 0x02 && segment.type !== 0x0a) throw new Error("what is this");
              const length =
                segment.type === 0x02 ? segment.blocks : segment.bytes / given.bytesPerBlock;
              expect(segment.type).toBe(given.segmentType);
              expect(names[segment.destinationCscd]).toBe(device);
              expect(length).toBeLessThanOrEqual(given.rangeBlocksMax);
              sum += length;
              const part = {
                device: names[segment.sourceCscd],
                lba: Number(segment.sourceLba),
                to: Number(segment.destinationLba),
                blocks: length,
              };
              const last = found.at(-1);
              const joins =
                last !== undefined &&
                last.device === part.device &&
                last.lba + last.blocks === part.lba &&
                last.to + last.blocks === part.to;
              if (joins) found.splice(-1, 1, { ...last, blocks: last.blocks + length });
              else found.push(part);
            }
            expect(sum).toBe(blocks);
          },
          (command) => command % 4,
        );
        let to = destination;
        const asked: (Range & { to: number })[] = [];
        for (const range of sources) {
          const last = asked.at(-1);
          const joins =
            last !== undefined &&
            last.device === range.device &&
            last.lba + last.blocks === range.lba;
          if (joins) asked.splice(-1, 1, { ...last, blocks: last.blocks + range.blocks });
          else asked.push({ ...range, to });
          to += range.blocks;
        }
        expect(found).toEqual(asked);
      }),
      { numRuns: 100 },
    );
  });
});

describe("list identifiers", () => {
  it.each([
    ["lid1" as const, 32],
    ["lid1" as const, 5],
    ["lid4" as const, 200],
  ])("differ among all commands in flight of two queues: %s, %i deep", (listFormat, depth) => {
    const set = extendedCopyCommandSet({ listFormat, listIdUsage: "hold" });
    const queues = [0, 1].map(() => {
      const memory = queueMemory(set, depth);
      const encoder = set.open(memory, 1);
      encoder.bind(0, unit());
      return { memory, encoder };
    });
    for (let round = 0; round < 3; round++) {
      const seen = new Set<number>();
      for (const { memory, encoder } of queues) {
        for (let slot = 0; slot < depth; slot++) {
          memory.generation[slot] += 1;
          const at = { device: 0, lba: 5, blocks: 1 };
          planAll(
            encoder,
            0,
            0,
            [at],
            () => {},
            () => slot,
          );
          const bytes = memory.listBytes[slot].slice(0, encoder.listBytesOf(slot));
          const codec = listFormat === "lid1" ? extendedCopyLid1List : extendedCopyLid4List;
          const decoded = codec.decode(bytes);
          if (decoded.ok) seen.add(decoded.value.listIdentifier);
        }
      }
      expect(seen.size).toBe(2 * depth);
    }
  });

  it("are refused to a queue that is deeper than there are identifiers", () => {
    const set = extendedCopyCommandSet({ listIdUsage: "hold" });
    expect(() => set.open(queueMemory(set, 257), 1)).toThrow(
      expect.objectContaining({ code: "FERRY_SCSI_LIST_IDENTIFIERS" }),
    );
  });
});
