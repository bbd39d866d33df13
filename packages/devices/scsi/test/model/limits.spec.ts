// What a target advertises is what it serves: each maximum is tried, and one more (SPC-4 6.22, 7.8.17; SBC-3, Block
// Limits). Numbers are read from the pages themselves.
import { fromHex } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import type { ProfileName } from "../../src/model/index.ts";
import * as c from "./commands.ts";
import { type Rig, rig } from "./rig.ts";

const NAA = fromHex("60014050000000000000000000000001");
const cscd = c.naaCscd(NAA);
const segment = c.blockSegment({ blocks: 1, from: 0, to: 8 });

const made = (profile: ProfileName): Rig => rig({ profile, units: [{ naa: NAA }] });

const send = (one: Rig, list: c.CopyList) => {
  const out = c.lid1List(list);
  return one.send(c.extendedCopy(out.length), { out }).sense;
};

/** RECEIVE COPY OPERATING PARAMETERS (SPC-4 table 244). */
function parameters(one: Rig) {
  const { data } = one.send(c.receiveCopy(3), { room: 256 });
  const view = new DataView(data.buffer, data.byteOffset);
  return {
    cscds: view.getUint16(8),
    segments: view.getUint16(10),
    listBytes: view.getUint32(12),
    segmentBytes: view.getUint32(16),
    inlineBytes: view.getUint32(20),
    types: [...data.subarray(44, 44 + data[43])],
  };
}

/** The descriptor of that type in VPD page 8Fh, from its type on. */
function thirdParty(one: Rig, type: number): DataView {
  const { data } = one.send(c.vitalPage(0x8f), { room: 4096 });
  const view = new DataView(data.buffer, data.byteOffset);
  for (let at = 4; at < data.length; at += 4 + view.getUint16(at + 2)) {
    if (view.getUint16(at) === type) return new DataView(data.buffer, data.byteOffset + at);
  }
  throw new Error(`no descriptor ${type}`);
}

describe.each(["ideal", "lio", "scst", "ctl"] as const)("the copy manager of %s", (profile) => {
  it("takes as many CSCD descriptors as it says", () => {
    const one = made(profile);
    const { cscds } = parameters(one);
    const list = (count: number): c.CopyList => ({
      cscds: new Array<number[]>(count).fill(cscd),
      segments: [segment],
    });
    expect([send(one, list(cscds)), send(one, list(cscds + 1))]).toEqual(["", "5/26/06"]);
  });

  it("takes as many segments as it says", () => {
    const one = made(profile);
    // CTL counts a list of 64 segments as if each had four bytes (ctl_tpc.c: TPC_MAX_SEGS * sizeof(header)).
    const segments = profile === "ctl" ? 9 : parameters(one).segments;
    const list = (count: number): c.CopyList => ({
      cscds: [cscd],
      segments: new Array<number[]>(count).fill(segment),
    });
    expect([send(one, list(segments)), send(one, list(segments + 1))]).toEqual(["", "5/26/08"]);
  });

  it("knows the descriptors that it lists, and no others", () => {
    const one = made(profile);
    const { types } = parameters(one);
    for (let type = 0; type < 256; type += 1) {
      const isCscd = type >= 0xe0;
      const list = isCscd
        ? { cscds: [c.naaCscd(NAA, { type })], segments: [segment] }
        : { cscds: [cscd], segments: [[type, 0, 0, 24, ...new Array<number>(24).fill(0)]] };
      const refused = isCscd ? "5/26/07" : "5/26/09";
      expect(send(one, list) === refused).toBe(!types.includes(type));
    }
  });

  it("says the same in VPD page 8Fh, if it has one", () => {
    const one = made(profile);
    if (profile === "lio" || profile === "scst") {
      expect(one.send(c.vitalPage(0x8f), { room: 4096 }).sense).toBe("5/24/00");
      return;
    }
    const { cscds, segments, listBytes, inlineBytes, segmentBytes } = parameters(one);
    const data = thirdParty(one, 0x0004);
    expect([data.getUint16(8), data.getUint16(10), data.getUint32(12), data.getUint32(16)]).toEqual(
      [cscds, segments, listBytes, inlineBytes],
    );
    expect(thirdParty(one, 0x8001).getUint32(12)).toBe(segmentBytes);
  });
});

describe("the ideal copy manager", () => {
  it("takes inline data and descriptors of as many bytes as it says", () => {
    const one = made("ideal");
    const { inlineBytes, listBytes } = parameters(one);
    const inline = (bytes: number): string =>
      send(one, { cscds: [cscd], segments: [segment], inline: new Uint8Array(bytes) });
    expect([inline(inlineBytes), inline(inlineBytes + 1)]).toEqual(["", "5/26/0B"]);
    const small = rig({ units: [{ naa: NAA }], copyManager: { descriptorListBytesMax: 60 } });
    expect(parameters(small).listBytes).toBe(60);
    expect(send(small, { cscds: [cscd], segments: [segment] })).toBe("");
    expect(send(small, { cscds: [cscd, cscd], segments: [segment] })).toBe("5/1A/00");
    expect(listBytes).toBeGreaterThanOrEqual(64 * 32 + 256 * 28);
  });

  it("takes a segment of as many bytes as it says", () => {
    const one = rig({ units: [{ naa: NAA }], copyManager: { segmentBytesMax: 4096 } });
    const blocks = parameters(one).segmentBytes / 512;
    const copy = (count: number): string =>
      send(one, {
        cscds: [cscd],
        segments: [c.blockSegment({ blocks: count, from: 0, to: 100 })],
      });
    expect([copy(blocks), copy(blocks + 1)]).toEqual(["", "A/26/00"]);
  });

  it("takes ranges, blocks and seconds of tokens as it says", () => {
    const one = rig({ units: [{ naa: NAA }], tokens: { transferBlocksMax: 100 } });
    const limits = thirdParty(one, 0x0000);
    const ranges = limits.getUint16(10);
    const seconds = limits.getUint32(12);
    const blocks = Number(limits.getBigUint64(20));
    expect([ranges, seconds, blocks]).toEqual([64, 3600, 100]);
    const populate = (list: c.TokenList): string => {
      const out = c.populateList(list);
      return one.send(c.tokenCommand(0x10, 1, out.length), { out }).sense;
    };
    const many = (count: number) => new Array(count).fill(0).map((_, at) => [at, 1] as const);
    expect([populate({ ranges: many(ranges) }), populate({ ranges: many(ranges + 1) })]).toEqual([
      "",
      "5/26/08",
    ]);
    const timeouts = [seconds, seconds + 1].map((timeout) =>
      populate({ ranges: [[0, 1]], timeout }),
    );
    expect(timeouts).toEqual(["", "5/26/00"]);
    const sizes = [blocks, blocks + 1].map((count) => populate({ ranges: [[0, count]] }));
    expect(sizes).toEqual(["", "5/26/00"]);
  });

  it("makes the ROD types that it lists, and can be given fewer", () => {
    const listed = (one: Rig): number[] => {
      const data = thirdParty(one, 0x0108);
      const count = data.getUint16(6) / 64;
      return Array.from({ length: count }, (_, index) => 8 + index * 64)
        .filter((at) => (data.getUint8(at + 4) & 1) === 1)
        .map((at) => data.getUint32(at));
    };
    for (const one of [
      rig({ units: [{ naa: NAA }] }),
      rig({ units: [{ naa: NAA }], tokens: { types: [0x0001_0000, 0x0080_0001] } }),
    ]) {
      const types = listed(one);
      for (const rodType of [0x0001_0000, 0x0080_0000, 0x0080_0001, 0x0080_0003, 0xffff_0001]) {
        const out = c.populateList({ ranges: [[0, 1]], rodType });
        const { sense } = one.send(c.tokenCommand(0x10, 1, out.length), { out });
        expect(sense).toBe(types.includes(rodType) ? "" : "5/26/00");
      }
    }
    const none = rig({ tokens: { types: [0xffff_0001] } });
    const out = c.populateList({ ranges: [[0, 1]] });
    expect(none.send(c.tokenCommand(0x10, 1, out.length), { out }).sense).toBe("5/26/00");
    expect(() => rig({ tokens: { types: [7] } })).toThrow(/no ROD type 7h/);
  });
});

describe("limits of block commands (VPD page B0h)", () => {
  it.each(["ideal", "lio"] as const)("of %s", (profile) => {
    const one = made(profile);
    const { data } = one.send(c.vitalPage(0xb0), { room: 64 });
    const view = new DataView(data.buffer, data.byteOffset);
    const compare = data[5];
    const out = (blocks: number) => ({ out: new Uint8Array(blocks * 1024) });
    expect(one.send(c.compareAndWrite(0, compare), out(compare)).sense).toBe("");
    if (compare < 255) {
      expect(one.send(c.compareAndWrite(0, compare + 1), out(compare + 1)).sense).toBe("5/24/00");
    }
    const descriptors = view.getUint32(24);
    const unmap = (count: number): string => {
      const list = c.unmapList(new Array(count).fill([0, 1]));
      return one.send(c.unmapCdb(list.length), { out: list }).sense;
    };
    expect([unmap(descriptors), unmap(descriptors + 1)]).toEqual(["", "5/26/00"]);
    const atomic = view.getUint32(44);
    const write = (blocks: number): string => {
      const cdb = [0x9c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, blocks >> 8, blocks & 255, 0, 0];
      return one.send(cdb, { out: new Uint8Array(blocks * 512) }).sense;
    };
    const isThere = atomic > 0;
    expect([write(Math.max(atomic, 1)), write(atomic + 1)]).toEqual(
      isThere ? ["", "5/24/00"] : ["5/20/00", "5/20/00"],
    );
  });
});

describe("data that goes out", () => {
  it("ends where it ends: what lies behind it is left alone", () => {
    const one = made("ideal");
    const completion = new Uint8Array(one.model.completionBytes);
    const cdbs = [c.inquiry(), c.vitalPage(0x8f), c.receiveCopy(3), c.reportLuns(), c.read10(0, 1)];
    for (const cdb of cdbs) {
      const room = new Uint8Array(8192).fill(0xa5);
      const command = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, ...cdb);
      one.model.execute("io", command, undefined, room, completion);
      const moved = new DataView(completion.buffer).getUint32(4);
      expect(moved).toBeGreaterThan(0);
      expect(room.subarray(moved).every((byte) => byte === 0xa5)).toBe(true);
    }
  });

  it("is cut to the allocation length", () => {
    const one = made("ideal");
    const whole = one.send(c.vitalPage(0x8f), { room: 4096 }).data;
    for (const length of [0, 1, 3, 4, 100]) {
      const { data, status } = one.send(c.vitalPage(0x8f, length), { room: 4096 });
      expect([status, data.length]).toEqual([0, length]);
      expect(Buffer.compare(data, whole.subarray(0, length))).toBe(0);
    }
  });
});
