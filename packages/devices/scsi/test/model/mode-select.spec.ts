// Goal: MODE SELECT sets D_SENSE of the Control mode page, unit by unit, and nothing else (SPC-4 revision 37, 6.11, 6.12,
// 7.5.8). Method: lists byte by byte.
import { describe, expect, it } from "vitest";
import { profiles } from "../../src/model/index.ts";
import { modeSense6, modeSense10, read10, testUnitReady } from "./commands.ts";
import { rig } from "./rig.ts";

const PF = 0x10;
const select6 = (length: number, byte1 = PF): number[] => [0x15, byte1, 0, 0, length, 0];
const select10 = (length: number, byte1 = PF): number[] => [
  ...[0x55, byte1, 0, 0, 0, 0, 0],
  ...[0, length, 0],
];
/** The Control mode page of the ideal target: GLTSD, QUEUE ALGORITHM MODIFIER 1; D_SENSE is bit 2 of byte 2. */
const page = (byte2: number): number[] => [0x0a, 0x0a, byte2, 0x10, 0, 0, 0, 0, 0, 0, 0, 0];
const [FIXED, DESCRIPTOR] = [page(0x02), page(0x06)];
const header6 = [0, 0, 0, 0];
const header10 = [0, 0, 0, 0, 0, 0, 0, 0];
/** MODE SENSE(6), no block descriptors (DBD): the page after four bytes. */
const controlPage = (one: ReturnType<typeof rig>, control = 0): number[] => [
  ...one.send(modeSense6(control * 0x40 + 0x0a, 0x08), { room: 255 }).data.subarray(4),
];
const list = (...bytes: readonly (readonly number[])[]): Uint8Array =>
  Uint8Array.from(bytes.flat());
/** RESPONSE CODE of the sense data of a read behind the end; VALID is above it. */
const responseCode = (one: ReturnType<typeof rig>, lun = 0): number =>
  one.send(read10(0xffff_fff0, 1), { lun, room: 512 }).senseBytes[0] % 0x80;

describe("MODE SELECT", () => {
  it.each([
    ["(6)", select6(16), list(header6, DESCRIPTOR)],
    ["(10)", select10(20), list(header10, DESCRIPTOR)],
  ])("%s sets D_SENSE of its unit, and a reset takes it back", (_name, cdb, out) => {
    const one = rig();
    expect(responseCode(one)).toBe(0x70);
    expect(one.send(cdb, { out })).toMatchObject({ status: 0, moved: out.length });
    expect(responseCode(one)).toBe(0x72);
    expect(responseCode(one, 1)).toBe(0x70);
    expect(controlPage(one)).toEqual(DESCRIPTOR);
    // PC 1: changeable values; PC 2: defaults.
    expect(controlPage(one, 1)).toEqual([0x0a, 0x0a, 0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(controlPage(one, 2)).toEqual(FIXED);
    one.model.reset();
    expect(one.send(testUnitReady()).sense).toBe("6/29/00");
    expect(responseCode(one)).toBe(0x70);
    one.send(cdb, { out });
    expect(responseCode(one)).toBe(0x72);
    one.model.resetUnit(0);
    expect(one.send(testUnitReady()).sense).toBe("6/29/03");
    expect(controlPage(one)).toEqual(FIXED);
  });

  it("clears D_SENSE of a unit that has it from the beginning", () => {
    const one = rig({ units: [{ descriptorSense: true }] });
    expect(responseCode(one)).toBe(0x72);
    expect(controlPage(one, 2)).toEqual(DESCRIPTOR);
    expect(one.send(select6(16), { out: list(header6, FIXED) }).status).toBe(0);
    expect(responseCode(one)).toBe(0x70);
  });

  it("tells other initiators, and only of a change: MODE PARAMETERS CHANGED", () => {
    const one = rig();
    const other = { initiator: "other" };
    expect(one.send(testUnitReady(), other).status).toBe(0);
    one.send(select6(16), { out: list(header6, FIXED) });
    expect(one.send(testUnitReady(), other).sense).toBe("");
    one.send(select6(16), { out: list(header6, DESCRIPTOR) });
    const told = one.send(testUnitReady(), other);
    expect(told.sense).toBe("6/2A/01");
    expect(told.senseBytes[0]).toBe(0x72);
    expect(one.send(testUnitReady()).sense).toBe("");
    expect(one.send(testUnitReady(), { ...other, lun: 1 }).sense).toBe("");
  });

  it("takes a block descriptor that says what is so, and what MODE SENSE gave", () => {
    const one = rig();
    const descriptor = [0, 0, 8, 0, 0, 0, 2, 0];
    const out = list([0, 0, 0, 8], descriptor, DESCRIPTOR);
    expect(one.send(select6(24), { out }).status).toBe(0);
    const data = one.send(modeSense10(0x3f), { room: 4096 }).data;
    data.set([0, 0]); // MODE DATA LENGTH is reserved (SPC-4 7.5.5)
    data[3] = 0; // DEVICE-SPECIFIC PARAMETER
    expect(one.send(select10(data.length), { out: data })).toMatchObject({ status: 0, sense: "" });
    expect(controlPage(one)).toEqual(DESCRIPTOR);
  });

  it("of an empty list changes nothing", () => {
    expect(rig().send(select6(0)).status).toBe(0);
  });

  // SKSV, C/D, BPV and BIT POINTER, FIELD POINTER: bytes 15 to 17 of fixed format (SPC-4 4.5.2.4.2).
  const caching = [0x08, 0x12, 0x00, ...new Array<number>(17).fill(0)];
  it.each<[string, number[], Uint8Array, string, string]>([
    ["without PF", select6(16, 0), list(header6, DESCRIPTOR), "5/24/00", "cc0001"],
    ["that saves", select6(16, 0x11), list(header6, DESCRIPTOR), "5/24/00", "c80001"],
    ["that reverts", select6(16, 0x12), list(header6, DESCRIPTOR), "5/24/00", "c90001"],
    ["of RLEC", select6(16), list(header6, page(0x07)), "5/26/00", "800006"],
    ["without GLTSD", select10(20), list(header10, page(0x04)), "5/26/00", "80000a"],
    ["that switches the cache off", select6(24), list(header6, caching), "5/26/00", "800006"],
    ["with PS", select6(16), list(header6, [0x8a], DESCRIPTOR.slice(1)), "5/26/00", "8f0004"],
    ["of a subpage", select6(16), list(header6, [0x4a], DESCRIPTOR.slice(1)), "5/26/00", "8d0004"],
    ["of no page", select6(16), list(header6, [0x0b], DESCRIPTOR.slice(1)), "5/26/00", "8d0004"],
    [
      "of another length",
      select6(16),
      list(header6, [0x0a, 8], page(6).slice(2)),
      "5/26/00",
      "800005",
    ],
    [
      "of longer blocks",
      select6(12),
      list([0, 0, 0, 8], [0, 0, 8, 0, 0, 0, 16, 0]),
      "5/26/00",
      "800009",
    ],
    ["with half a descriptor", select6(8), list([0, 0, 0, 4], [0, 0, 0, 0]), "5/26/00", "800003"],
    ["cut in the header", select6(3), list([0, 0, 0]), "5/1A/00", "000000"],
    ["cut in the descriptor", select6(8), list([0, 0, 0, 8], [0, 0, 0, 0]), "5/1A/00", "000000"],
    ["cut in the page", select6(10), list(header6, DESCRIPTOR.slice(0, 6)), "5/1A/00", "000000"],
    ["cut in the page's header", select6(5), list(header6, [0x0a]), "5/1A/00", "000000"],
    ["of less than was announced", select6(16), list(header6), "5/1A/00", "000000"],
  ])("%s is refused, and nothing is set", (_name, cdb, out, sense, pointer) => {
    const one = rig();
    const refused = one.send(cdb, { out });
    expect(refused.sense).toBe(sense);
    expect(Buffer.from(refused.senseBytes.subarray(15, 18)).toString("hex")).toBe(pointer);
    expect(controlPage(one)).toEqual(FIXED);
  });

  it("sets nothing where a later page is refused", () => {
    const one = rig();
    const out = list(header6, DESCRIPTOR, [0x0b, 0x0a], new Array<number>(10).fill(0));
    expect(one.send(select6(28), { out }).sense).toBe("5/26/00");
    expect(controlPage(one)).toEqual(FIXED);
  });

  it("is not there where the target has none", () => {
    const one = rig({ profile: profiles.lio });
    expect(one.send(select6(16), { out: list(header6, DESCRIPTOR) }).sense).toBe("5/20/00");
    expect(controlPage(one, 1)[2]).toBe(0);
  });
});
