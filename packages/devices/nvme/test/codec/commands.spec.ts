import { type AnyStructure, fromHex, toHex } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import {
  completionQueueEntry,
  copyCommand,
  datasetManagementRange,
  genericCommand,
  hostBehavior,
  sglDescriptor,
} from "../../src/codec/index.ts";
import { nvmeCliCommands } from "../support/nvme-cli-commands.ts";

// Goal: commands are the bytes that another implementation sends for the same request.
// Method: bytes of nvme-cli (support/nvme-cli-commands.ts), and of the figures of the standard.

/** A full value: what was left out is what decodes from nothing. */
function full(structure: AnyStructure, value: Record<string, unknown>): object {
  const blank = structure.decode(new Uint8Array(structure.size), 0, { lenient: true });
  return { ...(blank as { value: object }).value, ...value };
}

describe("commands", () => {
  it.each(nvmeCliCommands)("nvme %s", (_, structure, value, hex) => {
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
