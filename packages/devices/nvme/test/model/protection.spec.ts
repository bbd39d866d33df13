// End-to-end protection in Read, Write, Compare, Write Zeroes and Copy: pass, check, insert, strip, replace. NVM Command
// Set Specification 1.2, sections 3.3.2 (Copy), 3.3.8 and 5.3. Guards are those of published vectors: blocks are of
// zeroes (CRC-16/T10 0000h; CRC-64/NVME of 4 KiB 6482d367eb22b64eh) and of 4 KiB counting up (3e729f5f6750449ch).
import { describe, expect, it } from "vitest";
import { tagByteOrders } from "../../src/codec/index.ts";
import {
  type NvmeMetadataOptions,
  type NvmeModelOptions,
  nvmeModel,
  peers,
} from "../../src/model/index.ts";
import {
  type Answer,
  copy,
  copySqe,
  execute,
  type IoFields,
  ioSqe,
  rangeList,
  refused,
  success,
} from "./commands.ts";
import { plainStore } from "./plain-store.ts";

const ACTION = 8;
const GUARD = 4;
const APPLICATION = 2;
const REFERENCE = 1;
const BLOCKS = 64;
const SIZE = 4096;
const counting = Uint8Array.from({ length: SIZE }, (_, index) => index & 0xff);

type Device = ReturnType<typeof nvmeModel>;

/** Namespaces of 4 KiB blocks, numbered from 1. */
function device(
  formats: readonly (NvmeMetadataOptions | undefined)[],
  options: Partial<NvmeModelOptions> = {},
) {
  const stores = formats.map(() => plainStore(BLOCKS * SIZE));
  const model = nvmeModel({
    namespaces: formats.map((metadata, index) => ({
      store: stores[index],
      bytesPerBlock: SIZE,
      ...(metadata && { metadata }),
    })),
    enabledFormats: [2, 3],
    ...options,
  });
  return { model, stores };
}

const type1: NvmeMetadataOptions = { bytes: 8, extended: true, protection: 1 };
const guard64: NvmeMetadataOptions = { bytes: 16, extended: true, protection: 1, guardBits: 64 };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

/** Writes a block with this metadata as it is, without any check. */
function put(model: Device, lba: number, data: Uint8Array, metadata: string, nsid = 1): void {
  const transfer = new Uint8Array([...data, ...bytes(metadata)]);
  expect(execute(model, "io", ioSqe({ opcode: 1, nsid, lba, blocks: 1 }), transfer)).toEqual(
    success,
  );
}

/** Metadata of a block, read without any check. */
function metadataOf(model: Device, lba: number, size: number, nsid = 1): string {
  const transfer = new Uint8Array(SIZE + size);
  const read = ioSqe({ opcode: 2, nsid, lba, blocks: 1 });
  expect(execute(model, "io", read, undefined, transfer)).toEqual(success);
  return hex(transfer.subarray(SIZE));
}

function read(
  model: Device,
  room: number,
  fields: Partial<IoFields>,
): { answer: Answer; got: Uint8Array } {
  const got = new Uint8Array(room);
  const command = ioSqe({ opcode: 2, lba: 0, blocks: 1, ...fields });
  return { answer: execute(model, "io", command, undefined, got), got };
}

const write = (model: Device, transfer: Uint8Array, fields: Partial<IoFields>): Answer =>
  execute(model, "io", ioSqe({ opcode: 1, lba: 0, blocks: 1, ...fields }), transfer);

const zeroes = new Uint8Array(SIZE);

describe("Write and Read", () => {
  it("insert and strip protection information that is all there is of the metadata", () => {
    const { model } = device([type1]);
    const fields = { lba: 5, prinfo: ACTION, tags: 5n, lbat: 0x1234 };
    expect(write(model, new Uint8Array(2 * SIZE), { ...fields, blocks: 2 })).toEqual(success);
    expect(metadataOf(model, 5, 8)).toBe("0000123400000005");
    expect(metadataOf(model, 6, 8)).toBe("0000123400000006");
    const all = ACTION | GUARD | APPLICATION | REFERENCE;
    const back = read(model, SIZE, { ...fields, prinfo: all, lbatm: 0xffff });
    expect(back.answer).toEqual(success);
    expect(write(model, new Uint8Array(SIZE + 8), fields)).toEqual(refused("0/0f"));
  });

  it("overwrite protection information within larger metadata, and keep the rest", () => {
    const { model } = device([{ ...guard64, bytes: 24 }]);
    const transfer = new Uint8Array([
      ...zeroes,
      ...bytes("a1a2a3a4a5a6a7a8 ffffffffffffffffffffffffffffffff"),
    ]);
    expect(write(model, transfer, { lba: 1, prinfo: ACTION, tags: 1n, lbat: 0x1234 })).toEqual(
      success,
    );
    const stored = metadataOf(model, 1, 24);
    expect(stored.slice(0, 16)).toBe("a1a2a3a4a5a6a7a8");
    expect(stored.slice(32)).toBe("1234000000000001");
    // The guard covers the metadata before it, so it is not that of the zeroes alone.
    expect(stored.slice(16, 32)).not.toBe("6482d367eb22b64e");
    expect(read(model, SIZE + 24, { lba: 1, prinfo: GUARD }).answer).toEqual(success);
  });

  it("leave metadata first out of the guard", () => {
    const { model } = device([{ ...guard64, bytes: 24, protectionFirst: true }]);
    const transfer = new Uint8Array([
      ...counting,
      ...new Uint8Array(16),
      ...bytes("a1a2a3a4a5a6a7a8"),
    ]);
    expect(write(model, transfer, { lba: 1, prinfo: ACTION, tags: 1n })).toEqual(success);
    expect(metadataOf(model, 1, 24)).toBe("3e729f5f6750449c0000000000000001a1a2a3a4a5a6a7a8");
  });

  it.each<[string, string, number, Partial<IoFields>, string]>([
    ["a wrong guard", "0001 1234 00000003", GUARD, {}, "2/82"],
    [
      "another application tag",
      "0000 1234 00000003",
      APPLICATION,
      { lbat: 0x1235, lbatm: 0xffff },
      "2/83",
    ],
    ["another reference tag", "0000 1234 00000004", REFERENCE, { tags: 3n }, "2/84"],
  ])("find %s", (_, metadata, prinfo, fields, status) => {
    const { model } = device([type1]);
    put(model, 3, zeroes, metadata);
    expect(read(model, SIZE + 8, { lba: 3, prinfo, ...fields }).answer.status).toBe(status);
    expect(read(model, SIZE + 8, { lba: 3, prinfo: 0 }).answer).toEqual(success);
    const transfer = new Uint8Array([...zeroes, ...bytes(metadata)]);
    expect(
      write(model, transfer, { lba: 9, prinfo, ...fields, ...(fields.tags && { lba: 3 }) }).status,
    ).toBe(status);
    expect(metadataOf(model, 9, 8)).toBe("ffffffffffffffff");
  });

  it("find another storage tag", () => {
    const { model } = device([{ ...type1, storageTagBits: 8 }]);
    put(model, 3, zeroes, "0000 1234 ab000003");
    const at = (tags: bigint) => read(model, SIZE + 8, { lba: 3, bit24: true, tags }).answer;
    expect(at(0xab000003n)).toEqual(success);
    expect(at(0xac000003n).status).toBe("2/88");
  });

  it("refuse a reference tag check that cannot be: Invalid Protection Information", () => {
    const { model } = device([type1, { ...type1, protection: 2 }, { ...type1, protection: 3 }]);
    const at = (nsid: number, tags: bigint) =>
      read(model, SIZE + 8, { nsid, lba: 3, prinfo: REFERENCE, tags }).answer;
    expect(at(1, 3n)).toEqual(success);
    expect(at(1, 4n)).toEqual(refused("1/81"));
    expect(at(2, 4n)).toEqual(success);
    expect(at(3, 3n)).toEqual(refused("1/81"));
  });

  it("do not check what was never written, nor what was deallocated", () => {
    const { model } = device([type1]);
    const all = GUARD | APPLICATION | REFERENCE;
    const check = () =>
      read(model, SIZE + 8, { lba: 3, prinfo: all, tags: 3n, lbat: 7, lbatm: 0xffff });
    expect(check().answer).toEqual(success);
    put(model, 3, zeroes, "0001 1234 00000003");
    expect(check().answer.status).toBe("2/82");
    const list = new Uint8Array(16);
    new DataView(list.buffer).setUint32(4, 1, true);
    new DataView(list.buffer).setBigUint64(8, 3n, true);
    const deallocate = ioSqe({ opcode: 9, lba: 0, blocks: 1 });
    deallocate.set([0, 0, 0, 0, 4], 40);
    expect(execute(model, "io", deallocate, list)).toEqual(success);
    const { answer, got } = check();
    expect(answer).toEqual(success);
    expect(hex(got.subarray(SIZE))).toBe("ffffffffffffffff");
  });

  it("transfer metadata behind the data of all blocks, where it is not extended", () => {
    const { model } = device([{ bytes: 4 }]);
    const transfer = new Uint8Array([...counting, ...zeroes, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(write(model, transfer, { lba: 1, blocks: 2 })).toEqual(success);
    const second = read(model, SIZE + 4, { lba: 2 });
    expect(hex(second.got.subarray(SIZE))).toBe("05060708");
    expect(read(model, 2 * (SIZE + 4), { lba: 1, blocks: 2 }).got).toEqual(transfer);
  });

  it("transfer metadata behind the data of each block, where it is", () => {
    const { model } = device([{ bytes: 4, extended: true }]);
    const transfer = new Uint8Array([...counting, 1, 2, 3, 4, ...zeroes, 5, 6, 7, 8]);
    expect(write(model, transfer, { lba: 1, blocks: 2 })).toEqual(success);
    expect(read(model, SIZE + 4, { lba: 1 }).got).toEqual(transfer.slice(0, SIZE + 4));
  });
});

describe("Compare", () => {
  const compare = (model: Device, transfer: Uint8Array, prinfo: number) =>
    execute(model, "io", ioSqe({ opcode: 5, lba: 1, blocks: 1, prinfo }), transfer);

  it("compares metadata, but not the protection information, which it checks", () => {
    const { model } = device([{ ...type1, bytes: 12 }]);
    put(model, 1, zeroes, "a1a2a3a4 0001 1234 00000001");
    const host = (metadata: string) => new Uint8Array([...zeroes, ...bytes(metadata)]);
    expect(compare(model, host("a1a2a3a4 9999 9999 99999999"), 0)).toEqual(success);
    expect(compare(model, host("a1a2a3a5 0001 1234 00000001"), 0)).toEqual(refused("2/85"));
    expect(compare(model, host("a1a2a3a4 0001 1234 00000001"), GUARD).status).toBe("2/82");
  });
});

describe("Write Zeroes", () => {
  const run = (model: Device, prinfo: number) =>
    execute(model, "io", ioSqe({ opcode: 8, lba: 4, blocks: 2, prinfo, tags: 4n, lbat: 0x1234 }));

  it("writes protection information of zeroes, or generates it", () => {
    const { model } = device([guard64]);
    expect(run(model, 0)).toEqual(success);
    expect(metadataOf(model, 5, 16)).toBe("00".repeat(16));
    expect(run(model, ACTION)).toEqual(success);
    expect(metadataOf(model, 4, 16)).toBe("6482d367eb22b64e1234000000000004");
    expect(metadataOf(model, 5, 16)).toBe("6482d367eb22b64e1234000000000005");
  });
});

describe("Copy within a namespace with protection information", () => {
  it("passes metadata on as it is, and the store copies by itself", () => {
    const { model, stores } = device([type1]);
    put(model, 3, counting, "dead beef 00000003");
    expect(copy(model, { sdlba: 20 }, [{ lba: 3, blocks: 1 }])).toEqual(success);
    expect(metadataOf(model, 20, 8)).toBe("deadbeef00000003");
    expect(stores[0].copies).toBe(1);
  });

  it("checks the source by PRINFOR and its own tags, range by range", () => {
    const { model } = device([type1]);
    put(model, 3, zeroes, "0000 1234 00000003");
    put(model, 4, zeroes, "0000 1234 00000004");
    put(model, 9, zeroes, "0000 5678 00000009");
    const entries = [
      { lba: 3, blocks: 2, elbt: 3n, elbat: 0x1234, elbatm: 0xffff },
      { lba: 9, blocks: 1, elbt: 9n, elbat: 0x5678, elbatm: 0xffff },
    ];
    const prinfor = GUARD | APPLICATION | REFERENCE;
    expect(copy(model, { sdlba: 20, prinfor }, entries)).toEqual(success);
    expect(metadataOf(model, 22, 8)).toBe("0000567800000009");
    const wrong = [entries[0], { ...entries[1], elbat: 0x5679 }];
    expect(copy(model, { sdlba: 30, prinfor }, wrong)).toEqual({
      status: "2/83",
      dnr: false,
      dw0: 1,
    });
    expect(metadataOf(model, 31, 8)).toBe("0000123400000004");
    expect(metadataOf(model, 32, 8)).toBe("ffffffffffffffff");
  });

  it("does not remap reference tags, so that a check of the destination finds them wrong (type 1)", () => {
    const { model } = device([type1]);
    put(model, 3, zeroes, "0000 1234 00000003");
    const entries = [{ lba: 3, blocks: 1 }];
    const answer = copy(model, { sdlba: 20, prinfow: REFERENCE, tags: 20n }, entries);
    expect(answer).toEqual({ status: "2/84", dnr: false, dw0: 0 });
  });

  it("replaces protection information where both PRACT bits are set", () => {
    const { model } = device([type1]);
    put(model, 3, zeroes, "0000 1234 00000003");
    put(model, 4, zeroes, "0000 1234 00000004");
    const fields = {
      sdlba: 20,
      prinfor: ACTION | GUARD | REFERENCE,
      prinfow: ACTION,
      tags: 20n,
      lbat: 0x9999,
    };
    const entries = [
      { lba: 4, blocks: 1, elbt: 4n },
      { lba: 3, blocks: 1, elbt: 3n },
    ];
    expect(copy(model, fields, entries)).toEqual(success);
    expect(metadataOf(model, 20, 8)).toBe("0000999900000014");
    expect(metadataOf(model, 21, 8)).toBe("0000999900000015");
    put(model, 4, zeroes, "0001 1234 00000004");
    expect(copy(model, { ...fields, sdlba: 40 }, entries)).toEqual({
      status: "2/82",
      dnr: false,
      dw0: 0,
    });
    expect(metadataOf(model, 40, 8)).toBe("ffffffffffffffff");
  });

  it.each([
    [ACTION, 0],
    [0, ACTION],
  ])("refuses PRACT %i of the source and %i of the destination", (prinfor, prinfow) => {
    const { model } = device([type1]);
    const answer = copy(model, { sdlba: 20, prinfor, prinfow }, [{ lba: 3, blocks: 1 }]);
    expect(answer).toEqual(refused("0/02"));
  });

  it("ignores both PRINFO fields without protection information", () => {
    const { model } = device([undefined, { bytes: 8, extended: true }]);
    const fields = { sdlba: 20, prinfor: ACTION | GUARD | REFERENCE, prinfow: 0 };
    expect(copy(model, fields, [{ lba: 3, blocks: 1, elbt: 99n }])).toEqual(success);
    put(model, 3, zeroes, "0102030405060708", 2);
    expect(copy(model, { ...fields, nsid: 2 }, [{ lba: 3, blocks: 1 }])).toEqual(success);
    expect(metadataOf(model, 20, 8, 2)).toBe("0102030405060708");
  });

  it("refuses initial tags that are not the address, in type 1, and any in type 3", () => {
    const { model } = device([type1, { ...type1, protection: 3 }]);
    const from = (nsid: number, elbt: bigint) =>
      copy(model, { nsid, sdlba: 20, prinfor: REFERENCE }, [{ lba: 3, blocks: 1, elbt }]);
    expect(from(1, 3n)).toEqual(success);
    expect(from(1, 4n)).toEqual(refused("1/81"));
    expect(from(2, 3n)).toEqual(refused("1/81"));
    const to = (nsid: number, tags: bigint) =>
      copy(model, { nsid, sdlba: 20, prinfow: REFERENCE, tags }, [{ lba: 3, blocks: 1 }]);
    expect(to(1, 21n)).toEqual(refused("1/81"));
    expect(to(2, 20n)).toEqual(refused("1/81"));
  });

  it("checks storage tags by STCR and STCW", () => {
    const { model } = device([{ ...type1, storageTagBits: 8 }]);
    put(model, 3, zeroes, "0000 1234 ab000003");
    const entries = (elbt: bigint) => [{ lba: 3, blocks: 1, elbt }];
    expect(copy(model, { sdlba: 20, stcr: true }, entries(0xab000003n))).toEqual(success);
    expect(copy(model, { sdlba: 20, stcr: true }, entries(0xac000003n)).status).toBe("2/88");
    expect(copy(model, { sdlba: 20, stcw: true, tags: 0xab000000n }, entries(0n))).toEqual(success);
    expect(copy(model, { sdlba: 20, stcw: true, tags: 0xac000000n }, entries(0n)).status).toBe(
      "2/88",
    );
  });

  it("does not count the reference tag of type 3", () => {
    const { model } = device([{ ...type1, protection: 3 }]);
    const fields = { sdlba: 20, prinfor: ACTION, prinfow: ACTION, tags: 7n, lbat: 0x9999 };
    const entries = [
      { lba: 3, blocks: 2 },
      { lba: 9, blocks: 1 },
    ];
    expect(copy(model, fields, entries)).toEqual(success);
    const tuple = "0000999900000007";
    expect([20, 21, 22].map((lba) => metadataOf(model, lba, 8))).toEqual([tuple, tuple, tuple]);
  });

  it("moves overlapping blocks as one move, piece by piece (format 0h)", () => {
    const { model } = device([{ ...guard64, bytes: 4096 }]);
    // Metadata of 4 KiB makes a piece 16 blocks.
    for (let lba = 0; lba < 40; lba += 1)
      put(
        model,
        lba,
        counting,
        `${"00".repeat(4080)}3e729f5f6750449c0000${lba.toString(16).padStart(12, "0")}`,
      );
    const shifted = (sdlba: number, lba: number) =>
      copy(model, { sdlba, format: 1, prinfor: APPLICATION }, [
        { lba, blocks: 36, elbat: 0, elbatm: 0xffff },
      ]);
    const tagAt = (lba: number) => Number.parseInt(metadataOf(model, lba, 4096).slice(-12), 16);
    expect(shifted(4, 0)).toEqual(success);
    expect([4, 20, 39].map(tagAt)).toEqual([0, 16, 35]);
    expect(shifted(0, 4)).toEqual(success);
    expect([0, 16, 35].map(tagAt)).toEqual([0, 16, 35]);
  });
});

describe("Copy with wide guards", () => {
  it("needs formats 1h and 3h, and 16b guards 0h and 2h", () => {
    const { model } = device([guard64, type1]);
    const entry = { lba: 3, blocks: 1 };
    expect(copy(model, { sdlba: 9, format: 0 }, [entry])).toEqual(refused("0/0b"));
    expect(copy(model, { sdlba: 9, format: 2 }, [{ ...entry, snsid: 1 }])).toEqual(refused("0/0b"));
    expect(copy(model, { sdlba: 9, format: 1 }, [entry])).toEqual(success);
    expect(copy(model, { sdlba: 9, format: 3 }, [{ ...entry, snsid: 1 }])).toEqual(success);
    expect(copy(model, { nsid: 2, sdlba: 9, format: 1 }, [entry])).toEqual(refused("0/0b"));
    expect(copy(model, { nsid: 2, sdlba: 9, format: 3 }, [entry])).toEqual(refused("0/0b"));
  });

  it.each<[string, NvmeMetadataOptions, bigint, bigint, string]>([
    ["64b, STS 0", guard64, 3n, 20n, "6482d367eb22b64e 9999 000000000014"],
    [
      "64b, STS 16",
      { ...guard64, storageTagBits: 16 },
      (0xbeefn << 32n) | 3n,
      (0xcafen << 32n) | 20n,
      "6482d367eb22b64e 9999 cafe 00000014",
    ],
    [
      "32b, STS 16",
      { ...guard64, guardBits: 32, storageTagBits: 16 },
      (0xbeefn << 64n) | 3n,
      (0xcafen << 64n) | 20n,
      "98f94189 9999 cafe 0000000000000014",
    ],
    [
      "32b, STS 64",
      { ...guard64, guardBits: 32, storageTagBits: 64 },
      (0xbeefn << 16n) | 3n,
      (0xcafen << 16n) | 20n,
      "98f94189 9999 000000000000cafe 0014",
    ],
  ])("replaces %s", (_, format, from, to, expected) => {
    const { model } = device([format]);
    const space = format.guardBits === 64 ? 12 : 20;
    const guard = format.guardBits === 64 ? "6482d367eb22b64e" : "98f94189";
    put(model, 3, zeroes, `${guard}1234${from.toString(16).padStart(space, "0")}`);
    const fields = {
      sdlba: 20,
      format: 1,
      prinfor: ACTION | GUARD | APPLICATION | REFERENCE,
      prinfow: ACTION,
      stcr: true,
      tags: to,
      lbat: 0x9999,
    };
    const entry = { lba: 3, blocks: 1, elbt: from, elbat: 0x1234, elbatm: 0xffff };
    expect(copy(model, fields, [entry])).toEqual(success);
    expect(metadataOf(model, 20, 16)).toBe(expected.replaceAll(" ", ""));
    const other = from ^ (1n << BigInt(space * 4 - (format.storageTagBits ?? 0) - 1));
    expect(copy(model, fields, [{ ...entry, elbt: other }])).toEqual(refused("1/81"));
  });
});

describe("Copy across formats", () => {
  const entry = { snsid: 2, lba: 3, blocks: 2, elbt: 3n };

  it("inserts", () => {
    const { model } = device([type1, undefined]);
    const fields = { sdlba: 20, format: 2, prinfow: ACTION, tags: 20n, lbat: 0x1234 };
    expect(copy(model, fields, [entry])).toEqual(success);
    expect(metadataOf(model, 21, 8)).toBe("0000123400000015");
    expect(copy(model, { ...fields, prinfow: 0 }, [entry])).toEqual(refused("1/85"));
  });

  it("strips, and checks before", () => {
    const { model, stores } = device([undefined, type1]);
    put(model, 3, counting, "0000 1234 00000003", 2);
    const fields = { sdlba: 20, format: 2, prinfor: ACTION };
    expect(copy(model, fields, [entry])).toEqual(success);
    expect(stores[0].image.subarray(20 * SIZE, 21 * SIZE)).toEqual(counting);
    expect(copy(model, { ...fields, prinfor: ACTION | GUARD }, [entry]).status).toBe("2/82");
    expect(copy(model, { ...fields, prinfor: 0 }, [entry])).toEqual(refused("1/85"));
  });

  it.each<
    [
      string,
      NvmeMetadataOptions | undefined,
      NvmeMetadataOptions | undefined,
      number,
      number,
      string,
    ]
  >([
    [
      "insert into metadata beyond protection information",
      { ...type1, bytes: 16 },
      undefined,
      0,
      ACTION,
      "1/85",
    ],
    [
      "strip from metadata beyond protection information",
      undefined,
      { ...type1, bytes: 16 },
      ACTION,
      0,
      "1/85",
    ],
    [
      "insert where the source has other metadata",
      type1,
      { bytes: 8, extended: true },
      0,
      ACTION,
      "1/85",
    ],
    ["other metadata sizes", { bytes: 8, extended: true }, undefined, 0, 0, "1/85"],
    ["other types", type1, { ...type1, protection: 2 }, 0, 0, "1/85"],
    [
      "protection information first and last",
      { ...type1, bytes: 16 },
      { ...type1, bytes: 16, protectionFirst: true },
      0,
      0,
      "1/85",
    ],
    ["other storage tag sizes", type1, { ...type1, storageTagBits: 8 }, 0, 0, "1/85"],
    ["other guards", type1, guard64, 0, 0, "1/85"],
    ["different PRACT bits, both with protection information", type1, type1, ACTION, 0, "0/02"],
    ["the same formats", type1, type1, 0, 0, "0/00"],
    ["the same formats, replaced", type1, type1, ACTION, ACTION, "0/00"],
  ])("%s", (_, to, from, prinfor, prinfow, status) => {
    const { model } = device([to, from]);
    const answer = copy(model, { sdlba: 20, format: 2, prinfor, prinfow, tags: 20n }, [entry]);
    expect(answer).toEqual(status === "0/00" ? success : refused(status));
  });

  it("different PRACT bits in QEMU 10 are incompatible formats (read)", () => {
    const { model } = device([type1, type1], { peer: "qemu-10" });
    const answer = copy(model, { sdlba: 20, format: 2, prinfor: ACTION, prinfow: 0 }, [entry]);
    expect(answer).toEqual(refused("1/85"));
  });
});

describe("byte order of the tags of source ranges", () => {
  // Measured with QEMU 10.0.2, reference tag 256: encoders that write it big-endian into format 0h get 1/81h.
  const check = { sdlba: 300 % BLOCKS, prinfor: REFERENCE };

  it("is little-endian in format 0h, so that 256 written the other way round is refused", () => {
    const model = nvmeModel({
      peer: "qemu-10",
      namespaces: [{ store: plainStore(512 * SIZE), bytesPerBlock: SIZE, metadata: type1 }],
    });
    put(model, 256, zeroes, "0000 1234 00000100");
    expect(copy(model, check, [{ lba: 256, blocks: 1, elbt: 256n }])).toEqual(success);
    expect(copy(model, check, [{ lba: 256, blocks: 1, elbt: 0x00010000n }])).toEqual(
      refused("1/81"),
    );
  });

  it("can be that of an encoder: nvme-cli 2.3 puts the mask before the application tag (measured)", () => {
    const model = nvmeModel({
      peer: { ...peers.ideal, tagByteOrder: tagByteOrders["nvme-cli-2.3"] },
      namespaces: [{ store: plainStore(64 * SIZE), bytesPerBlock: SIZE, metadata: type1 }],
    });
    put(model, 3, zeroes, "0000 1234 00000003");
    const fields = { sdlba: 20, prinfor: APPLICATION };
    const swapped = { lba: 3, blocks: 1, elbat: 0x00ff, elbatm: 0x1234 };
    expect(copy(model, fields, [swapped])).toEqual(success);
    const straight = { lba: 3, blocks: 1, elbat: 0x1234, elbatm: 0x00ff };
    expect(copy(model, fields, [straight]).status).toBe("2/83");
  });

  it("is big-endian in format 1h of QEMU: 48 bits in the last 6 of the 10 bytes", () => {
    const make = (peer: "ideal" | "qemu-10") =>
      nvmeModel({
        peer,
        namespaces: [{ store: plainStore(512 * SIZE), bytesPerBlock: SIZE, metadata: guard64 }],
      });
    const list = rangeList(1, [{ lba: 256, blocks: 1 }]);
    list.set(bytes("0000 0000 000000000100"), 26);
    const command = copySqe({ ...check, format: 1 }, 1);
    expect(execute(make("qemu-10"), "io", command, list)).toEqual(success);
    expect(execute(make("ideal"), "io", command, list)).toEqual(refused("1/81"));
  });
});
