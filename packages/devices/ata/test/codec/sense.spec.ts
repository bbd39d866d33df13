// Goal: sense data of both formats is understood as Linux returns it. Method: captured sense data, and sg_decode_sense.
import { fromHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isGood, parseSense, statusReturn } from "../../src/codec/index.ts";
import { hasTool, runTool } from "../support/outside-tool.ts";

/** Sense data is good, and this is in it. */
function parsed(hex: string, options = {}) {
  const decoded = parseSense(fromHex(hex), options);
  if (!decoded.ok) throw new Error(decoded.violated ?? `needs ${decoded.need}`);
  return decoded.value;
}

// All captured: QEMU 7.2 behind Linux 6.12.
describe("parseSense", () => {
  it("fixed format: an abort, with registers", () => {
    const sense = parsed("f0 00 0b 04 41 40 01 0a 80 e8 03 00 00 00 00 00 00 00");
    expect(sense).toEqual({
      format: "fixed",
      deferred: false,
      senseKey: 0xb,
      asc: 0,
      ascq: 0,
      registers: {
        error: 0x04,
        status: 0x41,
        device: 0x40,
        count: 1,
        lba: 1000,
        extend: true,
        whole: true,
      },
    });
  });

  it("fixed format: says that the upper half of an address is lost", () => {
    const sense = parsed("f0 00 0b 04 41 40 08 0a a0 00 00 00 00 00 00 00 00 00");
    expect(sense.registers).toMatchObject({ lba: 0, count: 8, whole: false });
  });

  it("fixed format: a field of the CDB", () => {
    const hex = "70 00 05 00 00 00 00 12 00 00 00 00 24 00 00 c0 00 02 00 00 00 00 00 00 00 00";
    const sense = parsed(hex);
    expect(sense).toMatchObject({ senseKey: 5, asc: 0x24, fieldPointer: 2 });
    expect(sense.registers).toBeUndefined();
  });

  it("fixed format: ATA PASS-THROUGH(32) returns an address, not registers", () => {
    const hex = "f0 00 0b 00 00 03 e8 0a 00 00 00 00 00 00 00 00 00 00";
    expect(parsed(hex, { hasRegisters: false })).toMatchObject({ information: 1000 });
    expect(parsed(hex, { hasRegisters: false }).registers).toBeUndefined();
  });

  it("descriptor format: registers whole", () => {
    const hex = "72 0b 00 00 00 00 00 0e 09 0c 01 04 00 01 33 66 22 55 11 44 40 41";
    expect(parsed(hex).registers).toEqual({
      error: 0x04,
      status: 0x41,
      device: 0x40,
      count: 1,
      lba: 0x112233445566,
      extend: true,
      whole: true,
    });
  });

  it("descriptor format: an address, and a field of the CDB", () => {
    const address = "72 0b 00 00 00 00 00 0c 00 0a 80 00 00 00 11 22 33 44 55 66";
    expect(parsed(address).information).toBe(0x112233445566);
    const field = "72 05 24 00 00 00 00 08 02 06 00 00 c0 00 02 00";
    expect(parsed(field).fieldPointer).toBe(2);
  });

  it("takes a PIO read that Linux calls aborted for what it is", () => {
    const sense = parsed("f0 00 0b 00 58 00 01 0a 00 00 00 00 00 00 00 00 00 00");
    expect(sense.senseKey).toBe(0xb);
    expect(isGood(sense.registers as { status: number })).toBe(true);
    expect(isGood({ status: 0x41 })).toBe(false);
    expect(isGood({ status: 0x60 })).toBe(false);
  });

  it("refuses what is no sense data, and asks for what is missing", () => {
    expect(parseSense(fromHex("7f 00 00 00 00 00 00 00"))).toMatchObject({ field: "responseCode" });
    expect(parseSense(fromHex("72 01 00 1d 00 00 00 0e 09 0c"))).toEqual({ ok: false, need: 12 });
    expect(parseSense(fromHex("72 01 00 1d 00 00 00 04 09 0c 00 00"))).toMatchObject({
      violated: "Descriptor format sense data: the descriptor at byte 8 is cut off",
    });
  });

  it("never throws on random bytes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0x70, 0x71, 0x72, 0x73, 0xf0, 0xf2, 0x00),
        fc.uint8Array({ maxLength: 60 }),
        (code, rest) => {
          const bytes = Uint8Array.from([code, ...rest]);
          expect(typeof parseSense(bytes).ok).toBe("boolean");
          expect(typeof parseSense(bytes, { hasRegisters: false }).ok).toBe("boolean");
        },
      ),
      { numRuns: 1000 },
    );
  });
});

const hasReferee = hasTool("sg_decode_sense", ["-V"]);
describe.skipIf(!hasReferee)(
  `sg_decode_sense${hasReferee ? "" : " (sg3-utils is missing)"}`,
  () => {
    it("reads our descriptor as we mean it", () => {
      const descriptor = statusReturn.encode({
        extend: true,
        error: [2],
        count: 1,
        lba: 0x112233445566,
        device: 0x40,
        status: [6, 0],
      });
      const bytes = [0x72, 0x0b, 0, 0, 0, 0, 0, descriptor.length, ...descriptor];
      const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
      const said = runTool("sg_decode_sense", hex).replaceAll(/\s+/g, " ");
      expect(said).toContain("ATA Status Return: extend=1 error=0x4");
      expect(said).toContain("count=0x1 lba=0x112233445566 device=0x40 status=0x41");
    });
  },
);
