// Copy against NVM Command Set Specification 1.2, section 3.3.2: what moves, each limit at the limit and one above it,
// and the status of each refusal. Expected values are the specification's.
import { describe, expect, it } from "vitest";
import {
  type NvmeModelOptions,
  type NvmeNamespaceOptions,
  nvmeModel,
} from "../../src/model/index.ts";
import {
  type CopyFields,
  copy,
  copySqe,
  enableFormats,
  execute,
  rangeList,
  refused,
  type SourceEntry,
  success,
} from "./commands.ts";
import { differences, label, plainStore } from "./plain-store.ts";

const BLOCKS = 1024;

function device(
  namespace: Partial<NvmeNamespaceOptions> = {},
  options: Partial<NvmeModelOptions> = {},
  bytesPerBlock = 512,
) {
  const store = plainStore(BLOCKS * bytesPerBlock);
  label(store, 1, bytesPerBlock);
  const before = store.image.slice();
  const model = nvmeModel({
    namespaces: [{ store, bytesPerBlock, mssrl: 16, mcl: 40, msrc: 3, ...namespace }],
    ...options,
  });
  const block = (lba: number, image = before) =>
    image.subarray(lba * bytesPerBlock, (lba + 1) * bytesPerBlock);
  /** The destination holds these blocks in this order, and nothing else has changed. */
  const expectCopied = (sdlba: number, lbas: readonly number[]): void => {
    const expected = before.slice();
    lbas.forEach((lba, index) => {
      expected.set(block(lba), (sdlba + index) * bytesPerBlock);
    });
    expect(differences(store.image, expected, bytesPerBlock)).toEqual([]);
  };
  return { model, store, expectCopied };
}

const from = (lba: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => lba + index);

describe("what a copy moves", () => {
  it.each([512, 4096])("concatenates the ranges in list order (blocks of %i)", (bytesPerBlock) => {
    const { model, expectCopied } = device({}, {}, bytesPerBlock);
    const answer = copy(model, { sdlba: 700 }, [
      { lba: 300, blocks: 2 },
      { lba: 5, blocks: 1 },
      { lba: 299, blocks: 3 },
    ]);
    expect(answer).toEqual(success);
    expectCopied(700, [300, 301, 5, 299, 300, 301]);
  });

  it("reaches the first and the last block", () => {
    const { model, expectCopied } = device();
    expect(copy(model, { sdlba: BLOCKS - 1 }, [{ lba: 0, blocks: 1 }])).toEqual(success);
    expectCopied(BLOCKS - 1, [0]);
  });

  it("puts the command identifier into the completion, and neither phase nor queue", () => {
    const { model } = device();
    const completion = new Uint8Array(16).fill(0xee);
    const list = rangeList(0, [{ lba: 0, blocks: 1 }]);
    model.execute("io", copySqe({ sdlba: 9 }, 1), list, undefined, completion);
    expect(Array.from(completion)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x34, 0x12, 0, 0]);
  });

  it("flushes for Force Unit Access", () => {
    const { model, store } = device();
    copy(model, { sdlba: 500 }, [{ lba: 0, blocks: 1 }]);
    expect(store.flushes).toBe(0);
    copy(model, { sdlba: 500, fua: true }, [{ lba: 0, blocks: 1 }]);
    expect(store.flushes).toBe(1);
  });
});

describe.each(["upfront", "eager"] as const)("limits, validated %s", (validate) => {
  const limited = () => device({}, { validate });

  it.each<[string, number, readonly SourceEntry[], string]>([
    ["MSSRL", 500, [{ lba: 0, blocks: 16 }], "0/00"],
    ["MSSRL + 1", 500, [{ lba: 0, blocks: 17 }], "1/83"],
    [
      "MCL",
      500,
      [
        { lba: 0, blocks: 16 },
        { lba: 50, blocks: 16 },
        { lba: 90, blocks: 8 },
      ],
      "0/00",
    ],
    [
      "MSRC + 1 ranges, which is its count",
      500,
      from(0, 4).map((lba) => ({ lba, blocks: 1 })),
      "0/00",
    ],
    ["one range more", 500, from(0, 5).map((lba) => ({ lba, blocks: 1 })), "1/83"],
    ["a source up to the end", 500, [{ lba: BLOCKS - 4, blocks: 4 }], "0/00"],
    ["a source past the end", 500, [{ lba: BLOCKS - 4, blocks: 5 }], "0/80"],
    ["a destination up to the end", BLOCKS - 4, [{ lba: 0, blocks: 4 }], "0/00"],
    ["a destination past the end", BLOCKS - 4, [{ lba: 0, blocks: 5 }], "0/80"],
  ])("%s", (_, sdlba, entries, status) => {
    const { model, expectCopied } = limited();
    const answer = copy(model, { sdlba }, entries);
    expect(answer).toEqual(status === "0/00" ? success : refused(status));
    const moved = entries.flatMap(({ lba, blocks }) => from(Number(lba), blocks));
    expectCopied(sdlba, status === "0/00" ? moved : []);
  });

  it.each([2n ** 53n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])(
    "refuses the address %i as out of range",
    (lba) => {
      const { model, expectCopied } = limited();
      expect(copy(model, { sdlba: 0 }, [{ lba, blocks: 1 }])).toEqual(refused("0/80"));
      expect(copy(model, { sdlba: lba }, [{ lba: 0, blocks: 1 }])).toEqual(refused("0/80"));
      expectCopied(0, []);
    },
  );
});

describe("MCL + 1", () => {
  const entries = [
    { lba: 0, blocks: 16 },
    { lba: 50, blocks: 16 },
    { lba: 90, blocks: 9 },
  ];

  it("moves nothing where ranges are checked up front", () => {
    const { model, expectCopied } = device();
    expect(copy(model, { sdlba: 500 }, entries)).toEqual(refused("1/83"));
    expectCopied(500, []);
  });

  it("has moved the ranges before where each is checked in its turn, and says so in DW0", () => {
    const { model, expectCopied } = device({}, { validate: "eager" });
    expect(copy(model, { sdlba: 500 }, entries)).toEqual({ status: "1/83", dnr: true, dw0: 2 });
    expectCopied(500, [...from(0, 16), ...from(50, 16)]);
  });
});

describe("largest numbers", () => {
  it("takes 256 ranges", () => {
    const { model, expectCopied } = device({ msrc: 255, mcl: 256 });
    const entries = from(0, 256).map((index) => ({ lba: 255 - index, blocks: 1 }));
    expect(copy(model, { sdlba: 512 }, entries)).toEqual(success);
    expectCopied(
      512,
      entries.map(({ lba }) => lba),
    );
  });

  it("takes NLB FFFFh for 65536 blocks, which no MSSRL allows", () => {
    const { model } = device({ mssrl: 65535, mcl: 65536 });
    expect(copy(model, { sdlba: 0 }, [{ lba: 0, blocks: 65536 }])).toEqual(refused("1/83"));
  });
});

describe("refusals before the list", () => {
  const one: readonly SourceEntry[] = [{ lba: 0, blocks: 1 }];

  it.each<[string, CopyFields, string]>([
    ["NSID 0", { sdlba: 9, nsid: 0 }, "0/0b"],
    ["NSID FFFFFFFFh", { sdlba: 9, nsid: 0xffffffff }, "0/0b"],
    ["NSID above NN", { sdlba: 9, nsid: 4 }, "0/0b"],
    ["an inactive NSID", { sdlba: 9, nsid: 2 }, "0/02"],
    ["a first fused command", { sdlba: 9, byte1: 1 }, "0/02"],
    ["a second fused command", { sdlba: 9, byte1: 2 }, "0/02"],
    ["PSDT 11b", { sdlba: 9, byte1: 0xc0 }, "0/02"],
    ["format 1h, which is for wide guards", { sdlba: 9, format: 1 }, "0/0b"],
    ["format 2h without Host Behavior Support", { sdlba: 9, format: 2 }, "0/02"],
    ["format 3h without Host Behavior Support", { sdlba: 9, format: 3 }, "0/02"],
    ["format 4h", { sdlba: 9, format: 4 }, "0/02"],
    ["a reserved format", { sdlba: 9, format: 15 }, "0/02"],
  ])("%s", (_, fields, status) => {
    const store = plainStore(BLOCKS * 512);
    const model = nvmeModel({ namespaces: [{ store }, { nsid: 3, store: plainStore(512) }] });
    expect(copy(model, fields, one)).toEqual(refused(status));
    expect(store.copies).toBe(0);
  });

  it.each<[string, number, number]>([
    ["no list", 1, 0],
    ["a list one entry short", 2, 32],
    ["a list one byte short", 1, 31],
    ["a list one byte long", 1, 33],
    ["entries of 40 bytes", 1, 40],
  ])("%s: Data SGL Length Invalid", (_, ranges, bytes) => {
    const { model, expectCopied } = device();
    const list = bytes === 0 ? undefined : new Uint8Array(bytes);
    expect(execute(model, "io", copySqe({ sdlba: 9 }, ranges), list)).toEqual(refused("0/0f"));
    expectCopied(9, []);
  });

  it("does not know Copy where ONCS does not have it", () => {
    const { model } = device({}, { commands: { copy: false } });
    expect(copy(model, { sdlba: 9 }, one)).toEqual(refused("0/01"));
  });

  it("knows only the formats it is given", () => {
    const { model } = device({}, { formats: [2] });
    enableFormats(model, 2);
    expect(copy(model, { sdlba: 9 }, one)).toEqual(refused("0/02"));
    expect(copy(model, { sdlba: 9, format: 2 }, [{ lba: 0, blocks: 1, snsid: 1 }])).toEqual(
      success,
    );
  });

  it("refuses a write protected namespace, and a read-only range", () => {
    const locked = device({ readonly: true });
    expect(copy(locked.model, { sdlba: 9 }, one)).toEqual(refused("0/20"));
    const partly = device({ readonlyRanges: [{ lba: 100, blocks: 10 }] });
    const two = [{ lba: 0, blocks: 2 }];
    expect(copy(partly.model, { sdlba: 109 }, two)).toEqual(refused("1/82"));
    expect(copy(partly.model, { sdlba: 99 }, two)).toEqual(refused("1/82"));
    expect(copy(partly.model, { sdlba: 98 }, two)).toEqual(success);
    expect(copy(partly.model, { sdlba: 110 }, two)).toEqual(success);
  });
});
