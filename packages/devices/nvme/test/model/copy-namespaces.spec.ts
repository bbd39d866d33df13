// Copy across namespaces (descriptor format 2h): order, source namespaces, overlap, fast copies. NVM Command Set
// Specification 1.2, section 3.3.2; NVM Express Base 2.2, section 5.1.25.1.14 (Host Behavior Support).
import { describe, expect, it } from "vitest";
import { type NvmeModelOptions, nvmeModel } from "../../src/model/index.ts";
import {
  copy,
  enableFormats,
  execute,
  plainSqe,
  refused,
  type SourceEntry,
  success,
} from "./commands.ts";
import { differences, label, plainStore } from "./plain-store.ts";

const BLOCKS = 256;

function three(options: Partial<NvmeModelOptions> = {}) {
  const stores = [1, 2, 3].map((tag) => {
    const store = plainStore(BLOCKS * 512);
    label(store, tag);
    return store;
  });
  const model = nvmeModel({
    namespaces: [
      { store: stores[0] },
      { store: stores[1] },
      { nsid: 5, store: stores[2] },
      { nsid: 7, store: plainStore(64 * 4096), bytesPerBlock: 4096 },
    ],
    ...options,
  });
  const images = stores.map((store) => store.image.slice());
  const block = (store: number, lba: number): Uint8Array =>
    images[store].subarray(lba * 512, (lba + 1) * 512);
  const expectIn = (store: number, sdlba: number, blocks: readonly Uint8Array[]): void => {
    stores.forEach(({ image }, index) => {
      const expected = images[index].slice();
      if (index === store) {
        blocks.forEach((one, at) => {
          expected.set(one, (sdlba + at) * 512);
        });
      }
      expect(differences(image, expected)).toEqual([]);
    });
  };
  return { model, stores, block, expectIn };
}

describe("format 2h", () => {
  it("gathers from several namespaces in list order", () => {
    const { model, block, expectIn } = three();
    expect(enableFormats(model, 2)).toEqual(success);
    const answer = copy(model, { nsid: 1, sdlba: 40, format: 2 }, [
      { snsid: 2, lba: 100, blocks: 2 },
      { snsid: 1, lba: 200, blocks: 1 },
      { snsid: 5, lba: 7, blocks: 1 },
      { snsid: 2, lba: 0, blocks: 1 },
    ]);
    expect(answer).toEqual(success);
    expectIn(0, 40, [block(1, 100), block(1, 101), block(0, 200), block(2, 7), block(1, 0)]);
  });

  it("works as long as Host Behavior Support says so, and not after a reset", () => {
    const { model } = three();
    const one = [{ snsid: 2, lba: 0, blocks: 1 }];
    expect(copy(model, { sdlba: 0, format: 2 }, one)).toEqual(refused("0/02"));
    enableFormats(model, 3);
    expect(copy(model, { sdlba: 0, format: 2 }, one)).toEqual(refused("0/02"));
    enableFormats(model, 2);
    expect(copy(model, { sdlba: 0, format: 2 }, one)).toEqual(success);
    model.reset();
    expect(copy(model, { sdlba: 0, format: 2 }, one)).toEqual(refused("0/02"));
  });

  it("can be enabled by the maker of the model, also past a reset", () => {
    const { model } = three({ enabledFormats: [2] });
    model.reset();
    expect(copy(model, { sdlba: 0, format: 2 }, [{ snsid: 2, lba: 0, blocks: 1 }])).toEqual(
      success,
    );
  });

  it.each<[string, SourceEntry, string]>([
    ["SNSID 0", { snsid: 0, lba: 0, blocks: 1 }, "0/0b"],
    ["SNSID FFFFFFFFh", { snsid: 0xffffffff, lba: 0, blocks: 1 }, "0/0b"],
    ["SNSID above NN", { snsid: 8, lba: 0, blocks: 1 }, "0/0b"],
    ["an inactive SNSID", { snsid: 3, lba: 0, blocks: 1 }, "0/02"],
    ["blocks of another size", { snsid: 7, lba: 0, blocks: 1 }, "1/85"],
    ["a source past the end of its namespace", { snsid: 2, lba: BLOCKS, blocks: 1 }, "0/80"],
  ])("refuses %s, also in the last range, before a byte moves", (_, wrong, status) => {
    const { model, expectIn } = three({ enabledFormats: [2] });
    const good = { snsid: 2, lba: 0, blocks: 1 };
    expect(copy(model, { sdlba: 50, format: 2 }, [wrong])).toEqual(refused(status));
    expect(copy(model, { sdlba: 50, format: 2 }, [good, good, wrong])).toEqual(refused(status));
    expectIn(0, 50, []);
  });

  it("says which range failed, where ranges are checked in their turn", () => {
    const { model, block, expectIn } = three({ enabledFormats: [2], validate: "eager" });
    const answer = copy(model, { sdlba: 50, format: 2 }, [
      { snsid: 2, lba: 0, blocks: 1 },
      { snsid: 5, lba: 1, blocks: 1 },
      { snsid: 3, lba: 0, blocks: 1 },
      { snsid: 2, lba: 9, blocks: 1 },
    ]);
    expect(answer).toEqual({ status: "0/02", dnr: true, dw0: 2 });
    expectIn(0, 50, [block(1, 0), block(2, 1)]);
  });
});

describe("overlap", () => {
  // "shares an LBA": destination [100, 110).
  const shapes: readonly [string, number, number, boolean][] = [
    ["ends where the destination begins", 90, 10, false],
    ["reaches one block into it", 91, 10, true],
    ["is the destination", 100, 10, true],
    ["lies inside", 103, 3, true],
    ["begins in its last block", 109, 10, true],
    ["begins where it ends", 110, 10, false],
    ["contains it", 95, 30, true],
  ];
  const toTen = (lba: number, blocks: number, snsid: number): SourceEntry[] => {
    const rest = 10 - blocks;
    const filler = { snsid: 2, lba: 0, blocks: rest };
    return rest > 0 ? [{ snsid, lba, blocks }, filler] : [{ snsid, lba, blocks }];
  };

  it.each(shapes)("a source that %s, in formats 2h", (_, lba, blocks, overlaps) => {
    const { model, expectIn } = three({ enabledFormats: [2] });
    const answer = copy(model, { sdlba: 100, format: 2 }, toTen(lba, blocks, 1));
    expect(answer).toEqual(overlaps ? refused("1/87") : success);
    if (overlaps) expectIn(0, 100, []);
  });

  it.each(shapes)("a source that %s, of another namespace, is none", (_, lba, blocks) => {
    const { model } = three({ enabledFormats: [2] });
    expect(copy(model, { sdlba: 100, format: 2 }, toTen(lba, blocks, 2))).toEqual(success);
  });

  it.each(shapes)("a source that %s, in format 0h, is no error", (_, lba, blocks) => {
    const { model, block, expectIn } = three();
    expect(copy(model, { sdlba: 100 }, [{ lba, blocks }])).toEqual(success);
    expectIn(
      0,
      100,
      Array.from({ length: blocks }, (__, index) => block(0, lba + index)),
    );
  });

  it("counts the whole destination, not the part of the range", () => {
    const { model } = three({ enabledFormats: [2] });
    const answer = copy(model, { sdlba: 100, format: 2 }, [
      { snsid: 1, lba: 105, blocks: 1 },
      { snsid: 2, lba: 0, blocks: 9 },
    ]);
    expect(answer).toEqual(refused("1/87"));
  });
});

describe("Fast Copy Only", () => {
  const own = [{ snsid: 1, lba: 0, blocks: 4, fastCopyOnly: true }];
  const foreign = [{ snsid: 2, lba: 0, blocks: 4, fastCopyOnly: true }];

  it("takes what a store does by itself", () => {
    const { model, stores } = three({ enabledFormats: [2] });
    expect(copy(model, { sdlba: 100, format: 2 }, own)).toEqual(success);
    expect(stores[0].copies).toBe(1);
  });

  it("refuses what goes through memory: Fast Copy Not Possible, and the host is to copy", () => {
    const { model, expectIn } = three({ enabledFormats: [2] });
    expect(copy(model, { sdlba: 100, format: 2 }, foreign)).toEqual(refused("1/86"));
    expectIn(0, 100, []);
  });

  it("can be told that all copies are fast, or none", () => {
    const all = three({ enabledFormats: [2], fastCopy: "always" });
    expect(copy(all.model, { sdlba: 100, format: 2 }, foreign)).toEqual(success);
    const none = three({ enabledFormats: [2], fastCopy: "never" });
    expect(copy(none.model, { sdlba: 100, format: 2 }, own)).toEqual(refused("1/86"));
  });

  it("is no field of format 0h", () => {
    const { model } = three({ fastCopy: "never" });
    expect(copy(model, { sdlba: 100 }, [{ lba: 0, blocks: 1, fastCopyOnly: true }])).toEqual(
      success,
    );
  });
});

describe("what is told of copies inside stores", () => {
  it("names the means, the blocks and both places", () => {
    const told: unknown[] = [];
    const { model } = three({
      enabledFormats: [2],
      onStoreCopy: (...facts) => told.push(facts),
    });
    copy(model, { sdlba: 100, format: 2 }, [
      { snsid: 1, lba: 3, blocks: 4 },
      { snsid: 2, lba: 8, blocks: 2 },
    ]);
    expect(told).toEqual([
      ["memory", 4, 1, 3, 100],
      ["read-write", 2, 1, 8, 104],
    ]);
  });

  it("moves more than a piece of memory holds", () => {
    const blocks = 5000;
    const [source, destination] = [1, 2].map((tag) => {
      const store = plainStore(blocks * 512);
      label(store, tag);
      return store;
    });
    const model = nvmeModel({
      namespaces: [{ store: destination, mssrl: 65535, mcl: 65535 }, { store: source }],
      enabledFormats: [2],
    });
    const answer = copy(model, { sdlba: 1, format: 2 }, [{ snsid: 2, lba: 0, blocks: blocks - 1 }]);
    expect(answer).toEqual(success);
    expect(differences(destination.image.subarray(512), source.image.subarray(0, -512))).toEqual(
      [],
    );
  });
});

describe("namespaces on one store", () => {
  it("are copied inside it", () => {
    const store = plainStore(BLOCKS * 512);
    label(store, 1);
    const before = store.image.slice();
    const model = nvmeModel({ namespaces: [{ store }, { store }], enabledFormats: [2] });
    expect(copy(model, { sdlba: 9, format: 2 }, [{ snsid: 2, lba: 0, blocks: 2 }])).toEqual(
      success,
    );
    expect(store.copies).toBe(1);
    expect(differences(store.image, before)).toEqual([9, 10]);
  });
});

describe("options that cannot be", () => {
  const store = plainStore(512 * 8);

  it.each<[string, () => unknown, RegExp]>([
    ["no namespace", () => nvmeModel({ namespaces: [] }), /namespaces/],
    ["NSID 0", () => nvmeModel({ namespaces: [{ store, nsid: 0 }] }), /nsid/],
    [
      "one NSID twice",
      () =>
        nvmeModel({
          namespaces: [
            { store, nsid: 2 },
            { store, nsid: 2 },
          ],
        }),
      /two namespaces have nsid 2/,
    ],
    [
      "blocks of 520 bytes",
      () => nvmeModel({ namespaces: [{ store, bytesPerBlock: 520 }] }),
      /bytesPerBlock/,
    ],
    ["half a block", () => nvmeModel({ namespaces: [{ store: plainStore(700) }] }), /700 bytes/],
    ["MSSRL 0", () => nvmeModel({ namespaces: [{ store, mssrl: 0 }] }), /mssrl/],
    ["MSSRL 65536", () => nvmeModel({ namespaces: [{ store, mssrl: 65536 }] }), /mssrl/],
    ["MCL 0", () => nvmeModel({ namespaces: [{ store, mcl: 0 }] }), /mcl/],
    ["MSRC 256", () => nvmeModel({ namespaces: [{ store, msrc: 256 }] }), /msrc/],
    ["MSRC NaN", () => nvmeModel({ namespaces: [{ store, msrc: Number.NaN }] }), /msrc/],
    ["format 4", () => nvmeModel({ namespaces: [{ store }], formats: [4] }), /formats/],
    [
      "an unknown peer",
      () => nvmeModel({ namespaces: [{ store }], peer: "qemu-1" as "spdk" }),
      /peer/,
    ],
    ["MDTS 40", () => nvmeModel({ namespaces: [{ store }], mdts: 40 }), /mdts/],
    [
      "metadata smaller than the protection information",
      () => nvmeModel({ namespaces: [{ store, metadata: { bytes: 4, protection: 1 } }] }),
      /metadataBytes/,
    ],
    [
      "a storage tag that the guard does not allow",
      () =>
        nvmeModel({
          namespaces: [{ store, metadata: { bytes: 8, protection: 1, storageTagBits: 33 } }],
        }),
      /storageTagBits/,
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(message);
  });
});

describe("after close", () => {
  it("the device is gone", () => {
    const { model } = three();
    model.close();
    model.close();
    const completion = new Uint8Array(16);
    expect(model.execute("admin", plainSqe(6, 0, 1), undefined, undefined, completion)).toBe(
      "removed",
    );
    expect(() => execute(model, "io", plainSqe(0, 1))).toThrow("removed");
  });
});
