// EXTENDED COPY(LID1) and (LID4): what is copied, and what the results say (SPC-4 6.4, 6.5, 6.23 to 6.25).
import { fromHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as c from "./commands.ts";
import { type Rig, rig } from "./rig.ts";

const NAA_0 = fromHex("3111111111111111");
const NAA_1 = fromHex("3222222222222222");
const NAA_2 = fromHex("3333333333333333");

const units = [{ naa: NAA_0 }, { naa: NAA_1 }, { naa: NAA_2 }];
const bothCscds = [c.naaCscd(NAA_0), c.naaCscd(NAA_1)];

const send1 = (one: Rig, list: c.CopyList, lun = 0) => {
  const out = c.lid1List(list);
  return one.send(c.extendedCopy(out.length), { out, lun });
};
const send4 = (one: Rig, list: c.CopyList, lun = 0) => {
  const out = c.lid4List(list);
  return one.send(c.extendedCopy(out.length, 1), { out, lun });
};

/** A rig whose units are labelled 1, 2, 3, and what their images were. */
function labelled(options: Parameters<typeof rig>[0] = {}) {
  const one = rig({ units, ...options });
  const images: Buffer[] = [];
  one.stores.forEach((_store, unit) => {
    one.label(unit, unit + 1);
    images.push(one.image(unit));
  });
  return { ...one, images };
}

describe("EXTENDED COPY", () => {
  it("carries out the golden list of sg_xcopy", () => {
    // scsi: sg_xcopy if=sg0 of=sg1 bs=512 count=64 skip=256 seek=1024; both CSCDs the same unit.
    const naa = fromHex("60014 05f01020304 05060708 090a0b0c".replace(/ /g, ""));
    const one = rig({ units: [{ naa }] });
    one.label(0, 1);
    const before = one.image();
    const cdb = fromHex("83000000000000000000 0000006c 0000");
    const out = fromHex(
      "01110040000000000000001c00000000" +
        "e4000000010300106001405f0102030405060708090a0b0c0000000000000200" +
        "e4000000010300106001405f0102030405060708090a0b0c0000000000000200" +
        "02000018000000010000004000000000000001000000000000000400",
    );
    const answer = one.send(cdb, { out });
    expect([answer.status, answer.sense]).toEqual([0, ""]);
    const expected = Buffer.from(before);
    before.copy(expected, 0x400 * 512, 0x100 * 512, 0x140 * 512);
    expect(one.image().equals(expected)).toBe(true);
  });

  it.each([
    ["LID1", send1],
    ["LID4", send4],
  ])("%s copies several segments across units, in order", (_name, send) => {
    const one = labelled();
    const answer = send(one, {
      cscds: [...bothCscds, c.naaCscd(NAA_2)],
      segments: [
        c.blockSegment({ source: 0, destination: 1, blocks: 8, from: 16, to: 100 }),
        c.blockSegment({ source: 1, destination: 2, blocks: 4, from: 102, to: 0 }),
        c.blockSegment({ source: 2, destination: 0, blocks: 1, from: 3, to: 2000 }),
      ],
    });
    expect([answer.status, answer.sense]).toEqual([0, ""]);
    const [first, second, third] = one.images.map((image) => Buffer.from(image));
    first.copy(second, 100 * 512, 16 * 512, 24 * 512);
    second.copy(third, 0, 102 * 512, 106 * 512);
    third.copy(first, 2000 * 512, 3 * 512, 4 * 512);
    expect([0, 1, 2].map((unit) => one.image(unit).equals([first, second, third][unit]))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it("copies where source and destination overlap as if the source were read first", () => {
    for (const [from, to] of [
      [10, 14],
      [14, 10],
    ]) {
      const one = labelled();
      const segment = c.blockSegment({ blocks: 100, from, to });
      expect(send1(one, { cscds: [c.naaCscd(NAA_0)], segments: [segment] }).status).toBe(0);
      const expected = Buffer.from(one.images[0]);
      expected.copyWithin(to * 512, from * 512, (from + 100) * 512);
      expect(one.image().equals(expected)).toBe(true);
    }
  });

  it("copies bytes between any offsets in blocks (0Ah)", () => {
    const one = labelled();
    const segment = c.offsetSegment({
      source: 0,
      destination: 1,
      bytes: 5000,
      from: 3,
      to: 9,
      fromOffset: 511,
      toOffset: 7,
    });
    expect(send1(one, { cscds: bothCscds, segments: [segment] }).status).toBe(0);
    const expected = Buffer.from(one.images[1]);
    one.images[0].copy(expected, 9 * 512 + 7, 3 * 512 + 511, 3 * 512 + 511 + 5000);
    expect(one.image(1).equals(expected)).toBe(true);
  });

  it("counts source blocks, or destination blocks with DC, where sizes differ", () => {
    const mixed = [{ naa: NAA_0 }, { naa: NAA_1, bytesPerBlock: 4096 as const }];
    for (const [flags, bytes] of [
      [0, 8 * 512],
      [2, 8 * 4096],
    ]) {
      const one = labelled({ units: mixed });
      const segment = c.blockSegment({ destination: 1, blocks: 8, from: 1, to: 2, flags });
      expect(send1(one, { cscds: bothCscds, segments: [segment] }).sense).toBe("");
      const expected = Buffer.from(one.images[1]);
      one.images[0].copy(expected, 2 * 4096, 512, 512 + bytes);
      expect(one.image(1).equals(expected)).toBe(true);
    }
  });

  it("knows this logical unit as FFFFh and the null device as C000h", () => {
    const one = labelled();
    const answer = send1(
      one,
      {
        cscds: [c.naaCscd(NAA_0)],
        segments: [
          c.blockSegment({ source: 0, destination: 0xffff, blocks: 3, from: 0, to: 50 }),
          c.blockSegment({ source: 0, destination: 0xc000, blocks: 3, from: 0, to: 50 }),
        ],
      },
      1,
    );
    expect(answer.sense).toBe("");
    const expected = Buffer.from(one.images[1]);
    one.images[0].copy(expected, 50 * 512, 0, 3 * 512);
    expect(one.image(1).equals(expected)).toBe(true);
    expect(one.image(0).equals(one.images[0])).toBe(true);
  });

  it("finds units by EUI-64, SCSI name string and T10 name too", () => {
    const eui64 = fromHex("0011223344556677");
    const one = labelled({
      units: [
        { naa: NAA_0, eui64 },
        { naa: NAA_1, scsiName: "eui.001122" },
        { serial: "T10SERIAL" },
      ],
    });
    const designator = (codeSet: number, type: number, bytes: Uint8Array): number[] => {
      const cscd = c.naaCscd(bytes);
      cscd[4] = codeSet;
      cscd[5] = type;
      return cscd;
    };
    const answer = send1(one, {
      cscds: [
        designator(1, 2, eui64),
        // Ended by a zero, padded to a multiple of four (SPC-4 7.8.6.11).
        designator(3, 8, new TextEncoder().encode("eui.001122\0\0")),
        designator(2, 1, new TextEncoder().encode("BLKFERRYT10SERIAL")),
      ],
      segments: [
        c.blockSegment({ source: 0, destination: 1, blocks: 1, from: 0, to: 7 }),
        c.blockSegment({ source: 0, destination: 2, blocks: 1, from: 0, to: 7 }),
      ],
    });
    expect(answer.sense).toBe("");
    for (const unit of [1, 2]) {
      expect(one.image(unit).compare(one.images[0], 0, 512, 7 * 512, 8 * 512)).toBe(0);
    }
  });

  it("copies nothing, without error, for no list, no segments and no blocks", () => {
    const one = labelled();
    expect(one.send(c.extendedCopy(0)).status).toBe(0);
    expect(send1(one, { cscds: bothCscds, segments: [] }).status).toBe(0);
    const empty = c.blockSegment({ destination: 1, blocks: 0, from: 9, to: 9 });
    expect(send1(one, { cscds: bothCscds, segments: [empty] }).status).toBe(0);
    expect([0, 1, 2].every((unit) => one.image(unit).equals(one.images[unit]))).toBe(true);
  });

  it("registers a reservation key (14h) and verifies a source (07h)", () => {
    const one = labelled();
    const answer = send1(one, {
      cscds: bothCscds,
      segments: [c.registerSegment(1, 0, 0xabcd), c.verifySegment(0, 1)],
    });
    expect(answer.sense).toBe("");
    const keys = one.send(c.reserveIn(0), { lun: 1, room: 8192 }).data;
    expect([...keys.subarray(4)]).toEqual([0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0xab, 0xcd]);
  });
});

describe("any segments", () => {
  const sizes = [512, 4096] as const;
  const unitBytes = 131_072;
  const block = fc.oneof({ weight: 9, arbitrary: fc.nat(24) }, fc.nat(260));
  const end = fc.record({ unit: fc.nat(1), block });
  const segment = fc.record({
    from: end,
    to: end,
    count: fc.oneof(fc.nat(8), fc.constantFrom(8, 16, 24, 32)),
    isWhole: fc.boolean(),
    flags: fc.constantFrom(0, 2),
    fromOffset: fc.nat(511),
    toOffset: fc.nat(511),
  });

  type Segment = typeof segment extends fc.Arbitrary<infer V> ? V : never;

  /** What the segment says, in bytes (SPC-4 6.4.6.4 and 6.4.6.12). */
  function meaning({ from, to, count, isWhole, flags, fromOffset, toOffset }: Segment) {
    const fromSize = sizes[from.unit];
    const toSize = sizes[to.unit];
    const bytes = isWhole ? count * (flags === 2 ? toSize : fromSize) : count * 111;
    const source = from.block * fromSize + (isWhole ? 0 : fromOffset);
    const destination = to.block * toSize + (isWhole ? 0 : toOffset);
    const isExact = !isWhole || (bytes % fromSize === 0 && bytes % toSize === 0);
    const isInside =
      Math.ceil((source + bytes) / fromSize) * fromSize <= unitBytes &&
      Math.ceil((destination + bytes) / toSize) * toSize <= unitBytes;
    return { bytes, source, destination, isGood: bytes === 0 || (isExact && isInside) };
  }

  function encoded(one: Segment): number[] {
    const ends = { source: one.from.unit, destination: one.to.unit };
    const lbas = { from: one.from.block, to: one.to.block };
    return one.isWhole
      ? c.blockSegment({ ...ends, ...lbas, blocks: one.count, flags: one.flags })
      : c.offsetSegment({
          ...ends,
          ...lbas,
          bytes: one.count * 111,
          fromOffset: one.fromOffset,
          toOffset: one.toOffset,
        });
  }

  it("leave what Buffers show, up to the first that cannot be", () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 8 }), fc.boolean(), (segments, isLid4) => {
        const one = labelled({
          unitBytes,
          units: [{ naa: NAA_0 }, { naa: NAA_1, bytesPerBlock: 4096 }],
        });
        const images = one.images.map((image) => Buffer.from(image));
        const bad = segments.findIndex((each) => !meaning(each).isGood);
        for (const each of bad < 0 ? segments : segments.slice(0, bad)) {
          const { source, destination, bytes } = meaning(each);
          const data = Buffer.from(images[each.from.unit].subarray(source, source + bytes));
          data.copy(images[each.to.unit], destination);
        }
        const answer = (isLid4 ? send4 : send1)(one, {
          cscds: bothCscds,
          segments: segments.map(encoded),
        });
        expect(answer.status).toBe(bad < 0 ? 0 : 2);
        if (bad >= 0) expect(answer.senseBytes[11]).toBe(bad);
        expect([0, 1].map((unit) => one.image(unit).equals(images[unit]))).toEqual([true, true]);
      }),
      { numRuns: 400 },
    );
  });
});

describe("results of a copy", () => {
  const copy8 = c.blockSegment({ destination: 1, blocks: 8, from: 0, to: 0 });
  const beyond = c.blockSegment({ destination: 1, blocks: 8, from: 2047, to: 0 });

  it("RECEIVE COPY STATUS(LID1) counts segments and bytes", () => {
    const one = labelled();
    send1(one, { listId: 5, cscds: bothCscds, segments: [copy8, copy8] });
    const { data } = one.send(c.receiveCopy(0, 5), { room: 64 });
    // Available data 8; completed without errors; 2 segments; bytes; 8192.
    expect([...data]).toEqual([0, 0, 0, 8, 1, 0, 2, 0, 0, 0, 0x20, 0]);
  });

  it("RECEIVE COPY FAILURE DETAILS hands out the sense data once", () => {
    const one = labelled();
    const answer = send1(one, { listId: 6, cscds: bothCscds, segments: [copy8, beyond] });
    expect(answer.status).toBe(2);
    const status = one.send(c.receiveCopy(0, 6), { room: 64 }).data;
    expect([...status]).toEqual([0, 0, 0, 8, 2, 0, 1, 0, 0, 0, 0x10, 0]);
    const { data } = one.send(c.receiveCopy(4, 6), { room: 512 });
    const length = answer.senseBytes.length;
    // n-3 at 0, CHECK CONDITION at 56, sense length at 58, sense at 60 (SPC-4 table 246).
    expect([...data.subarray(0, 4)]).toEqual([0, 0, 0, 56 + length]);
    expect([data[56], data[58], data[59]]).toEqual([2, 0, length]);
    expect(Buffer.from(data.subarray(60)).equals(Buffer.from(answer.senseBytes))).toBe(true);
    expect(one.send(c.receiveCopy(4, 6), { room: 512 }).sense).toBe("5/24/00");
  });

  it("RECEIVE COPY DATA has no held data, of copies that are known", () => {
    const one = labelled();
    send1(one, { listId: 5, cscds: bothCscds, segments: [copy8] });
    // SPC-4 6.19: AVAILABLE DATA counts what follows it; no segment that this target knows holds data.
    expect([...one.send(c.receiveCopy(1, 5), { room: 64 }).data]).toEqual([0, 0, 0, 0]);
    expect(one.send(c.receiveCopy(1, 6), { room: 64 }).sense).toBe("5/24/00");
    const list = c.lid4List({ listId: 0x1234, cscds: bothCscds, segments: [copy8] });
    one.send(c.extendedCopy(list.length, 1), { out: list });
    const { data, sense } = one.send(c.receiveCopy(6, 0x1234), { room: 64 });
    expect(sense).toBe("");
    // SPC-4 6.20: the status as RECEIVE COPY STATUS(LID4) gives it, then HELD DATA LENGTH.
    expect(data.length).toBe(36);
    expect([data[4], data[5]]).toEqual([0x01, 0x01]);
    expect([...data.subarray(32)]).toEqual([0, 0, 0, 0]);
    expect(one.send(c.receiveCopy(6, 0x1235), { room: 64 }).sense).toBe("5/24/00");
  });

  it("RECEIVE COPY STATUS(LID4) says what ran and how it ended", () => {
    const one = labelled();
    send4(one, { listId: 0x01020304, cscds: bothCscds, segments: [copy8] });
    const { data } = one.send(c.receiveCopy(5, 0x01020304), { room: 512 });
    expect([...data.subarray(0, 6)]).toEqual([0, 0, 0, 28, 1, 1]);
    expect([...data.subarray(8, 12)]).toEqual([0xff, 0xff, 0xff, 0xfe]);
    expect([...data.subarray(12, 26)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 1]);
  });

  it("are forgotten when nobody fetches them in time, and kept until then", () => {
    const one = labelled({ copyManager: { heldResultsMs: 5000 } });
    send1(one, { listId: 7, cscds: bothCscds, segments: [copy8] });
    one.clock.ms += 5000;
    expect(one.send(c.receiveCopy(0, 7), { room: 64 }).status).toBe(0);
    one.clock.ms += 1;
    expect(one.send(c.receiveCopy(0, 7), { room: 64 }).sense).toBe("5/24/00");
  });

  it("are fetched once from CTL, which gives them up", () => {
    const one = labelled({ profile: "ctl" });
    send1(one, { listId: 8, cscds: bothCscds, segments: [copy8] });
    expect(one.send(c.receiveCopy(0, 8), { room: 64 }).status).toBe(0);
    expect(one.send(c.receiveCopy(0, 8), { room: 64 }).sense).toBe("5/24/00");
  });

  it("belong to one initiator and one logical unit", () => {
    const one = labelled();
    send1(one, { listId: 9, cscds: bothCscds, segments: [copy8] });
    const other = one.send(c.receiveCopy(0, 9), { room: 64, initiator: "other" });
    expect(other.sense).toBe("5/24/00");
    expect(one.send(c.receiveCopy(0, 9), { room: 64, lun: 1 }).sense).toBe("5/24/00");
  });

  it("are not kept for LIST ID USAGE 3, and the oldest goes where there are too many", () => {
    const one = labelled({ copyManager: { heldResultsMax: 2 } });
    send1(one, { listId: 0, usage: 3, cscds: bothCscds, segments: [copy8] });
    expect(one.send(c.receiveCopy(0, 0), { room: 64 }).sense).toBe("5/24/00");
    for (const listId of [1, 2, 3]) send1(one, { listId, cscds: bothCscds, segments: [copy8] });
    const found = [1, 2, 3].map(
      (listId) => one.send(c.receiveCopy(0, listId), { room: 64 }).status,
    );
    expect(found).toEqual([2, 0, 0]);
  });
});

describe("copies in the background (LID4, IMMED)", () => {
  const big = c.blockSegment({ destination: 1, blocks: 1024, from: 0, to: 1024 });
  const status = (one: Rig, listId: number) =>
    one.send(c.receiveCopy(5, listId), { room: 512 }).data;

  it("go on while other commands come, and their status tells how far they are", () => {
    const one = labelled({ backgroundBytes: 131_072 });
    const answer = send4(one, { listId: 1, immed: true, cscds: bothCscds, segments: [big] });
    expect(answer.status).toBe(0);
    expect(one.model.backgroundCopies).toBe(1);
    const first = status(one, 1);
    expect(first[5]).toBe(0x12);
    expect(Buffer.from(first).readBigUInt64BE(16)).toBe(131_072n);
    for (let poll = 0; poll < 3; poll += 1) one.send(c.testUnitReady());
    const last = status(one, 1);
    expect([last[5], Buffer.from(last).readBigUInt64BE(16)]).toEqual([0x01, 524_288n]);
    expect(one.image(1).compare(one.images[0], 0, 524_288, 524_288)).toBe(0);
  });

  it("are aborted by COPY OPERATION ABORT", () => {
    const one = labelled({ backgroundBytes: 65_536 });
    send4(one, { listId: 2, immed: true, cscds: bothCscds, segments: [big] });
    expect(one.send(c.abortCopy(2)).status).toBe(0);
    const data = status(one, 2);
    // Terminated; the copy itself ended with TASK ABORTED.
    expect([data[5], data[12]]).toEqual([0x60, 0x40]);
    expect(one.send(c.abortCopy(77)).sense).toBe("5/24/00");
    const image = one.image(1);
    expect(image.compare(one.images[0], 0, 65_536, 524_288, 524_288 + 65_536)).toBe(0);
    expect(image.compare(one.images[1], 589_824, 1_048_576, 589_824, 1_048_576)).toBe(0);
  });

  it("are refused with BUSY where there are too many, and their identifier is not free", () => {
    const one = labelled({ backgroundBytes: 4096, copyManager: { concurrentCopiesMax: 1 } });
    send4(one, { listId: 3, immed: true, cscds: bothCscds, segments: [big] });
    const again = send4(one, { listId: 3, immed: true, cscds: bothCscds, segments: [big] });
    expect(again.sense).toBe("5/00/16");
    const second = send4(one, { listId: 4, immed: true, cscds: bothCscds, segments: [big] });
    expect([second.status, second.sense]).toEqual([0x08, ""]);
  });

  it("need an identifier", () => {
    const one = labelled();
    const list = { listId: 0, usage: 3, immed: true, cscds: bothCscds, segments: [big] };
    expect(send4(one, list).sense).toBe("5/26/00");
  });

  it("are cleared by a reset of the unit, and their initiator is told", () => {
    const one = labelled({ backgroundBytes: 4096 });
    send4(one, { listId: 5, immed: true, cscds: bothCscds, segments: [big] });
    one.model.resetUnit(0);
    expect(one.model.backgroundCopies).toBe(0);
    // COMMANDS CLEARED BY DEVICE SERVER, then BUS DEVICE RESET FUNCTION OCCURRED.
    expect(one.send(c.testUnitReady()).sense).toBe("6/2F/02");
    expect(one.send(c.testUnitReady()).sense).toBe("6/29/03");
    expect(one.send(c.testUnitReady()).status).toBe(0);
  });
});
