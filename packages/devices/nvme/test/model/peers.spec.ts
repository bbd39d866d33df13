// Documented behaviour of other controllers, as measured on QEMU 7.2.0, QEMU 10.0.2 and the NVMe-oF target of SPDK
// 26.09-pre, or read in their sources (hw/nvme/ctrl.c; lib/nvmf/ctrlr_bdev.c). Each case names which.
import { describe, expect, it } from "vitest";
import { type NvmeModelOptions, nvmeModel, peers } from "../../src/model/index.ts";
import {
  copy,
  copySqe,
  enableFormats,
  execute,
  plainSqe,
  rangeList,
  refused,
  success,
} from "./commands.ts";
import { differences, label, plainStore } from "./plain-store.ts";

const BLOCKS = 1024;

function two(peer: NonNullable<NvmeModelOptions["peer"]>) {
  const stores = [1, 2].map((tag) => {
    const store = plainStore(BLOCKS * 512);
    label(store, tag);
    return store;
  });
  const before = stores[0].image.slice();
  const model = nvmeModel({
    peer,
    namespaces: stores.map((store) => ({ store })),
    enabledFormats: [2, 3],
  });
  return { model, stores, before, changed: () => differences(stores[0].image, before) };
}

const one = [{ lba: 0, blocks: 1 }];
const blocksFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);

describe("QEMU 7.2", () => {
  it("has formats 0h and 1h and 128 blocks, ranges and blocks a range", () => {
    const { model } = two("qemu-7.2");
    expect(copy(model, { sdlba: 9, format: 2 }, one)).toEqual(refused("0/02"));
    const data = new Uint8Array(4096);
    expect(execute(model, "admin", plainSqe(0x06, 1, 0), undefined, data)).toEqual(success);
    const view = new DataView(data.buffer);
    // Properties mssrl=128, mcl=128, msrc=127 of the nvme-ns device; offsets of Identify Namespace.
    expect([view.getUint16(74, true), view.getUint32(76, true), data[80]]).toEqual([128, 128, 127]);
    expect(execute(model, "admin", plainSqe(0x06, 0, 1), undefined, data)).toEqual(success);
    expect(view.getUint16(534, true)).toBe(0b11);
  });

  it("reports each failure of a range as Internal Error that may be tried again (measured)", () => {
    const { model, changed } = two("qemu-7.2");
    const tooLong = [
      { lba: 0, blocks: 2 },
      { lba: 0, blocks: 129 },
    ];
    expect(copy(model, { sdlba: 100 }, tooLong)).toEqual({ status: "0/06", dnr: false, dw0: 1 });
    const past = [
      { lba: 0, blocks: 2 },
      { lba: 5, blocks: 3 },
      { lba: BLOCKS, blocks: 1 },
    ];
    expect(copy(model, { sdlba: 200 }, past)).toEqual({ status: "0/06", dnr: false, dw0: 2 });
    expect(copy(model, { sdlba: BLOCKS }, one)).toEqual({ status: "0/06", dnr: false, dw0: 0 });
    expect(changed()).toEqual([...blocksFrom(100, 2), ...blocksFrom(200, 5)]);
  });

  it("does not enforce MCL (measured: 256 blocks with MCL 128)", () => {
    const { model, changed } = two("qemu-7.2");
    const both = [
      { lba: 0, blocks: 128 },
      { lba: 200, blocks: 128 },
    ];
    expect(copy(model, { sdlba: 500 }, both)).toEqual(success);
    expect(changed()).toEqual(blocksFrom(500, 256));
  });

  it("refuses a wide format on a plain namespace with Invalid Format, 1/0Ah (measured)", () => {
    expect(copy(two("qemu-7.2").model, { sdlba: 9, format: 1 }, one)).toEqual(refused("1/0a"));
  });
});

describe("QEMU 10", () => {
  it("enforces MCL before a byte moves", () => {
    const { model, changed } = two("qemu-10");
    const both = [
      { lba: 0, blocks: 128 },
      { lba: 200, blocks: 1 },
    ];
    expect(copy(model, { sdlba: 500 }, both)).toEqual(refused("1/83"));
    expect(changed()).toEqual([]);
  });

  it("checks each range in its turn, with its own status", () => {
    const { model, changed } = two("qemu-10");
    const past = [
      { lba: 0, blocks: 2 },
      { lba: BLOCKS, blocks: 1 },
    ];
    expect(copy(model, { sdlba: 200 }, past)).toEqual({ status: "0/80", dnr: true, dw0: 1 });
    expect(changed()).toEqual([200, 201]);
    const pastDestination = [
      { lba: 0, blocks: 2 },
      { lba: 0, blocks: 2 },
    ];
    const answer = copy(model, { sdlba: BLOCKS - 3 }, pastDestination);
    expect(answer).toEqual({ status: "0/80", dnr: true, dw0: 1 });
    expect(changed()).toEqual([200, 201, BLOCKS - 3, BLOCKS - 2]);
  });

  it.each<[string, number, boolean]>([
    ["a source whose end lies inside the destination", 95, true],
    ["source [105, 115) to [100, 110) (measured: accepted)", 105, false],
    ["a source that is the destination (measured: accepted)", 100, false],
  ])("overlap: %s", (_, lba, isSeen) => {
    const { model } = two("qemu-10");
    const answer = copy(model, { sdlba: 100, format: 2 }, [{ snsid: 1, lba, blocks: 10 }]);
    expect(answer).toEqual(isSeen ? refused("1/87") : success);
  });

  it("refuses a wide format on a plain namespace with Invalid Format, 1/0Ah (measured)", () => {
    expect(copy(two("qemu-10").model, { sdlba: 9, format: 3 }, one)).toEqual(refused("1/0a"));
  });

  it("takes MSSRL of the source namespace (read)", () => {
    const model = nvmeModel({
      peer: "qemu-10",
      namespaces: [
        { store: plainStore(BLOCKS * 512), mssrl: 4 },
        { store: plainStore(BLOCKS * 512), mssrl: 8 },
      ],
      enabledFormats: [2],
    });
    const from = (snsid: number, blocks: number) =>
      copy(model, { nsid: 1, sdlba: 100, format: 2 }, [{ snsid, lba: 0, blocks }]);
    expect(from(2, 8)).toEqual(success);
    expect(from(2, 9)).toEqual(refused("1/83"));
    expect(from(1, 4)).toEqual(success);
    expect(from(1, 5)).toEqual(refused("1/83"));
  });

  it("does not look at Fast Copy Only (read)", () => {
    const { model } = two("qemu-10");
    const foreign = [{ snsid: 2, lba: 0, blocks: 1, fastCopyOnly: true }];
    expect(copy(model, { sdlba: 9, format: 2 }, foreign)).toEqual(success);
  });

  const mixed = [
    { snsid: 2, lba: 0, blocks: 8 },
    { snsid: 1, lba: 200, blocks: 8 },
  ];

  it("reads mixed namespaces right unless it is asked for the defect", () => {
    const { model, stores, before } = two("qemu-10");
    expect(copy(model, { sdlba: 500, format: 2 }, mixed)).toEqual(success);
    const got = stores[0].image.subarray(508 * 512, 516 * 512);
    expect(differences(got, before.subarray(200 * 512, 208 * 512))).toEqual([]);
  });

  it("shows the defect where it is asked for: the second range comes from the first one's namespace (measured)", () => {
    const { model, stores } = two({ ...peers["qemu-10"], rereadsForeignSource: true });
    expect(copy(model, { sdlba: 500, format: 2 }, mixed)).toEqual(success);
    const got = stores[0].image.subarray(508 * 512, 516 * 512);
    expect(differences(got, stores[1].image.subarray(200 * 512, 208 * 512))).toEqual([]);
  });
});

describe("SPDK", () => {
  it("takes one range of format 0h, up to 65535 blocks (measured)", () => {
    const { model, changed } = two("spdk");
    expect(copy(model, { sdlba: 500 }, [{ lba: 0, blocks: 200 }])).toEqual(success);
    expect(changed()).toEqual(blocksFrom(500, 200));
    expect(copy(model, { sdlba: 0 }, [...one, ...one])).toEqual(refused("1/83"));
    enableFormats(model, 2);
    expect(copy(model, { sdlba: 0, format: 2 }, [{ snsid: 1, lba: 9, blocks: 1 }])).toEqual(
      refused("0/02"),
    );
  });

  it("looks at the length first, for entries of 32 bytes (measured: 40 bytes of format 1h)", () => {
    const { model } = two("spdk");
    const list = rangeList(1, one);
    expect(execute(model, "io", copySqe({ sdlba: 0, format: 1 }, 1), list)).toEqual(
      refused("0/0f"),
    );
    expect(execute(model, "io", copySqe({ sdlba: 0 }, 2), list)).toEqual(refused("0/0f"));
  });

  it("reports addresses past the end as Internal Error that may be tried again (measured)", () => {
    const { model, changed } = two("spdk");
    const wrong = { status: "0/06", dnr: false, dw0: 0 };
    expect(copy(model, { sdlba: 0 }, [{ lba: BLOCKS, blocks: 1 }])).toEqual(wrong);
    expect(copy(model, { sdlba: 0 }, [{ lba: BLOCKS - 1, blocks: 2 }])).toEqual(wrong);
    expect(copy(model, { sdlba: BLOCKS - 1 }, [{ lba: 0, blocks: 2 }])).toEqual(wrong);
    expect(changed()).toEqual([]);
  });

  it("takes NLB FFFFh, one more than its MSSRL (measured)", () => {
    const store = plainStore(65536 * 2 * 512);
    const model = nvmeModel({ peer: "spdk", namespaces: [{ store }] });
    expect(copy(model, { sdlba: 65536 }, [{ lba: 0, blocks: 65536 }])).toEqual(success);
  });

  it("says 0 in dword 0 whatever failed (read)", () => {
    const { model } = two("spdk");
    model.inject({ kind: "unrecovered-read", lba: 2 });
    expect(copy(model, { sdlba: 100 }, [{ lba: 0, blocks: 4 }])).toEqual(refused("2/81"));
  });

  it("never answers a fused Copy (measured)", () => {
    const { model } = two("spdk");
    const completion = new Uint8Array(16);
    const command = copySqe({ sdlba: 9, byte1: 1 }, 1);
    expect(model.execute("io", command, rangeList(0, one), undefined, completion)).toBe("lost");
  });
});

describe("Identify Controller", () => {
  it.each([
    ["qemu-7.2", "QEMU NVMe Ctrl"],
    ["qemu-10", "QEMU NVMe Ctrl"],
    ["spdk", "SPDK bdev Controller"],
  ] as const)("of %s names it as it does", (peer, modelNumber) => {
    const data = new Uint8Array(4096);
    execute(two(peer).model, "admin", plainSqe(0x06, 0, 1), undefined, data);
    expect(new TextDecoder().decode(data.subarray(24, 64)).trimEnd()).toBe(modelNumber);
  });
});

describe("a peer of one's own", () => {
  it("is a behaviour with some of it changed", () => {
    const { model } = two({ ...peers.ideal, formats: [0], limits: { msrc: 0 } });
    expect(copy(model, { sdlba: 9 }, [...one, ...one])).toEqual(refused("1/83"));
    expect(copy(model, { sdlba: 9, format: 2 }, one)).toEqual(refused("0/02"));
  });
});
