// Goal: TRIM range lists and log pages are laid out as the standards have them. Method: the list that libata's
// ata_format_dsm_trim_descr() makes, offsets that Linux and openSeaChest read, and properties.
import { fromHex, toHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeDsmRanges,
  encodeDsmRanges,
  identifyCapabilities,
  identifyCapacity,
  isChecksumGood,
  logDirectory,
  ncqCommandError,
  pagesOfLog,
} from "../../src/codec/index.ts";

describe("DATA SET MANAGEMENT ranges", () => {
  it("are what libata writes for 70,000 sectors from 64 on", () => {
    // entry = sector | (count << 48), little-endian; at most FFFFh sectors each; zeroes up to 512 bytes.
    const list = encodeDsmRanges("dsm", [
      { lba: 64, blocks: 0xffff },
      { lba: 64 + 0xffff, blocks: 70_000 - 0xffff },
    ]);
    expect(list.length).toBe(512);
    expect(toHex(list.subarray(0, 24), { group: 8 })).toBe(
      "400000000000ffff 3f00010000007111 0000000000000000",
    );
  });

  it("XL: 16 bytes, count in the upper half", () => {
    // openSeaChest, trim_unmap.c: LBA in bytes 0 to 5, count in bytes 8 to 15.
    const list = encodeDsmRanges("dsm-xl", [{ lba: 0x112233445566, blocks: 0x1_0000_0001 }]);
    expect(toHex(list.subarray(0, 16), { group: 8 })).toBe("6655443322110000 0100000001000000");
    expect(list.length).toBe(512);
  });

  it("skip entries without length, and take more pages where they need them", () => {
    const ranges = Array.from({ length: 65 }, (_, i) => ({ lba: i * 10, blocks: 1 }));
    const list = encodeDsmRanges("dsm", ranges);
    expect(list.length).toBe(1024);
    expect(decodeDsmRanges("dsm", list)).toEqual({ ok: true, value: ranges });
  });

  it("name the range that does not fit", () => {
    expect(() => encodeDsmRanges("dsm", [{ lba: 0, blocks: 65_536 }])).toThrow("blocks");
    expect(() => encodeDsmRanges("dsm", [{ lba: 2 ** 48, blocks: 1 }])).toThrow("lba");
  });

  it("never throw on random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(typeof decodeDsmRanges("dsm", bytes).ok).toBe("boolean");
        expect(typeof decodeDsmRanges("dsm-xl", bytes).ok).toBe("boolean");
      }),
    );
  });
});

describe("logs", () => {
  it("directory: word n is the pages of log n", () => {
    const bytes = new Uint8Array(512);
    bytes.set(fromHex("01 00"));
    bytes.set(fromHex("09 00"), 0x30 * 2);
    const decoded = logDirectory.decode(bytes);
    expect(decoded.ok && pagesOfLog(decoded.value, 0x30)).toBe(9);
    expect(decoded.ok && pagesOfLog(decoded.value, 0x10)).toBe(0);
  });

  it("10h: what ata_eh_read_log_10h() looks at", () => {
    // buf[0] tag and NQ, buf[2] status, buf[3] error, buf[4..6] and buf[8..10] LBA, buf[7] device, buf[12..13] count,
    // buf[14..16] sense.
    const bytes = new Uint8Array(512);
    bytes.set(fromHex("1f 00 43 40 66 55 44 40 33 22 11 00 08 00 03 11 00"));
    bytes[511] = 256 - (bytes.reduce((sum, byte) => sum + byte, 0) % 256);
    expect(isChecksumGood(bytes)).toBe(true);
    const decoded = ncqCommandError.decode(bytes);
    expect(decoded.ok && decoded.value).toMatchObject({
      tag: 31,
      notQueued: false,
      status: [0, 1, 6],
      error: [6],
      lba: 0x112233445566,
      count: 8,
      senseKey: 3,
      asc: 0x11,
    });
  });

  it("30h page 02h: the buffer's size is in bytes 32 to 39, valid by bit 63", () => {
    const bytes = new Uint8Array(512);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, (1n << 63n) | 0x020001n, true);
    view.setBigUint64(8, (1n << 63n) | 131_072n, true);
    view.setBigUint64(32, (1n << 63n) | 8_388_608n, true);
    const decoded = identifyCapacity.decode(bytes);
    expect(decoded.ok && decoded.value).toMatchObject({
      page: 2,
      sectors: 131_072,
      bufferBytes: 8_388_608n,
      bufferBytesValid: true,
    });
  });

  it("30h page 03h: bits 48 and 50 of qword 1 are ZERO EXT and DATA SET MANAGEMENT XL", () => {
    const bytes = new Uint8Array(512);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, (1n << 63n) | 0x030001n, true);
    view.setBigUint64(8, (1n << 63n) | (1n << 50n) | (1n << 48n), true);
    const decoded = identifyCapabilities.decode(bytes);
    expect(decoded.ok && decoded.value).toMatchObject({
      zeroExt: true,
      dsmXl: true,
      setSectorConfiguration: false,
    });
  });
});
