// Every sense code of third-party copies, where it belongs: ILLEGAL REQUEST (5) before anything moved, COPY ABORTED (Ah)
// once segments are processed. Codes of the profiles: target_core_xcopy.c, scst_copy_mgr.c, ctl_tpc.c as documented.
import { fromHex } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import type { ProfileName } from "../../src/model/index.ts";
import * as c from "./commands.ts";
import { type Rig, type RigOptions, rig } from "./rig.ts";

const naa6 = (last: string): Uint8Array => fromHex(`6001405${last.padStart(25, "0")}`);
const NAA_0 = naa6("a");
const NAA_1 = naa6("b");
const UNKNOWN = naa6("c");
const cscds = [c.naaCscd(NAA_0), c.naaCscd(NAA_1)];
const good = c.blockSegment({ destination: 1, blocks: 4, from: 0, to: 0 });

function labelled(options: RigOptions = {}) {
  const one = rig({ units: [{ naa: NAA_0 }, { naa: NAA_1 }], ...options });
  one.stores.forEach((_store, unit) => {
    one.label(unit, unit + 1);
  });
  const images = one.stores.map((_store, unit) => one.image(unit));
  const isUntouched = (): boolean => images.every((image, unit) => one.image(unit).equals(image));
  return { ...one, images, isUntouched };
}

const send = (one: Rig, list: c.CopyList, lun = 0) => {
  const out = c.lid1List(list);
  return one.send(c.extendedCopy(out.length), { out, lun });
};

/** What each profile answers; undefined: the case means nothing to it. */
type Row = readonly [
  name: string,
  list: Uint8Array,
  senses: Readonly<Partial<Record<ProfileName, string>>>,
  lun?: number,
];

const list = (segments: readonly number[][], rest: Partial<c.CopyList> = {}): Uint8Array =>
  c.lid1List({ cscds, segments, ...rest });
const cut = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
};
const all = (sense: string) => ({ ideal: sense, lio: sense, scst: sense, ctl: sense });
const copy = (fields: Partial<c.BlockSegment>): number[] =>
  c.blockSegment({ destination: 1, blocks: 4, from: 0, to: 0, ...fields });

const rows: readonly Row[] = [
  ["a header cut off", list([good]).slice(0, 15), { ...all("5/1A/00"), ctl: "5/24/00" }],
  ["a CSCD list cut off", list([good]).slice(0, 40), all("5/1A/00")],
  ["a segment list cut off", list([good]).slice(0, 100), all("5/1A/00")],
  [
    "65 CSCD descriptors",
    c.lid1List({ cscds: new Array(65).fill(cscds[0]), segments: [good] }),
    { ideal: "5/26/06", scst: "5/26/06", ctl: "5/26/06", lio: "5/1A/00" },
  ],
  [
    "three CSCD descriptors",
    c.lid1List({ cscds: [...cscds, cscds[0]], segments: [good] }),
    { lio: "5/26/06" },
  ],
  [
    "257 segments",
    c.lid1List({ cscds, segments: new Array(257).fill(good) }),
    { ideal: "5/26/08", lio: "5/1A/00", ctl: "5/26/08" },
  ],
  ["two segments", list([good, good]), { lio: "5/26/08" }],
  [
    "an E0h CSCD descriptor",
    c.lid1List({ cscds: [c.naaCscd(NAA_0, { type: 0xe0 })], segments: [good] }),
    all("5/26/07"),
  ],
  ["a CSCD list of 33 bytes", cut(list([good]), 3, 33), { ideal: "5/26/00", lio: "5/26/09" }],
  ["a 03h segment", list([[0x03, ...good.slice(1)]]), all("5/26/09")],
  [
    "a 0Ah segment",
    list([c.offsetSegment({ destination: 1, bytes: 512, from: 0, to: 0 })]),
    { ideal: "", lio: "5/26/09", scst: "5/26/09", ctl: "5/26/09" },
  ],
  [
    "a segment of another length",
    cut(list([good]), 16 + 64 + 3, 0x14),
    { ideal: "5/26/00", lio: "5/26/00" },
  ],
  [
    "inline data",
    list([good], { inline: new Uint8Array(8193) }),
    { ideal: "5/26/0B", lio: "5/26/00", scst: "5/26/0B", ctl: "5/1A/00" },
  ],
  ["LIST ID USAGE 1", list([good], { usage: 1 }), { ideal: "5/26/00", scst: "5/26/00", lio: "" }],
  [
    "LIST ID USAGE 3 with an identifier",
    list([good], { usage: 3, listId: 1 }),
    { ideal: "5/26/00", lio: "" },
  ],
  ["no segments", list([]), { ideal: "", ctl: "", lio: "5/26/00" }],
  [
    "a CSCD descriptor ID behind the list",
    list([copy({ destination: 2 })]),
    { ideal: "A/0D/02", lio: "A/0D/02", scst: "A/00/00", ctl: "A/08/04" },
  ],
  [
    "a reserved CSCD descriptor ID",
    list([copy({ destination: 0x800 })]),
    { ideal: "A/0D/02", lio: "5/26/00", scst: "A/00/00", ctl: "A/08/04" },
  ],
  [
    "an unknown designator",
    c.lid1List({ cscds: [cscds[0], c.naaCscd(UNKNOWN)], segments: [good] }),
    { ideal: "A/0D/02", lio: "A/0D/02", scst: "A/0D/02", ctl: "A/08/04" },
  ],
  [
    "NUL",
    c.lid1List({ cscds: [cscds[0], c.naaCscd(NAA_1, { byte1: 0x20 })], segments: [good] }),
    { ideal: "A/0D/02", scst: "A/0D/02" },
  ],
  [
    "a stream device",
    c.lid1List({ cscds: [cscds[0], c.naaCscd(NAA_1, { byte1: 0x01 })], segments: [good] }),
    { ideal: "A/0D/03" },
  ],
  [
    "a source behind the end",
    list([copy({ from: 2045 })]),
    { ideal: "A/0D/02", lio: "A/0D/02", scst: "A/0D/01", ctl: "A/0D/01" },
  ],
  [
    "a destination behind the end",
    list([copy({ to: 2n ** 64n - 1n })]),
    { ideal: "A/0D/02", lio: "A/0D/02", scst: "A/0D/01", ctl: "A/0D/01" },
  ],
  ["a null device as source", list([copy({ source: 0xc000 })]), { ideal: "A/26/0C" }],
  ["FCO across stores", list([copy({ flags: 4 })]), { ideal: "A/26/16" }],
  [
    "a byte offset behind the block",
    list([c.offsetSegment({ destination: 1, bytes: 512, from: 0, to: 0, fromOffset: 512 })]),
    { ideal: "A/26/00" },
  ],
  [
    "a ROD that was never filled, as a source",
    c.lid1List({
      cscds: [cscds[0], c.rodCscd({ rodType: 0x0001_0000 })],
      segments: [c.blockSegment({ source: 1, destination: 0, blocks: 1, from: 0, to: 0 })],
    }),
    { ideal: "A/26/0C", ctl: "5/26/07" },
  ],
  [
    "a copy to a ROD",
    c.lid1List({
      cscds: [cscds[0], c.rodCscd({ rodType: 0x0001_0000 })],
      segments: [c.blockSegment({ source: 0, destination: 1, blocks: 1, from: 0, to: 0 })],
    }),
    { ideal: "A/26/0C" },
  ],
  [
    "more of a ROD than there is",
    c.lid1List({
      cscds: [cscds[0], c.rodCscd({ rodType: 0x0001_0000 })],
      segments: [
        c.rodRangeSegment(0, 1, 0, 4),
        c.blockSegment({ source: 1, destination: 0, blocks: 5, from: 0, to: 100 }),
      ],
    }),
    { ideal: "A/0D/04" },
  ],
  [
    "a ROD of a type that is not supported",
    c.lid1List({
      cscds: [cscds[0], c.rodCscd({ rodType: 0x1234_5678 })],
      segments: [c.rodRangeSegment(0, 1, 0, 1)],
    }),
    { ideal: "5/26/00" },
  ],
  [
    "a token made by another copy manager",
    c.lid1List({
      cscds: [
        cscds[0],
        c.rodCscd({ rodType: 0x0080_0000, flags: 2, producer: 2 }),
        c.naaCscd(UNKNOWN),
      ],
      segments: [c.rodRangeSegment(0, 1, 0, 1)],
    }),
    { ideal: "5/23/03" },
  ],
  [
    "a ROD token outside of the inline data",
    c.lid1List({
      cscds: [cscds[0], c.rodCscd({ tokenOffset: 1 })],
      segments: [],
      inline: c.zeroToken(),
    }),
    { ideal: "5/26/00" },
  ],
];

const cases = rows.flatMap(([name, bytes, senses, lun]) =>
  (Object.keys(senses) as ProfileName[]).map(
    (profile) => [name, profile, senses[profile] as string, bytes, lun ?? 0] as const,
  ),
);

describe("a list that is refused moves nothing", () => {
  it.each(cases)("%s, to %s: %s", (_name, profile, sense, bytes, lun) => {
    const one = labelled({ profile });
    const answer = one.send(c.extendedCopy(bytes.length), { out: bytes, lun });
    expect(answer.sense).toBe(sense);
    if (sense !== "") expect(one.isUntouched()).toBe(true);
  });

  it("block sizes that differ: LIO is not ready, others find the segment inexact", () => {
    const units = [{ naa: NAA_0 }, { naa: NAA_1, bytesPerBlock: 4096 as const }];
    const senses = (["lio", "scst", "ctl", "ideal"] as const).map(
      (profile) => send(rig({ units, profile }), { cscds, segments: [good] }).sense,
    );
    expect(senses).toEqual(["2/08/00", "A/00/00", "A/26/0A", "A/26/0A"]);
  });

  it("LIO wants to be source or destination itself", () => {
    const one = labelled({
      profile: "lio",
      units: [{ naa: NAA_0 }, { naa: NAA_1 }, { naa: UNKNOWN }],
    });
    expect(send(one, { cscds, segments: [good] }, 2).sense).toBe("A/0D/02");
  });

  it("a segment that is too long, or not of the granularity", () => {
    const long = labelled({ copyManager: { segmentBytesMax: 1024 } });
    expect(send(long, { cscds, segments: [good] }).sense).toBe("A/26/00");
    const coarse = labelled({ copyManager: { granularityExponent: 12 } });
    expect(send(coarse, { cscds, segments: [good] }).sense).toBe("A/26/0D");
    expect(long.isUntouched() && coarse.isUntouched()).toBe(true);
  });

  it("copies between units, where they are not authorized", async () => {
    const { profiles } = await import("../../src/model/index.ts");
    const one = labelled({ profile: { ...profiles.ideal, crossesUnits: false } });
    expect(send(one, { cscds, segments: [good] }).sense).toBe("A/26/15");
    expect(one.isUntouched()).toBe(true);
    const own = c.blockSegment({ blocks: 4, from: 0, to: 8 });
    expect(send(one, { cscds, segments: [own] }).sense).toBe("");
  });

  it("what RODs there is no room for", () => {
    const one = labelled({ tokens: { transferBlocksMax: 8, tokensMax: 1 } });
    const rod = c.rodCscd({ rodType: 0x0080_0000, flags: 2 });
    const fill = (blocks: number) =>
      send(one, { cscds: [cscds[0], rod], segments: [c.rodRangeSegment(0, 1, 0, blocks)] }).sense;
    expect([fill(9), fill(8), fill(8)]).toEqual(["5/55/0C", "", "5/55/0D"]);
  });

  it("service actions that there are not", () => {
    const answers = (profile: ProfileName) => {
      const one = rig({ profile });
      return [
        one.send(c.extendedCopy(0, 1)).sense,
        one.send(c.tokenCommand(0x10, 1, 0)).sense,
        one.send(c.extendedCopy(0, 0x1f)).sense,
        one.send(c.receiveCopy(0x1f), { room: 64 }).sense,
        one.send(c.receiveCopy(0, 9), { room: 64 }).sense,
      ];
    };
    expect(answers("ideal")).toEqual(["", "", "5/24/00", "5/24/00", "5/24/00"]);
    expect(answers("ctl").slice(2)).toEqual(["5/24/00", "5/24/00", "5/24/00"]);
    expect(answers("lio")).toEqual(["5/20/00", "5/20/00", "5/20/00", "5/24/00", "5/24/00"]);
    expect(answers("scst")).toEqual(["5/24/00", "5/24/00", "5/24/00", "5/24/00", "5/24/00"]);
  });

  it("LIO wants list identifier 0 for its operating parameters", () => {
    const one = rig({ profile: "lio" });
    const cdb = c.receiveCopy(3);
    cdb[2] = 1;
    expect(one.send(cdb, { room: 64 }).sense).toBe("5/24/00");
  });
});

describe("a copy that is cut short", () => {
  const later = c.blockSegment({ destination: 1, blocks: 8, from: 100, to: 200 });

  it("keeps what earlier segments moved, and says which segment and which field failed", () => {
    const one = labelled();
    const answer = send(one, {
      cscds,
      segments: [good, later, c.blockSegment({ destination: 1, blocks: 2, from: 0, to: 2047 })],
    });
    expect(answer.sense).toBe("A/0D/02");
    const { senseBytes } = answer;
    // Bytes 10, 11: segment 2. Byte 15: SKSV and SD, 16, 17: the field at byte 20 of the segment (SPC-4 4.5.3, 4.5.2.4.5).
    expect([...senseBytes.subarray(10, 12)]).toEqual([0, 2]);
    expect([...senseBytes.subarray(15, 18)]).toEqual([0xa0, 0, 20]);
    // Byte 9: where the destination's status and sense data begin: CHECK CONDITION, LBA OUT OF RANGE with LBA 2048.
    const at = senseBytes[9];
    expect([senseBytes[8], at]).toEqual([0, 18]);
    expect(senseBytes[at]).toBe(2);
    const inner = senseBytes.subarray(at + 1);
    expect([inner[0], inner[2], inner[12], ...inner.subarray(3, 7)]).toEqual([
      0xf0, 5, 0x21, 0, 0, 8, 0,
    ]);
    const expected = Buffer.from(one.images[1]);
    one.images[0].copy(expected, 0, 0, 4 * 512);
    one.images[0].copy(expected, 200 * 512, 100 * 512, 108 * 512);
    expect(one.image(1).equals(expected)).toBe(true);
  });

  it.each([
    ["unrecovered-read", 0, "A/0D/01"],
    ["write-fault", 1, "A/0D/01"],
    ["underrun", 0, "A/0D/04"],
    ["overrun", 1, "A/0D/05"],
  ] as const)("by a %s, moves the blocks before it", (kind, lun, sense) => {
    const one = labelled();
    one.model.inject({ kind, lun, lba: lun === 0 ? 105 : 205 });
    const answer = send(one, { listId: 1, cscds, segments: [good, later] });
    expect(answer.sense).toBe(sense);
    const expected = Buffer.from(one.images[1]);
    one.images[0].copy(expected, 0, 0, 4 * 512);
    one.images[0].copy(expected, 200 * 512, 100 * 512, 105 * 512);
    expect(one.image(1).equals(expected)).toBe(true);
    const status = one.send(c.receiveCopy(0, 1), { room: 64 }).data;
    // With errors, 1 segment, 9 blocks of 512 bytes.
    expect([...status.subarray(4)]).toEqual([2, 0, 1, 0, 0, 0, 0x12, 0]);
  });

  it("is never reported as done: a target that does so is caught", () => {
    const one = labelled({ defects: { hidesPartialCopies: true } });
    one.model.inject({ kind: "write-fault", lun: 1, lba: 205 });
    const answer = send(one, { cscds, segments: [good, later] });
    const isCopied =
      one.image(1).compare(one.images[0], 100 * 512, 108 * 512, 200 * 512, 208 * 512) === 0;
    // The planted defect: GOOD, and the blocks are not there.
    expect([answer.status, isCopied]).toEqual([0, false]);
  });
});
