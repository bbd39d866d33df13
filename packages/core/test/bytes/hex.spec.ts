import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../src/bytes/index.ts";

// Goal: whatever a person pastes from a dump tool becomes the bytes that were dumped.
// The dumps were printed by hexdump, xxd and od of Debian 12, and by nvme-cli 2.3's `d()`.

const bytes = Uint8Array.from([...Array(16).keys(), 0x41, 0x42, 0xff]);

describe("fromHex", () => {
  it.each([
    ["plain", "000102030405060708090a0b0c0d0e0f4142ff"],
    [
      "upper case, spaces, newlines",
      "00 01 02 03 04 05 06 07\n08 09 0A 0B 0C 0D 0E 0F\n41 42 FF\n",
    ],
    [
      "0x and commas",
      "0x00, 0x01,0x02,0x03,0x04,0x05,0x06,0x07,0x08,0x09,0x0a,0x0b,0x0c,0x0d,0x0e,0x0f,0x4142ff",
    ],
    [
      "hexdump -C",
      "00000000  00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f  |................|\n" +
        "00000010  41 42 ff                                          |AB.|\n00000013\n",
    ],
    [
      "xxd",
      "00000000: 0001 0203 0405 0607 0809 0a0b 0c0d 0e0f  ................\n" +
        "00000010: 4142 ff                                  AB.\n",
    ],
    [
      "od -A x -t x1",
      "000000 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n000010 41 42 ff\n000013\n",
    ],
    [
      "od -t x1",
      "0000000 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n0000020 41 42 ff\n0000023\n",
    ],
    [
      "nvme-cli",
      '0000: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f "................"\n' +
        '0010: 41 42 ff                                        "AB."\n',
    ],
  ])("reads %s", (_, text) => {
    expect(toHex(fromHex(text))).toBe(toHex(bytes));
  });
  it("reads nothing as no bytes", () => expect(fromHex(" \n").length).toBe(0));
  it.each([
    ["00\nzz", 'hex text, line 2: "zz" is not a whole number of hexadecimal bytes'],
    ["123", 'hex text, line 1: "123" is not a whole number of hexadecimal bytes'],
    [
      "00000000  00\n*\n00000020\n",
      'hex text, line 2: repeated lines are left out ("*"); dump with -v',
    ],
  ])("refuses %j", (text, message) => {
    expect(() => fromHex(text)).toThrow(new SyntaxError(message));
  });
  it("undoes toHex in any grouping", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 5 }), (some, group) => {
        expect(fromHex(toHex(some, { group }))).toEqual(some);
      }),
    );
  });
});

describe("toHex", () => {
  it("groups", () => {
    expect(toHex(bytes.subarray(0, 5), { group: 2 })).toBe("0001 0203 04");
    expect(() => toHex(bytes, { group: 0 })).toThrow(RangeError);
  });
});
