// Goal: frame information structures have every field at its place. Method: bytes written down from the figures of Serial
// ATA 3.2 and from libata's ata_tf_to_fis()/ata_tf_from_fis() byte numbers, a FIS that Linux returned, and properties.
import { fromHex, toHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressOf,
  decodeFis,
  decodeTaskFile,
  pioSetup,
  registerDeviceToHost,
  registerHostToDevice,
  setDeviceBits,
  taskFile28,
  taskFileFis,
} from "../../src/codec/index.ts";

describe("Register Host to Device", () => {
  // ata_tf_to_fis(): 27h, C, command, feature, lbal, lbam, lbah, device, hob_lbal, hob_lbam, hob_lbah, hob_feature,
  // nsect, hob_nsect, 0, control, auxiliary in little-endian order.
  const wire = "27 80 64 34 66 55 44 40 33 22 11 12 78 56 00 00 0d 0c 0b 0a";
  const taskFile = {
    command: 0x64,
    feature: 0x1234,
    lba: 0x112233445566,
    device: 0x40,
    count: 0x5678,
    icc: 0,
    auxiliary: 0x0a0b0c0d,
  };

  it("encodes", () => expect(toHex(taskFileFis(taskFile), { group: 1 })).toBe(wire));
  it("decodes", () => expect(decodeTaskFile(fromHex(wire))).toEqual({ ok: true, value: taskFile }));

  it("keeps bits 27:24 of a 28-bit address in DEVICE", () => {
    // ata_build_rw_tf(): tf->device |= (block >> 24) & 0xf
    const fis = taskFileFis(taskFile28(0xc8, 0x0abcdef, 256));
    expect(toHex(fis.subarray(0, 14), { group: 1 })).toBe(
      "27 80 c8 00 ef cd ab 40 00 00 00 00 00 00",
    );
    const high = taskFile28(0xca, 0xfabcdef, 1);
    expect(high.device).toBe(0x4f);
    const decoded = decodeTaskFile(taskFileFis(high));
    expect(decoded.ok && addressOf(decoded.value, false)).toBe(0xfabcdef);
    expect(() => taskFile28(0xc8, 2 ** 28, 1)).toThrow("0..268435455, not 268435456");
    expect(() => taskFile28(0xc8, 0, 257)).toThrow("1..256, not 257");
  });

  it("refuses what a field cannot hold, by its name", () => {
    expect(() => taskFileFis({ command: 0x25, lba: 2 ** 48 })).toThrow("lba");
    expect(() => taskFileFis({ command: 0x25, count: 65_536 })).toThrow("count");
  });

  it("round trips", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        bytes[0] = 0x27;
        bytes[1] &= 0x8f;
        const decoded = registerHostToDevice.decode(bytes);
        expect(decoded.ok && toHex(registerHostToDevice.encode(decoded.value))).toBe(toHex(bytes));
      }),
    );
  });
});

describe("Register Device to Host", () => {
  it("decodes the signature that Linux shows in VPD page 89h", () => {
    // libata sets bit 7 of byte 1, which the figure reserves.
    const bytes = fromHex("34 80 40 00 01 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00");
    expect(registerDeviceToHost.decode(bytes).ok).toBe(false);
    const decoded = registerDeviceToHost.decode(bytes, 0, { lenient: true });
    expect(decoded.ok && decoded.value).toMatchObject({ status: [6], error: [], lba: 1, count: 1 });
  });

  it("puts the upper half of an address into bytes 8 to 10", () => {
    const value = {
      i: true,
      status: [6, 0],
      error: [2],
      lba: 0x112233445566,
      device: 0x40,
      count: 1,
    };
    expect(toHex(registerDeviceToHost.encode(value), { group: 1 })).toBe(
      "34 40 41 04 66 55 44 40 33 22 11 00 01 00 00 00 00 00 00 00",
    );
  });
});

describe("the others", () => {
  it("Set Device Bits says which tags have ended", () => {
    // AHCI 1.3.1, 4.2.1: A1h, I in bit 6, Status Lo and Hi, Error, SActive.
    const decoded = setDeviceBits.decode(fromHex("a1 40 50 00 02 00 00 80"));
    expect(decoded.ok && decoded.value).toMatchObject({
      i: true,
      statusHigh: [0, 2],
      completed: [1, 31],
    });
  });

  it("PIO Setup has two states and a length", () => {
    // ata_fis type 5Fh in QEMU's ahci_write_fis_pio(): status 58h, E_STATUS 50h, 512 bytes.
    const decoded = pioSetup.decode(
      fromHex("5f 60 58 00 00 00 00 40 00 00 00 00 01 00 00 50 00 02 00 00"),
    );
    expect(decoded.ok && decoded.value).toMatchObject({
      status: [3, 4, 6],
      endingStatus: [4, 6],
      transferCount: 512,
      d: true,
    });
  });

  it("are told apart by their first byte", () => {
    expect(decodeFis(fromHex("39 00 00 00")).ok).toBe(true);
    expect(decodeFis(fromHex("46 00 00 00")).ok).toBe(true);
    expect(decodeFis(fromHex("55 00 00 00"))).toMatchObject({
      violated: "FIS: type 55h is not known",
    });
    expect(decodeFis(new Uint8Array())).toEqual({ ok: false, need: 4 });
  });

  it("never throw on random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(typeof decodeFis(bytes).ok).toBe("boolean");
      }),
      { numRuns: 500 },
    );
  });
});
