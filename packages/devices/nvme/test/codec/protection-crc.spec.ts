// The three guard CRCs against published vectors, and against the bit-by-bit definition for every length that crosses
// a step of eight bytes.
import { describe, expect, it } from "vitest";
import {
  crc16T10,
  crc32c,
  crc64Nvme,
  crc64NvmeStart,
  crc64NvmeUpdate,
} from "../../src/codec/protection/index.ts";

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const filled = (length: number, byteAt: (index: number) => number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => byteAt(index) & 0xff);

/** Bit by bit, as the Rocksoft model defines it. */
function slowCrc(
  bytes: Uint8Array,
  width: bigint,
  polynomial: bigint,
  ones: bigint,
  reflected: boolean,
): bigint {
  const mask = (1n << width) - 1n;
  let crc = ones;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit += 1) {
      const next = BigInt((byte >> (reflected ? bit : 7 - bit)) & 1);
      const top = (crc >> (width - 1n)) & 1n;
      crc = (crc << 1n) & mask;
      if (top !== next) crc ^= polynomial;
    }
  }
  if (!reflected) return crc ^ ones;
  let mirrored = 0n;
  for (let bit = 0n; bit < width; bit += 1n) {
    mirrored |= ((crc >> bit) & 1n) << (width - 1n - bit);
  }
  return mirrored ^ ones;
}

describe("CRC-16 of the 16-bit guard", () => {
  // "Catalogue of parametrised CRC algorithms", CRC-16/T10-DIF: check d0db.
  it("has the catalogue's check value", () => {
    expect(crc16T10(ascii("123456789"))).toBe(0xd0db);
  });

  // SBC-3, "CRC test cases" of the logical block guard.
  it.each([
    ["32 bytes of 00h", filled(32, () => 0), 0x0000],
    ["32 bytes of FFh", filled(32, () => 0xff), 0xa293],
    ["00h to 1Fh", filled(32, (index) => index), 0x0224],
    ["FFh FFh and 30 bytes of 00h", filled(32, (index) => (index < 2 ? 0xff : 0)), 0x21b8],
    ["FFh down to E0h", filled(32, (index) => 0xff - index), 0xa0b7],
  ])("%s", (_, bytes, crc) => {
    expect(crc16T10(bytes)).toBe(crc);
  });

  it("equals the definition at every length", () => {
    for (let length = 0; length < 40; length += 1) {
      const bytes = filled(length, (index) => index * 73 + length);
      expect(BigInt(crc16T10(bytes))).toBe(slowCrc(bytes, 16n, 0x8bb7n, 0n, false));
      const half = length >> 1;
      expect(crc16T10(bytes, half, length, crc16T10(bytes, 0, half))).toBe(crc16T10(bytes));
    }
  });
});

describe("CRC-32C of the 32-bit guard", () => {
  // RFC 3720, appendix B.4 (bytes on the wire there; most significant first here).
  it.each([
    ["32 bytes of 00h", filled(32, () => 0), 0x8a9136aa],
    ["32 bytes of FFh", filled(32, () => 0xff), 0x62a8ab43],
    ["00h to 1Fh", filled(32, (index) => index), 0x46dd794e],
    ["1Fh down to 00h", filled(32, (index) => 31 - index), 0x113fdb5c],
    // "Catalogue of parametrised CRC algorithms", CRC-32/ISCSI: check e3069283.
    ["the digits 1 to 9", ascii("123456789"), 0xe3069283],
  ])("%s", (_, bytes, crc) => {
    expect(crc32c(bytes)).toBe(crc);
  });

  it("equals the definition at every length", () => {
    for (let length = 0; length < 40; length += 1) {
      const bytes = filled(length, (index) => index * 91 + length);
      expect(BigInt(crc32c(bytes))).toBe(slowCrc(bytes, 32n, 0x1edc6f41n, 0xffffffffn, true));
      const half = length >> 1;
      expect(crc32c(bytes, half, length, crc32c(bytes, 0, half))).toBe(crc32c(bytes));
    }
  });
});

describe("CRC-64 of the 64-bit guard", () => {
  // "Catalogue of parametrised CRC algorithms", CRC-64/NVME: check ae8b14860a799888 (the check value printed in the
  // specification's parameter table, 11199e506128d175h, does not agree with the specification's own test cases).
  it("has the catalogue's check value", () => {
    expect(crc64Nvme(ascii("123456789"))).toBe(0xae8b14860a799888n);
  });

  // NVM Command Set Specification 1.2, section 5.3.1.3, test cases of 4 KiB.
  it.each([
    ["4 KiB of 00h", filled(4096, () => 0), 0x6482d367eb22b64en],
    ["4 KiB of FFh", filled(4096, () => 0xff), 0xc0ddba7302eca3acn],
    ["4 KiB counting up", filled(4096, (index) => index), 0x3e729f5f6750449cn],
    ["4 KiB counting down", filled(4096, (index) => 0xff - index), 0x9a2df64b8e9e517en],
  ])("%s", (_, bytes, crc) => {
    expect(crc64Nvme(bytes)).toBe(crc);
  });

  it("equals the definition at every length", () => {
    const ones = (1n << 64n) - 1n;
    for (let length = 0; length < 40; length += 1) {
      const bytes = filled(length, (index) => index * 57 + length);
      expect(crc64Nvme(bytes)).toBe(slowCrc(bytes, 64n, 0xad93d23594c93659n, ones, true));
      const state = crc64NvmeStart();
      crc64NvmeUpdate(state, bytes, 0, length >> 1);
      crc64NvmeUpdate(state, bytes, length >> 1, length);
      const whole = crc64NvmeStart();
      crc64NvmeUpdate(whole, bytes);
      expect(state).toEqual(whole);
    }
  });
});
