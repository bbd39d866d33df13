import { fromHex, toHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeSourceRanges,
  encodeSourceRanges,
  guessSourceRangeFormat,
  type SourceRangeInput,
  sourceRangeBytes,
  type TagByteOrderName,
  tagByteOrder,
  tagByteOrders,
} from "../../src/codec/index.ts";

// Goal: lists of source range entries are the bytes that each peer writes and reads.

const plain = { snsid: 0, cetype: 0, cev: 0, fco: false };
const peers = Object.keys(tagByteOrders) as TagByteOrderName[];

describe("bytes of other implementations", () => {
  // nvme-cli 2.3 (Debian 12): `nvme copy --slbs=0x1122334455,7 --blocks=0,63
  // --expected-ref-tags=0x01020304,0xa0b0c0d --expected-app-tags=0x1111,0x3333
  // --expected-app-tag-masks=0x2222,0x4444`, second entry as handed to ioctl().
  const second = "0000000000000000 0700000000000000 3f00000000000000 0d0c0b0a 4444 3333";
  const range = { slba: 7, nlb: 64, elbt: 0x0a0b0c0dn, elbat: 0x3333, elbatm: 0x4444 };

  it("nvme-cli 2.3, format 0h", () => {
    const options = { tagByteOrder: "nvme-cli-2.3" } as const;
    expect(toHex(encodeSourceRanges(0, [range], options))).toBe(toHex(fromHex(second)));
    expect(decodeSourceRanges(0, fromHex(second), options)).toEqual({
      ok: true,
      value: [{ ...plain, ...range }],
    });
  });
  it("nvme-cli 2.3, format 0h, read by anybody else: tag and mask change places", () => {
    expect(decodeSourceRanges(0, fromHex(second))).toMatchObject({
      value: [{ elbat: 0x4444, elbatm: 0x3333 }],
    });
  });
  // The first entry of the same list has stack garbage in its reserved bytes 7:0 ("/tmp/fak").
  it("nvme-cli 2.3 leaves reserved bytes as they were: refused by name, unless lenient", () => {
    const first = "2f746d702f66616b 5544332211000000 0000000000000000 04030201 2222 1111";
    expect(decodeSourceRanges(0, fromHex(second + first))).toEqual({
      ok: false,
      violated:
        "Source Range 1: Source Range entry 0h: reserved (bytes 03:00) is reserved and must be zero",
      field: "[1].reserved",
    });
    const lenient = decodeSourceRanges(0, fromHex(first), { lenient: true });
    expect(lenient).toMatchObject({ value: [{ slba: 0x1122334455, nlb: 1, elbt: 0x01020304n }] });
  });
  it("nvme-cli 2.3, format 1h: only the lowest byte of ELBT, at its byte 2", () => {
    // `nvme copy --format=1 --slbs=100 --blocks=7 --expected-ref-tags=0x0102030405060708
    // --expected-app-tags=0x1234 --expected-app-tag-masks=0x00ff`, reserved bytes 7:0 cleared.
    const hex =
      "0000000000000000 6400000000000000 0700000000000000 0000 00000800000000000000 ff00 3412";
    const options = { tagByteOrder: "nvme-cli-2.3" } as const;
    const cut = { slba: 100, nlb: 8, elbt: 8n, elbat: 0x1234, elbatm: 0xff };
    expect(decodeSourceRanges(1, fromHex(hex), options)).toEqual({
      ok: true,
      value: [{ ...plain, ...cut }],
    });
    expect(toHex(encodeSourceRanges(1, [cut], options))).toBe(toHex(fromHex(hex)));
    const whole = { ...cut, elbt: 0x0102030405060708n };
    expect(() => encodeSourceRanges(1, [whole], options)).toThrow(
      "Source Range entry 1h: elbt must be a whole number from 0 to 255 in this tag byte order",
    );
  });
});

describe("ELBT, ELBAT and ELBATM by peer", () => {
  // Format 0h: reference tag 256 works on QEMU 10 as 00010000h and fails as 00000100h (measured).
  // Format 1h: QEMU 10 `nvme_copy_source_range_parse_format1_3` reads 6 bytes big-endian from byte
  // 4 of ELBT; libnvme 1.4 `nvme_init_copy_range_f1` writes 8 bytes big-endian from its byte 2.
  it.each<[TagByteOrderName, number, bigint, string]>([
    ["standard", 0, 256n, "00010000 3412 ff00"],
    ["qemu", 0, 256n, "00010000 3412 ff00"],
    ["libnvme-1.4", 0, 256n, "00010000 3412 ff00"],
    ["spdk", 2, 256n, "00010000 3412 ff00"],
    ["nvme-cli-3.0-rc1", 0, 256n, "00000100 1234 00ff"],
    ["nvme-cli-3.0-rc1", 2, 256n, "00000100 1234 00ff"],
    ["standard", 1, 0x0a090807060504030201n, "0102030405060708090a 3412 ff00"],
    ["qemu", 1, 0x030405060708n, "00000000030405060708 3412 ff00"],
    ["qemu", 3, 0x030405060708n, "00000000030405060708 3412 ff00"],
    ["libnvme-1.4", 1, 0x0102030405060708n, "00000102030405060708 3412 ff00"],
    ["nvme-cli-3.0-rc1", 3, 0x0102030405060708n, "00000102030405060708 1234 00ff"],
  ])("%s, format %ih, ELBT %i", (peer, format, elbt, hex) => {
    const range = { nlb: 1, elbt, elbat: 0x1234, elbatm: 0x00ff };
    const bytes = encodeSourceRanges(format, [range], { tagByteOrder: peer });
    const wanted = fromHex(hex);
    expect(toHex(bytes.subarray(bytes.length - wanted.length))).toBe(toHex(wanted));
    expect(decodeSourceRanges(format, bytes, { tagByteOrder: peer })).toMatchObject({
      value: [range],
    });
  });
  it("flags bytes of ELBT that the peer would not read", () => {
    const bytes = encodeSourceRanges(1, [{ nlb: 1, elbt: 2n ** 63n }], {
      tagByteOrder: "libnvme-1.4",
    });
    expect(decodeSourceRanges(1, bytes)).toMatchObject({
      violated: expect.stringContaining("elbt has bytes that this tag byte order leaves zero"),
    });
    expect(decodeSourceRanges(1, bytes, { lenient: true }).ok).toBe(true);
    expect(() => encodeSourceRanges(1, [{ nlb: 1, elbt: 2n ** 48n }])).toThrow(RangeError);
  });
  it("takes an order of one's own, and refuses unknown names", () => {
    expect(tagByteOrder(tagByteOrders.qemu)).toBe(tagByteOrders.qemu);
    expect(() => tagByteOrder("toString" as never)).toThrow(/there are standard, qemu/);
  });
});

describe("formats", () => {
  it("entries are as long as NVM Command Set 1.2, Figures 39 and 40 say", () => {
    expect([0, 1, 2, 3].map(sourceRangeBytes)).toEqual([32, 40, 32, 40]);
    const ranges = Array.from({ length: 256 }, (_, i) => ({ slba: i * 8, nlb: 8 }));
    expect(encodeSourceRanges(0, ranges).length).toBe(8192);
    expect(encodeSourceRanges(3, ranges).length).toBe(10240);
  });
  it("2h: SNSID at 3:0, FCO is bit 15 of SOPT at 23:22 (Figure 39)", () => {
    const bytes = encodeSourceRanges(2, [{ snsid: 0x01020304, slba: 5, nlb: 6, fco: true }]);
    const hex = "0403020100000000 0500000000000000 0500000000000080 0000000000000000";
    expect(toHex(bytes)).toBe(toHex(fromHex(hex)));
  });
  it("0h and 1h have no SNSID and no FCO", () => {
    expect(() => encodeSourceRanges(0, [{ snsid: 2, nlb: 1 }])).toThrow(/no field "snsid"/);
    expect(() => encodeSourceRanges(1, [{ fco: true, nlb: 1 }])).toThrow(/no field "fco"/);
    expect(encodeSourceRanges(0, [{ snsid: 0, fco: false, nlb: 1 }]).length).toBe(32);
  });
  it("4h is refused by name, and so are the reserved ones", () => {
    for (const use of [
      (format: number) => encodeSourceRanges(format, []),
      (format: number) => decodeSourceRanges(format, new Uint8Array(32)),
    ]) {
      expect(() => use(4)).toThrow(
        "Copy descriptor format 4h is not supported: " +
          "its entries are bytes of subsystem local memory, not logical blocks",
      );
      expect(() => use(5)).toThrow(
        "Copy descriptor format 5h is not supported: the standard reserves it",
      );
    }
  });
  it("says how many bytes the last entry lacks", () => {
    expect(decodeSourceRanges(0, new Uint8Array(40))).toEqual({ ok: false, need: 24 });
  });
  it.each([
    [{ nlb: 0 }, "nlb must be a whole number from 1 to 65536, not 0"],
    [{ nlb: 65537 }, "nlb must be a whole number from 1 to 65536, not 65537"],
    [{ nlb: 1, elbat: 65536 }, "elbat must be a whole number from 0 to 65535"],
    [{ nlb: 1, elbt: 2n ** 32n }, "elbt must be a whole number from 0 to 4294967295"],
    [{ nlb: 1, cetype: 16 }, "cetype must be a whole number from 0 to 15, not 16"],
  ])("refuses %o", (range, message) => {
    expect(() => encodeSourceRanges(0, [range])).toThrow(RangeError);
    expect(() => encodeSourceRanges(0, [range])).toThrow(message);
  });
});

describe("any list", () => {
  const ranges = (format: number, most: bigint): fc.Arbitrary<SourceRangeInput[]> =>
    fc.array(
      fc.record({
        snsid: format < 2 ? fc.constant(0) : fc.nat(0xffff_ffff),
        slba: fc.maxSafeNat(),
        nlb: fc.integer({ min: 1, max: 65536 }),
        cetype: fc.nat(15),
        cev: fc.nat(0xffff),
        fco: format < 2 ? fc.constant(false) : fc.boolean(),
        elbt: fc.bigInt({ min: 0n, max: most }),
        elbat: fc.nat(0xffff),
        elbatm: fc.nat(0xffff),
      }),
      { maxLength: 5 },
    );

  it.each(peers.flatMap((peer) => [0, 1, 2, 3].map((format) => [peer, format] as const)))(
    "survives a round trip in the order of %s, format %ih",
    (peer, format) => {
      const width = format % 2 === 0 ? 32 : tagByteOrders[peer].elbt80.bytes * 8;
      fc.assert(
        fc.property(ranges(format, 2n ** BigInt(width) - 1n), (list) => {
          const bytes = encodeSourceRanges(format, list, { tagByteOrder: peer });
          expect(bytes.length).toBe(list.length * sourceRangeBytes(format));
          expect(decodeSourceRanges(format, bytes, { tagByteOrder: peer })).toEqual({
            ok: true,
            value: list,
          });
        }),
        { numRuns: 25 },
      );
    },
  );
  it("any bytes give a value, a need, or a rule", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 130 }),
        fc.nat(3),
        fc.constantFrom(...peers),
        (bytes, format, peer) => {
          for (const lenient of [false, true]) {
            const decoded = decodeSourceRanges(format, bytes, { tagByteOrder: peer, lenient });
            if (decoded.ok)
              expect(decoded.value.length).toBe(bytes.length / sourceRangeBytes(format));
            else expect(decoded.need ?? decoded.violated).toBeTruthy();
          }
        },
      ),
    );
  });
  it("shows its format by its bytes, as far as they do", () => {
    const list = (format: number, range: SourceRangeInput): Uint8Array =>
      encodeSourceRanges(format, [range, range, range]);
    expect(guessSourceRangeFormat(list(0, { nlb: 1 }))).toBe(0);
    expect(guessSourceRangeFormat(list(1, { nlb: 1 }))).toBe(1);
    expect(guessSourceRangeFormat(list(2, { snsid: 1, nlb: 1 }))).toBe(2);
    expect(guessSourceRangeFormat(list(3, { snsid: 1, nlb: 1 }))).toBe(3);
    expect(guessSourceRangeFormat(new Uint8Array(31))).toBeUndefined();
    expect(guessSourceRangeFormat(new Uint8Array(0))).toBeUndefined();
  });
});
