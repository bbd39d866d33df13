import { type AnyStructure, fromHex, toHex } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import {
  compareCommand,
  completionQueueEntry,
  copyCommand,
  datasetManagementCommand,
  datasetManagementRange,
  flushCommand,
  genericCommand,
  getFeaturesCommand,
  hostBehavior,
  identifyCommand,
  readCommand,
  setFeaturesCommand,
  sglDescriptor,
  writeCommand,
  writeZeroesCommand,
} from "../../src/codec/index.ts";

// Goal: commands are the bytes that another implementation sends for the same request.
// Method: each hex below is what nvme-cli 2.3 (Debian 12) handed to ioctl() for the command line
// beside it, dwords in order; Linux fills CID, PSDT and DPTR later, so they are zero.

type Vector = readonly [line: string, AnyStructure, value: Record<string, unknown>, hex: string];

const vectors: readonly Vector[] = [
  [
    "copy -n 5 --sdlba=0x123456789a --slbs=0x1122334455,7 --blocks=0,63 --prinfor=5 --prinfow=10 " +
      "--force-unit-access --limited-retry --ref-tag=0xdeadbeef --app-tag=0x1234 " +
      "--app-tag-mask=0x5678 --dir-type=2 --dir-spec=0x99aa",
    copyCommand,
    {
      nsid: 5,
      sdlba: 0x12_3456_789a,
      nr: 2,
      prinfor: 5,
      dtype: 2,
      prinfow: 10,
      fua: true,
      lr: true,
      dspec: 0x99aa,
      lbtl: 0xdeadbeef,
      lbat: 0x1234,
      lbatm: 0x5678,
    },
    "19000000 05000000 00000000 00000000 00000000 00000000 00000000 00000000" +
      "00000000 00000000 9a785634 12000000 015020e8 0000aa99 efbeadde 34127856",
  ],
  [
    "copy -n 1 --sdlba=512 --slbs=100 --blocks=7 --format=1",
    copyCommand,
    { nsid: 1, sdlba: 512, nr: 1, desfmt: 1 },
    "19000000 01000000 00000000 00000000 00000000 00000000 00000000 00000000" +
      "00000000 00000000 00020000 00000000 00010000 00000000 00000000 00000000",
  ],
  [
    "read -n 7 --start-block=0x123456789a --block-count=4095 --prinfo=9 --force-unit-access " +
      "--limited-retry --ref-tag=0xdeadbeef --app-tag=0x1234 --app-tag-mask=0x5678 --dsm=0x47",
    readCommand,
    {
      nsid: 7,
      slba: 0x12_3456_789a,
      nlb: 4096,
      prinfo: 9,
      fua: true,
      lr: true,
      cev: 0x47,
      elbtl: 0xdeadbeef,
      elbat: 0x1234,
      elbatm: 0x5678,
    },
    "02000000 07000000 00000000 00000000 00000000 00000000 00000000 00000000" +
      "00000000 00000000 9a785634 12000000 ff0f00e4 47000000 efbeadde 34127856",
  ],
  [
    "write -n 7 --start-block=0x123456789a --block-count=0 --prinfo=6 --ref-tag=0x01020304 " +
      "--app-tag=0x1234 --app-tag-mask=0x5678 --dir-type=1 --dir-spec=0x99aa --dsm=0x21",
    writeCommand,
    {
      nsid: 7,
      slba: 0x12_3456_789a,
      nlb: 1,
      dtype: 1,
      prinfo: 6,
      cev: 0x21,
      dspec: 0x99aa,
      lbtl: 0x01020304,
      lbat: 0x1234,
      lbatm: 0x5678,
    },
    "01000000 07000000 00000000 00000000 00000000 00000000 00000000 00000000" +
      "00000000 00000000 9a785634 12000000 00001018 2100aa99 04030201 34127856",
  ],
  [
    "write -n 1 -s 0 -c 0 --ref-tag=0x112233 --storage-tag=0xaabb (a namespace with PIF 2, STS 16)",
    writeCommand,
    { nsid: 1, nlb: 1, lbtu: 0xaabb, lbtl: 0x112233 },
    "01000000 01000000 00000000 bbaa0000 00000000 00000000 00000000 00000000" +
      "00000000 00000000 00000000 00000000 00000000 00000000 33221100 00000000",
  ],
  [
    "compare -n 7 --start-block=5 --block-count=1 --prinfo=1 --ref-tag=7",
    compareCommand,
    { nsid: 7, slba: 5, nlb: 2, prinfo: 1, elbtl: 7 },
    "05000000 07000000 00000000 00000000 00000000 00000000 00000000 00000000" +
      "00000000 00000000 05000000 00000000 01000004 00000000 07000000 00000000",
  ],
  [
    "write-zeroes -n 9 --start-block=0x1fffffffff --block-count=65535 --deac --prinfo=8 " +
      "--force-unit-access --limited-retry --ref-tag=1 --app-tag=2 --app-tag-mask=3",
    writeZeroesCommand,
    {
      nsid: 9,
      slba: 0x1f_ffff_ffff,
      nlb: 65536,
      deac: true,
      prinfo: 8,
      fua: true,
      lr: true,
      lbtl: 1,
      lbat: 2,
      lbatm: 3,
    },
    "08000000 09000000 00000000 00000000 00000000 00000000 00000000 00000000" +
      "00000000 00000000 ffffffff 1f000000 ffff00e2 00000000 01000000 02000300",
  ],
  [
    "flush -n 0xffffffff",
    flushCommand,
    { nsid: 0xffffffff },
    `00000000 ffffffff ${"00000000".repeat(14)}`,
  ],
  [
    "dsm -n 2 --ad --idw --blocks=8,0x10000",
    datasetManagementCommand,
    { nsid: 2, nr: 2, ad: true, idw: true },
    `09000000 02000000 ${"00000000".repeat(8)} 01000000 06000000 ${"00000000".repeat(4)}`,
  ],
  [
    "id-ns -n 3",
    identifyCommand,
    { nsid: 3, cns: 0 },
    `06000000 03000000 ${"00000000".repeat(14)}`,
  ],
  [
    "nvm-id-ns -n 3",
    identifyCommand,
    { nsid: 3, cns: 5 },
    `06000000 03000000 ${"00000000".repeat(8)} 05000000 ${"00000000".repeat(5)}`,
  ],
  [
    "get-feature -f 0x16 -s 2",
    getFeaturesCommand,
    { nsid: 1, fid: 0x16, sel: 2 },
    `0a000000 01000000 ${"00000000".repeat(8)} 16020000 ${"00000000".repeat(5)}`,
  ],
  [
    "set-feature -f 0x16 --save",
    setFeaturesCommand,
    { nsid: 1, fid: 0x16, sv: true },
    `09000000 01000000 ${"00000000".repeat(8)} 16000080 ${"00000000".repeat(5)}`,
  ],
  [
    "set-feature -f 7 -v 0x00030003",
    setFeaturesCommand,
    { nsid: 1, fid: 7, cdw11: 0x00030003 },
    `09000000 01000000 ${"00000000".repeat(8)} 07000000 03000300 ${"00000000".repeat(4)}`,
  ],
];

/** A full value: what was left out is what decodes from nothing. */
function full(structure: AnyStructure, value: Record<string, unknown>): object {
  const blank = structure.decode(new Uint8Array(structure.size), 0, { lenient: true });
  return { ...(blank as { value: object }).value, ...value };
}

describe("commands", () => {
  it.each(vectors)("nvme %s", (_, structure, value, hex) => {
    const wire = toHex(fromHex(hex));
    expect(toHex(structure.encode(value))).toBe(wire);
    const decoded = structure.decode(fromHex(hex));
    const opc = fromHex(hex)[0];
    expect(decoded).toEqual({ ok: true, value: full(structure, { ...value, opc }) });
    const generic = genericCommand.decode(fromHex(hex));
    expect(generic.ok && toHex(genericCommand.encode(generic.value))).toBe(wire);
  });

  it("refuses another opcode by name", () => {
    expect(copyCommand.decode(new Uint8Array(64))).toEqual({
      ok: false,
      violated: "Copy command: opc (cdw0[7:0]) must be 19h",
      field: "opc",
    });
  });
  it("refuses a reserved bit by name", () => {
    const bytes = copyCommand.encode({ nr: 1 });
    bytes[11] = 1;
    expect(copyCommand.decode(bytes)).toEqual({
      ok: false,
      violated: "Copy command: reserved (cdw2[31:16]) is reserved and must be zero",
      field: "reserved",
    });
  });
  it.each([
    [{ nr: 0 }, "nr must be a whole number from 1 to 256, not 0"],
    [{ nr: 257 }, "nr must be a whole number from 1 to 256, not 257"],
    [{ nr: 1, desfmt: 16 }, "desfmt must be a whole number from 0 to 15, not 16"],
    [{ nr: 1, prinfow: 16 }, "prinfow must be a whole number from 0 to 15, not 16"],
    [
      { nr: 1, lbtu: 2 ** 48 },
      "lbtu must be a whole number from 0 to 281474976710655, not 281474976710656",
    ],
    [{ nr: 1, sdlba: -1 }, "(a bigint above 2^53-1), not -1"],
  ])("refuses %o", (value, message) => {
    expect(() => copyCommand.encode(value)).toThrow(RangeError);
    expect(() => copyCommand.encode(value)).toThrow(message);
  });
  it("carries any 64-bit address, and refuses to round one", () => {
    const bytes = copyCommand.encode({ nr: 1, sdlba: 2n ** 64n - 1n });
    expect(toHex(bytes.subarray(40, 48))).toBe("ffffffffffffffff");
    expect(copyCommand.decode(bytes)).toMatchObject({
      ok: false,
      violated: "Copy command: sdlba (cdw10..11) is above 2^53-1",
    });
  });
});

describe("data of commands", () => {
  it("Dataset Management ranges: nvme dsm --ctx-attrs=0x47,2 --blocks=8,0x10000 --slbs=0x1122334455,9", () => {
    const bytes = fromHex("4700000008000000554433221100000002000000000001000900000000000000");
    const first = { af: 7, al: 0, srr: false, swr: false, wprep: false, casze: 0 };
    // 47h sets bit 6, which Figure 47 reserves: nvme-cli passes on whatever it is given.
    expect(datasetManagementRange.decode(bytes).ok).toBe(false);
    expect(datasetManagementRange.decode(bytes, 0, { lenient: true })).toEqual({
      ok: true,
      value: { ...first, llb: 8, slba: 0x1122334455 },
    });
    const second = { af: 2, llb: 0x10000, slba: 9 };
    expect(toHex(datasetManagementRange.encode(second))).toBe(toHex(bytes.subarray(16)));
  });
  it("Host Behavior Support: bytes 5:4 enable formats 2h to 4h (NVM Express Base 2.1, Figure 407)", () => {
    const bytes = hostBehavior.encode({ acre: 1, lbafee: 1, cdfe: [2, 3, 4] });
    expect(toHex(bytes)).toBe(`010001001c00${"00".repeat(506)}`);
    expect(hostBehavior.decode(bytes)).toMatchObject({ value: { cdfe: [2, 3, 4] } });
  });
  it("SGL descriptors that Linux sends over NVMe/TCP: 01h in the capsule, 5Ah else", () => {
    // linux/drivers/nvme/host/tcp.c: (NVME_SGL_FMT_DATA_DESC << 4) | NVME_SGL_FMT_OFFSET,
    // (NVME_TRANSPORT_SGL_DATA_DESC << 4) | NVME_SGL_FMT_TRANSPORT_A
    expect(toHex(sglDescriptor.encode({ len: 4096, subtype: 1 }))).toBe(
      "00000000000000000010000000000001",
    );
    expect(toHex(sglDescriptor.encode({ len: 4096, type: 5, subtype: 10 }))).toBe(
      "0000000000000000001000000000005a",
    );
  });
});

describe("completions", () => {
  // Linux gives user space status >> 1: 0x4187 is Overlapping I/O Range (SCT 1h, SC 87h) with DNR;
  // in the entry it stands one bit higher, above the phase tag.
  it("status field", () => {
    const hex = `01000000 00000000 0300 0100 3412 ${toHex(Uint8Array.of(0x0f, 0x83))}`;
    const value = {
      dw0: 1,
      dw1: 0,
      sqhd: 3,
      sqid: 1,
      cid: 0x1234,
      p: true,
      sc: 0x87,
      sct: 1,
      crd: 0,
      m: false,
      dnr: true,
    };
    expect(((0x4187 << 1) | 1).toString(16)).toBe("830f");
    expect(completionQueueEntry.decode(fromHex(hex))).toEqual({ ok: true, value });
    expect(toHex(completionQueueEntry.encode(value))).toBe(toHex(fromHex(hex)));
  });
});
