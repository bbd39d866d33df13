// Read, Write, Compare, Write Zeroes, Dataset Management and Flush (NVM Command Set Specification 1.2, section 3.3),
// and what comes before any of them (NVM Express Base 2.2, Figure 102).
import { describe, expect, it } from "vitest";
import {
  type NvmeModelOptions,
  type NvmeNamespaceOptions,
  nvmeModel,
} from "../../src/model/index.ts";
import { execute, ioSqe, plainSqe, refused, success } from "./commands.ts";
import { differences, label, plainStore } from "./plain-store.ts";

const BLOCKS = 64;
const opcode = { flush: 0, write: 1, read: 2, compare: 5, writeZeroes: 8, dataset: 9 } as const;

function device(
  namespace: Partial<NvmeNamespaceOptions> = {},
  options: Partial<NvmeModelOptions> = {},
) {
  const store = plainStore(BLOCKS * 512);
  label(store, 1);
  const before = store.image.slice();
  const model = nvmeModel({ namespaces: [{ store, ...namespace }], ...options });
  return { model, store, before, changed: () => differences(store.image, before) };
}

const filled = (blocks: number, value: number): Uint8Array =>
  new Uint8Array(blocks * 512).fill(value);

/** Dataset Management ranges, 16 bytes each: length at byte 4 (not 0's based), LBA at byte 8. */
function datasetRanges(...ranges: readonly (readonly [bigint, number])[]): Uint8Array {
  const list = new Uint8Array(ranges.length * 16);
  const view = new DataView(list.buffer);
  ranges.forEach(([lba, blocks], index) => {
    view.setUint32(index * 16 + 4, blocks, true);
    view.setBigUint64(index * 16 + 8, lba, true);
  });
  return list;
}

describe("Read and Write", () => {
  it("move the blocks that they name", () => {
    const { model, before, changed } = device();
    const got = new Uint8Array(2 * 512);
    const read = ioSqe({ opcode: opcode.read, lba: 7, blocks: 2 });
    expect(execute(model, "io", read, undefined, got)).toEqual(success);
    expect(differences(got, before.subarray(7 * 512, 9 * 512))).toEqual([]);
    const write = ioSqe({ opcode: opcode.write, lba: 62, blocks: 2 });
    expect(execute(model, "io", write, filled(2, 9))).toEqual(success);
    expect(changed()).toEqual([62, 63]);
  });

  it.each<[string, number, number, number | bigint, string]>([
    ["one block past the end", opcode.read, 2, 63, "0/80"],
    ["an address above 2^53", opcode.write, 1, 2n ** 60n, "0/80"],
    ["FFFFFFFFFFFFFFFFh", opcode.compare, 1, 2n ** 64n - 1n, "0/80"],
  ])("refuse %s", (_, code, blocks, lba, status) => {
    const { model, changed } = device();
    const command = ioSqe({ opcode: code, lba, blocks });
    expect(execute(model, "io", command, filled(blocks, 1), filled(blocks, 2))).toEqual(
      refused(status),
    );
    expect(changed()).toEqual([]);
  });

  it("refuse data that is not as long as the blocks", () => {
    const { model, changed } = device();
    const read = ioSqe({ opcode: opcode.read, lba: 0, blocks: 2 });
    expect(execute(model, "io", read)).toEqual(refused("0/0f"));
    expect(execute(model, "io", read, undefined, new Uint8Array(1023))).toEqual(refused("0/0f"));
    expect(execute(model, "io", read, undefined, new Uint8Array(2000))).toEqual(success);
    const write = ioSqe({ opcode: opcode.write, lba: 0, blocks: 2 });
    for (const bytes of [0, 512, 1023, 1025]) {
      expect(execute(model, "io", write, new Uint8Array(bytes))).toEqual(refused("0/0f"));
    }
    expect(changed()).toEqual([]);
  });

  it("refuse more than MDTS: 1 is 8 KiB", () => {
    const { model } = device({}, { mdts: 1 });
    const write = (blocks: number) =>
      execute(model, "io", ioSqe({ opcode: opcode.write, lba: 0, blocks }), filled(blocks, 1));
    expect(write(16)).toEqual(success);
    expect(write(17)).toEqual(refused("0/02"));
  });

  it("refuse what is write protected", () => {
    const locked = device({ readonly: true });
    const write = ioSqe({ opcode: opcode.write, lba: 3, blocks: 1 });
    expect(execute(locked.model, "io", write, filled(1, 1))).toEqual(refused("0/20"));
    const part = device({ readonlyRanges: [{ lba: 3, blocks: 1 }] });
    expect(execute(part.model, "io", write, filled(1, 1))).toEqual(refused("1/82"));
    expect([locked.changed(), part.changed()]).toEqual([[], []]);
  });

  it("protects the namespace of a store that cannot be written", () => {
    const model = nvmeModel({ namespaces: [{ store: plainStore(512, { readonly: true }) }] });
    const write = ioSqe({ opcode: opcode.write, lba: 0, blocks: 1 });
    expect(execute(model, "io", write, filled(1, 1))).toEqual(refused("0/20"));
  });
});

describe("what is durable", () => {
  const write = (fua: boolean) => ioSqe({ opcode: opcode.write, lba: 0, blocks: 1, fua });

  it("is what Flush, Force Unit Access or a disabled write cache make so", () => {
    const { model, store } = device();
    execute(model, "io", write(false), filled(1, 1));
    expect(store.flushes).toBe(0);
    execute(model, "io", write(true), filled(1, 1));
    expect(store.flushes).toBe(1);
    expect(execute(model, "io", plainSqe(opcode.flush, 1))).toEqual(success);
    expect(store.flushes).toBe(2);
    // Volatile Write Cache (06h): WCE is bit 0.
    expect(execute(model, "admin", plainSqe(0x09, 0, 0x06, 0))).toEqual(success);
    execute(model, "io", write(false), filled(1, 1));
    expect(store.flushes).toBe(3);
  });

  it("Flush of NSID FFFFFFFFh is of all namespaces", () => {
    const stores = [plainStore(512), plainStore(512)];
    const model = nvmeModel({ namespaces: stores.map((store) => ({ store })) });
    expect(execute(model, "io", plainSqe(opcode.flush, 0xffffffff))).toEqual(success);
    expect(stores.map(({ flushes }) => flushes)).toEqual([1, 1]);
  });
});

describe("Compare", () => {
  it("tells equal from different", () => {
    const { model, before } = device();
    const compare = ioSqe({ opcode: opcode.compare, lba: 5, blocks: 2 });
    const data = before.slice(5 * 512, 7 * 512);
    expect(execute(model, "io", compare, data)).toEqual(success);
    data[1023] ^= 1;
    expect(execute(model, "io", compare, data)).toEqual(refused("2/85"));
  });
});

describe("Write Zeroes", () => {
  it.each([false, true])("clears blocks (deallocating: %s)", (bit25) => {
    const { model, store, changed } = device();
    const command = ioSqe({ opcode: opcode.writeZeroes, lba: 3, blocks: 2, bit25 });
    expect(execute(model, "io", command)).toEqual(success);
    expect(changed()).toEqual([3, 4]);
    expect(store.image.subarray(3 * 512, 5 * 512).some((byte) => byte !== 0)).toBe(false);
    expect(store.isAllocated(3 * 512, 1024)).toBe(!bit25);
  });
});

describe("Dataset Management", () => {
  const deallocate = (ranges: number) => plainSqe(opcode.dataset, 1, ranges - 1, 4);

  it("deallocates each range", () => {
    const { model, store, changed } = device();
    const list = datasetRanges([2n, 2], [9n, 0], [63n, 1]);
    expect(execute(model, "io", deallocate(3), list)).toEqual(success);
    expect(changed()).toEqual([2, 3, 63]);
    expect(store.isAllocated(1024, 1024)).toBe(false);
  });

  it("takes the other attributes as the hints they are", () => {
    const { model, changed } = device();
    const hint = plainSqe(opcode.dataset, 1, 0, 1);
    expect(execute(model, "io", hint, datasetRanges([2n, 2]))).toEqual(success);
    expect(changed()).toEqual([]);
  });

  it("checks all ranges before it frees one", () => {
    const { model, changed } = device();
    for (const wrong of [
      [64n, 1],
      [0n, 65],
      [2n ** 64n - 1n, 1],
    ] as const) {
      const answer = execute(model, "io", deallocate(2), datasetRanges([0n, 1], wrong));
      expect(answer).toEqual(refused("0/80"));
    }
    expect(execute(model, "io", deallocate(2), datasetRanges([0n, 1]))).toEqual(refused("0/0f"));
    expect(changed()).toEqual([]);
  });
});

describe("before any command", () => {
  it.each<[string, Uint8Array, string]>([
    ["an opcode that is not there", plainSqe(0x7e, 1), "0/01"],
    ["Write Uncorrectable, which is not supported", plainSqe(0x04, 1), "0/01"],
    ["NSID 0", ioSqe({ opcode: opcode.read, nsid: 0, lba: 0, blocks: 1 }), "0/0b"],
    [
      "NSID FFFFFFFFh, but for Flush",
      ioSqe({ opcode: opcode.read, nsid: 0xffffffff, lba: 0, blocks: 1 }),
      "0/0b",
    ],
    ["an NSID above NN", ioSqe({ opcode: opcode.read, nsid: 4, lba: 0, blocks: 1 }), "0/0b"],
    ["an inactive NSID", ioSqe({ opcode: opcode.read, nsid: 2, lba: 0, blocks: 1 }), "0/02"],
  ])("%s", (_, command, status) => {
    const model = nvmeModel({
      namespaces: [{ store: plainStore(512) }, { nsid: 3, store: plainStore(512) }],
    });
    expect(execute(model, "io", command, undefined, new Uint8Array(512))).toEqual(refused(status));
  });

  it.each(["compare", "writeZeroes", "datasetManagement"] as const)(
    "%s can be left out",
    (name) => {
      const { model } = device({}, { commands: { [name]: false } });
      const code = { compare: 5, writeZeroes: 8, datasetManagement: 9 }[name];
      const command = ioSqe({ opcode: code, lba: 0, blocks: 1 });
      expect(execute(model, "io", command, filled(1, 0))).toEqual(refused("0/01"));
    },
  );

  it.each([0, 1, 63, 65])("%i bytes are not a command", (bytes) => {
    const { model, changed } = device();
    const completion = new Uint8Array(16);
    expect(model.execute("io", new Uint8Array(bytes), undefined, undefined, completion)).toBe(
      "completed",
    );
    // Invalid Field (02h), Do Not Retry, at bits 15:1 of the last word.
    expect([completion[14], completion[15]]).toEqual([0x04, 0x80]);
    expect(changed()).toEqual([]);
  });
});
