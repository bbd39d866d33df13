// Goal: metadata in a store of its own does what metadata in memory does, is there for the next model over the same stores,
// and its failures are the medium's. Method: bytes in the store against literals from the standard's layout (NVM Command Set
// Specification 1.2, 5.3.1; the CRC-16/T10 of zeroes is 0), and random commands on two models, one of each kind.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatNvmeMetadata,
  type NvmeMetadataOptions,
  type NvmeModel,
  nvmeModel,
} from "../../src/model/index.ts";
import { type Answer, copy, execute, ioSqe, plainSqe, refused, success } from "./commands.ts";
import { type PlainStore, plainStore } from "./plain-store.ts";

const SIZE = 512;
const BLOCKS = 64;
const ACTION = 8;
const CHECKS = 8 | 4 | 1;
const type1: NvmeMetadataOptions = { bytes: 8, protection: 1 };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function stores(format: NvmeMetadataOptions = type1, blocks = BLOCKS) {
  const store = plainStore(blocks * SIZE);
  const kept = plainStore(blocks * format.bytes);
  formatNvmeMetadata(kept, format);
  return { store, kept };
}

const modelOver = (store: PlainStore, kept: PlainStore | undefined, format = type1): NvmeModel =>
  nvmeModel({
    namespaces: [
      { store, metadata: { ...format, ...(kept === undefined ? {} : { store: kept }) } },
    ],
  });

const write = (model: NvmeModel, lba: number, data: Uint8Array): Answer =>
  execute(
    model,
    "io",
    ioSqe({ opcode: 1, lba, blocks: data.length / SIZE, prinfo: ACTION, tags: BigInt(lba) }),
    data,
  );

function read(model: NvmeModel, lba: number, blocks: number): { answer: Answer; data: string } {
  const data = new Uint8Array(blocks * SIZE);
  const sqe = ioSqe({ opcode: 2, lba, blocks, prinfo: CHECKS, tags: BigInt(lba) });
  return { answer: execute(model, "io", sqe, undefined, data), data: hex(data) };
}

/** Copies with the information of both places (PRACT on both sides). */
const copied = (model: NvmeModel, lba: number, to: number, blocks: number): Answer =>
  copy(model, { sdlba: to, tags: BigInt(to), prinfor: CHECKS, prinfow: ACTION }, [
    { lba, blocks, elbt: BigInt(lba) },
  ]);

const deallocate = (model: NvmeModel, lba: number, blocks: number): Answer => {
  const list = new DataView(new ArrayBuffer(16));
  list.setUint32(4, blocks, true);
  list.setBigUint64(8, BigInt(lba), true);
  return execute(model, "io", plainSqe(0x09, 1, 0, 4), new Uint8Array(list.buffer));
};

describe("a store of metadata", () => {
  it("begins with ones where protection information is, and zeroes before it", () => {
    const { kept } = stores({ bytes: 24, protection: 1, guardBits: 64 }, 5000);
    const block = `${"00".repeat(8)}${"ff".repeat(16)}`;
    expect(hex(kept.image) === block.repeat(5000)).toBe(true);
    const { kept: plain } = stores({ bytes: 3 });
    expect(hex(plain.image)).toBe("00".repeat(3 * BLOCKS));
  });

  it("holds guard, application tag and reference tag of each block after those of the one before", () => {
    const { store, kept } = stores();
    const model = modelOver(store, kept);
    expect(write(model, 5, new Uint8Array(2 * SIZE))).toEqual(success);
    expect(hex(kept.image.subarray(4 * 8, 8 * 8))).toBe(
      "ffffffffffffffff 0000000000000005 0000000000000006 ffffffffffffffff".replaceAll(" ", ""),
    );
    expect(copied(model, 5, 32, 2)).toEqual(success);
    expect(hex(kept.image.subarray(32 * 8, 34 * 8))).toBe("00000000000000200000000000000021");
    expect(deallocate(model, 6, 1)).toEqual(success);
    expect(hex(kept.image.subarray(5 * 8, 7 * 8))).toBe("0000000000000005ffffffffffffffff");
    expect(execute(model, "io", ioSqe({ opcode: 8, lba: 5, blocks: 2 }))).toEqual(success);
    expect(hex(kept.image.subarray(5 * 8, 7 * 8))).toBe("00".repeat(16));
  });

  it("is there for the next model, which finds what was changed past it", () => {
    const { store, kept } = stores();
    write(modelOver(store, kept), 5, new Uint8Array(3 * SIZE).fill(7));
    const next = modelOver(store, kept);
    expect(read(next, 5, 3)).toEqual({ answer: success, data: "07".repeat(3 * SIZE) });
    store.image[6 * SIZE] = 8;
    expect(read(next, 6, 1).answer).toMatchObject({ status: "2/82" });
    expect(copied(next, 5, 32, 1)).toEqual(success);
    expect(copied(next, 6, 33, 1)).toMatchObject({ status: "2/82" });
    kept.image[7 * 8 + 7] = 9;
    expect(read(next, 7, 1).answer).toMatchObject({ status: "2/84" });
  });

  it("copied as it is goes by the store's own copy", () => {
    const { store, kept } = stores({ bytes: 8 });
    const model = modelOver(store, kept, { bytes: 8 });
    kept.image.set([1, 2, 3, 4, 5, 6, 7, 8], 3 * 8);
    expect(copy(model, { sdlba: 40 }, [{ lba: 3, blocks: 1 }])).toEqual(success);
    expect([store.copies, kept.copies]).toEqual([1, 1]);
    expect(hex(kept.image.subarray(40 * 8, 41 * 8))).toBe("0102030405060708");
  });

  it("is flushed with the blocks", () => {
    const { store, kept } = stores();
    const model = modelOver(store, kept);
    expect(execute(model, "io", plainSqe(0x00, 1))).toEqual(success);
    expect(execute(model, "io", plainSqe(0x00, 0xffffffff))).toEqual(success);
    expect([store.flushes, kept.flushes]).toEqual([2, 2]);
  });

  it("that fails is a medium that fails", () => {
    const { store, kept } = stores();
    const model = modelOver(store, kept);
    kept.failNext = { call: "read", code: "FERRY_STORE_IO" };
    expect(read(model, 0, 1).answer.status).toBe("2/81");
    kept.failNext = { call: "write", code: "FERRY_STORE_IO" };
    expect(write(model, 0, new Uint8Array(SIZE)).status).toBe("2/80");
    kept.failNext = { call: "write", code: "FERRY_STORE_FULL" };
    expect(write(model, 0, new Uint8Array(SIZE))).toEqual(refused("0/81"));
    kept.failNext = { call: "flush", code: "FERRY_STORE_IO" };
    expect(execute(model, "io", plainSqe(0x00, 1)).status).toBe("2/80");
  });

  it("that cannot be written protects the namespace", () => {
    const store = plainStore(BLOCKS * SIZE);
    const kept = plainStore(BLOCKS * 8, { readonly: true });
    const model = modelOver(store, kept);
    expect(write(model, 0, new Uint8Array(SIZE))).toEqual(refused("0/20"));
  });

  it("of another size is refused by name", () => {
    const store = plainStore(BLOCKS * SIZE);
    expect(() => modelOver(store, plainStore(BLOCKS * 16))).toThrow(
      "the store plain has 1024 bytes; the metadata of 64 blocks is 512",
    );
    expect(() => formatNvmeMetadata(store, { bytes: 0 })).toThrow("metadata.bytes");
    expect(() => formatNvmeMetadata(store, { bytes: 8, protection: 1, guardBits: 64 })).toThrow(
      "metadataBytes must be 16",
    );
  });
});

type Step = (model: NvmeModel) => unknown;

const place = fc.nat(BLOCKS - 9);
const few = fc.integer({ min: 1, max: 8 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(place, few, fc.nat(255)).map(
    ([lba, blocks, byte]): Step =>
      (model) =>
        write(model, lba, new Uint8Array(blocks * SIZE).fill(byte)),
  ),
  fc.tuple(place, place, few).map(
    ([lba, to, blocks]): Step =>
      (model) =>
        copied(model, lba, to, blocks),
  ),
  // As it is: reference tags are those of the source from then on.
  fc.tuple(place, place, few).map(
    ([lba, to, blocks]): Step =>
      (model) =>
        copy(model, { sdlba: to }, [{ lba, blocks }]),
  ),
  fc.tuple(place, few).map(
    ([lba, blocks]): Step =>
      (model) =>
        deallocate(model, lba, blocks),
  ),
  fc.tuple(place, few).map(
    ([lba, blocks]): Step =>
      (model) =>
        execute(model, "io", ioSqe({ opcode: 8, lba, blocks })),
  ),
  fc.tuple(place, few).map(
    ([lba, blocks]): Step =>
      (model) =>
        read(model, lba, blocks),
  ),
);

it("answers any commands as metadata in memory does", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 24 }), (steps) => {
      const { store, kept } = stores();
      const stored = modelOver(store, kept);
      const remembered = modelOver(plainStore(BLOCKS * SIZE), undefined);
      for (const one of steps) expect(one(stored)).toEqual(one(remembered));
      for (let lba = 0; lba < BLOCKS; lba += 1) {
        expect(read(stored, lba, 1)).toEqual(read(remembered, lba, 1));
      }
    }),
    { numRuns: 60 },
  );
});
