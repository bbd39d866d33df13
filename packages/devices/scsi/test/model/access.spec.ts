// Third-party copies do nothing that the initiator could not do itself. Each test was seen to fail: the same copy goes
// through on a target with the defect planted.
import { fromHex } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import type { TargetDefects } from "../../src/model/index.ts";
import * as c from "./commands.ts";
import { type Answer, type RigOptions, rig } from "./rig.ts";

const OWN = fromHex("60014050000000000000000000000001");
const SECRET = fromHex("60014050000000000000000000000002");
const ABSENT = fromHex("60014050000000000000000000000003");

/** Unit 1 is mapped to nobody but `owner`. */
function target(options: RigOptions = {}) {
  const one = rig({
    units: [{ naa: OWN }, { naa: SECRET }],
    initiators: [
      { name: "guest", luns: [0] },
      { name: "owner", luns: [0, 1] },
    ],
    initiator: "guest",
    ...options,
  });
  one.label(0, 1);
  one.label(1, 2);
  const images = [one.image(0), one.image(1)];
  const isUntouched = (): boolean => images.every((image, unit) => one.image(unit).equals(image));
  const copy = (source: Uint8Array, destination: Uint8Array, rest: object = {}): Answer => {
    const out = c.lid1List({
      cscds: [c.naaCscd(source), c.naaCscd(destination)],
      segments: [c.blockSegment({ destination: 1, blocks: 8, from: 0, to: 64 })],
    });
    return one.send(c.extendedCopy(out.length), { out, ...rest });
  };
  return { ...one, images, isUntouched, copy };
}

describe("CVE-2020-28374: the copy manager as a way around the LUN map", () => {
  it.each([
    ["reads nothing", SECRET, OWN],
    ["writes nothing", OWN, SECRET],
  ])("%s of a unit that is not mapped", (_name, source, destination) => {
    const one = target();
    const unmapped = one.copy(source, destination);
    expect(unmapped.sense).toBe("A/0D/02");
    expect(one.isUntouched()).toBe(true);
    const absent = target().copy(
      source === SECRET ? ABSENT : OWN,
      source === SECRET ? OWN : ABSENT,
    );
    // Nobody can tell a unit that is hidden from one that is not there.
    expect(unmapped.senseBytes).toEqual(absent.senseBytes);
    const vulnerable = target({ defects: { resolvesUnmappedUnits: true } });
    expect(vulnerable.copy(source, destination).status).toBe(0);
    expect(vulnerable.isUntouched()).toBe(false);
  });

  it("lets who may use both units copy between them", () => {
    const one = target();
    expect(one.copy(SECRET, OWN, { initiator: "owner" }).status).toBe(0);
    expect(one.image(0).compare(one.images[1], 0, 4096, 64 * 512, 64 * 512 + 4096)).toBe(0);
  });

  it("shows nobody a unit that is not mapped", () => {
    const one = target();
    expect(one.send(c.read10(0, 1), { lun: 1, room: 512 }).sense).toBe("5/25/00");
    expect(one.send(c.inquiry(), { lun: 1, room: 36 }).data[0]).toBe(0x7f);
    expect([...one.send(c.reportLuns(), { room: 64 }).data]).toEqual([
      0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
    expect(one.send(c.requestSense(), { lun: 1, room: 18 }).data[12]).toBe(0x25);
    // And to whom nothing is mapped, nothing.
    const stranger = one.send(c.reportLuns(), { initiator: "stranger", room: 64 });
    expect([...stranger.data]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(one.send(c.testUnitReady(), { initiator: "stranger" }).sense).toBe("5/25/00");
  });

  it("knows units by the numbers of the initiator's own map", () => {
    const one = target({ initiators: [{ name: "guest", luns: [{ lun: 1, as: 0 }] }] });
    const { data } = one.send(c.read10(0, 1), { room: 512 });
    expect(Buffer.from(data).equals(one.images[1].subarray(0, 512))).toBe(true);
  });
});

describe("CVE-2021-3139: designators are bytes to compare, nothing else", () => {
  it.each([
    ["a path", "../../../etc/passwd"],
    ["zeros", "\0\0\0\0\0\0\0\0"],
    ["a prefix of a unit's own", Buffer.from(SECRET).subarray(0, 8).toString("latin1")],
  ])("%s reaches nothing", (_name, text) => {
    const one = target({ initiator: "owner" });
    const designator = Buffer.from(text, "latin1").subarray(0, 20);
    expect(one.copy(designator, OWN).sense).toBe("A/0D/02");
    expect(one.isUntouched()).toBe(true);
  });
});

describe("two units with one designator", () => {
  const twins = [{ naa: OWN }, { naa: OWN, serial: "TWIN" }, { naa: SECRET }];

  it("are refused when the target is made", () => {
    expect(() => rig({ units: twins })).toThrow(/units 0 and 1 have the same designator/);
    // LIO makes its designators of the first 25 hexadecimal digits of serial numbers.
    const serials = [{ serial: `${"a".repeat(25)}1` }, { serial: `${"a".repeat(25)}2` }];
    expect(() => rig({ units: serials, profile: "lio" })).toThrow(/same designator/);
    expect(() => rig({ units: serials })).not.toThrow();
  });

  it("are no source and no destination", () => {
    const options: RigOptions = {
      units: twins,
      duplicateDesignators: "ambiguous",
      initiators: [{ name: "guest", luns: [0, 1, 2] }],
    };
    const one = target(options);
    expect(one.copy(OWN, SECRET).sense).toBe("A/0D/02");
    expect(one.copy(SECRET, OWN).sense).toBe("A/0D/02");
    expect(one.isUntouched()).toBe(true);
    const vulnerable = target({ ...options, defects: { takesFirstDuplicate: true } });
    expect(vulnerable.copy(OWN, SECRET).status).toBe(0);
  });

  it("do not stand in the way of a copy within one unit", () => {
    const one = target();
    expect(one.copy(OWN, OWN).status).toBe(0);
  });

  it("are told apart where the initiator can reach only one", () => {
    const one = target({
      units: twins,
      duplicateDesignators: "ambiguous",
      initiators: [{ name: "guest", luns: [0, 2] }],
    });
    expect(one.copy(OWN, SECRET).status).toBe(0);
  });
});

describe("the order of CSCD descriptors", () => {
  it("means nothing: segments say which is source and which destination", () => {
    // LIO once took the first for the source, whatever the segment said.
    const one = target({ initiator: "owner" });
    const out = c.lid1List({
      cscds: [c.naaCscd(OWN), c.naaCscd(SECRET)],
      segments: [c.blockSegment({ source: 1, destination: 0, blocks: 8, from: 0, to: 64 })],
    });
    expect(one.send(c.extendedCopy(out.length), { out }).sense).toBe("");
    expect(one.image(0).compare(one.images[1], 0, 4096, 64 * 512, 64 * 512 + 4096)).toBe(0);
    expect(one.image(1).equals(one.images[1])).toBe(true);
  });
});

describe("reservations and write protection", () => {
  /** `owner` holds a reservation of unit 1; `guest` may use both units. */
  function reserved(type: number, defects: Partial<TargetDefects> = {}) {
    const one = target({
      initiators: [
        { name: "guest", luns: [0, 1] },
        { name: "owner", luns: [0, 1] },
      ],
      defects,
    });
    const as = { initiator: "owner", lun: 1 };
    expect(one.send(c.reserveOut(0), { ...as, out: c.reserveList(0, 7) }).status).toBe(0);
    expect(one.send(c.reserveOut(1, type), { ...as, out: c.reserveList(7) }).status).toBe(0);
    return one;
  }

  it.each([
    [1, "Write Exclusive", "", "A/0D/01"],
    [3, "Exclusive Access", "A/0D/01", "A/0D/01"],
    [5, "Write Exclusive, registrants only", "", "A/0D/01"],
    [6, "Exclusive Access, registrants only", "A/0D/01", "A/0D/01"],
    [7, "Write Exclusive, all registrants", "", "A/0D/01"],
    [8, "Exclusive Access, all registrants", "A/0D/01", "A/0D/01"],
  ])(
    "type %i (%s): as a source %j, as a destination %j",
    (type, _name, asSource, asDestination) => {
      const one = reserved(type);
      const read = one.copy(SECRET, OWN);
      expect(read.sense).toBe(asSource);
      const written = reserved(type);
      const answer = written.copy(OWN, SECRET);
      expect(answer.sense).toBe(asDestination);
      expect(written.isUntouched()).toBe(true);
      // The destination's own status: RESERVATION CONFLICT, at the offset that byte 9 tells.
      expect(answer.senseBytes[answer.senseBytes[9]]).toBe(0x18);
      const vulnerable = reserved(type, { ignoresReservations: true });
      expect(vulnerable.copy(OWN, SECRET).status).toBe(0);
    },
  );

  it("a copy sent to the reserved unit itself is a reservation conflict", () => {
    const one = reserved(3);
    const answer = one.copy(OWN, SECRET, { lun: 1 });
    expect([answer.status, answer.sense]).toEqual([0x18, ""]);
    expect(one.isUntouched()).toBe(true);
  });

  it("the holder copies, and so does who registers a key by a segment", () => {
    const one = reserved(5);
    expect(one.copy(OWN, SECRET, { initiator: "owner" }).status).toBe(0);
    const out = c.lid1List({
      cscds: [c.naaCscd(OWN), c.naaCscd(SECRET)],
      segments: [
        c.registerSegment(1, 0, 0x99),
        c.blockSegment({ destination: 1, blocks: 8, from: 0, to: 0 }),
      ],
    });
    expect(one.send(c.extendedCopy(out.length), { out }).sense).toBe("");
    const wrong = c.lid1List({
      cscds: [c.naaCscd(OWN), c.naaCscd(SECRET)],
      segments: [c.registerSegment(1, 0x1234, 0x99)],
    });
    expect(one.send(c.extendedCopy(wrong.length), { out: wrong }).sense).toBe("A/0D/01");
  });

  it("write protected units are not written", () => {
    const units = [{ naa: OWN }, { naa: SECRET, readonly: true }];
    const one = target({ units, initiator: "owner" });
    const answer = one.copy(OWN, SECRET);
    expect(answer.sense).toBe("A/0D/01");
    // CHECK CONDITION, DATA PROTECT, WRITE PROTECTED.
    const inner = answer.senseBytes.subarray(answer.senseBytes[9]);
    expect([inner[0], inner[3], inner[13]]).toEqual([2, 7, 0x27]);
    expect(one.isUntouched()).toBe(true);
    const senses = (["lio", "scst"] as const).map(
      (profile) => target({ units, initiator: "owner", profile }).copy(OWN, SECRET).sense,
    );
    expect(senses).toEqual(["A/0D/02", "A/00/00"]);
    const defects = { ignoresWriteProtection: true };
    expect(target({ units, initiator: "owner", defects }).copy(OWN, SECRET).status).toBe(0);
  });

  it("an ejected medium is neither source nor destination", () => {
    const units = [{ naa: OWN }, { naa: SECRET, removable: true }];
    const one = target({ units, initiator: "owner" });
    one.model.eject(1);
    expect(one.copy(OWN, SECRET).sense).toBe("A/0D/01");
    expect(one.copy(SECRET, OWN).sense).toBe("A/0D/01");
    expect(one.isUntouched()).toBe(true);
  });
});
