// ROD tokens: POPULATE TOKEN, WRITE USING TOKEN, RECEIVE ROD TOKEN INFORMATION, REPORT ALL ROD TOKENS (SBC-3 5.7, 5.46,
// SPC-4 5.17.6, 6.26, 6.31).
import { fromHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as c from "./commands.ts";
import { type Answer, type Rig, type RigOptions, rig } from "./rig.ts";

const type = {
  reference: 0x0001_0000,
  pointInTime: 0x0080_0000,
  changeVulnerable: 0x0080_0001,
  persistent: 0x0080_0002,
  copyOnWrite: 0x0080_0003,
  any: 0x0080_ffff,
  zero: 0xffff_0001,
} as const;

const NAA_0 = fromHex("3111111111111111");
const NAA_1 = fromHex("3222222222222222");
const units = [{ naa: NAA_0 }, { naa: NAA_1 }];

function labelled(options: RigOptions = {}) {
  const one = rig({ units, ...options });
  one.stores.forEach((_store, unit) => {
    one.label(unit, unit + 1);
  });
  const images = one.stores.map((_store, unit) => one.image(unit));
  return { ...one, images };
}

interface Where {
  readonly lun?: number;
  readonly initiator?: string;
  readonly listId?: number;
}

const populate = (one: Rig, list: c.TokenList, { listId = 1, ...where }: Where = {}): Answer => {
  const out = c.populateList(list);
  return one.send(c.tokenCommand(0x10, listId, out.length), { out, ...where });
};

const write = (
  one: Rig,
  token: Uint8Array,
  list: Parameters<typeof c.writeTokenList>[1],
  { listId = 2, ...where }: Where = {},
): Answer => {
  const out = c.writeTokenList(token, list);
  return one.send(c.tokenCommand(0x11, listId, out.length), { out, ...where });
};

const information = (one: Rig, { listId = 1, ...where }: Where = {}): Uint8Array =>
  one.send(c.receiveCopy(7, listId, 1024), { room: 1024, ...where }).data;

/** The token of a list: behind 32 bytes, the sense data, a length of 4 and an identifier of 2 (SPC-4 table 256). */
function tokenOf(one: Rig, where: Where = {}): Uint8Array {
  const data = information(one, where);
  const at = 32 + data[13];
  expect([...data.subarray(at, at + 6)]).toEqual([0, 0, 2, 2, 0, 0]);
  return data.slice(at + 6);
}

function populated(one: Rig, list: c.TokenList, where: Where = {}): Uint8Array {
  expect(populate(one, list, where).sense).toBe("");
  return tokenOf(one, where);
}

describe("a token", () => {
  it("says what it stands for (SPC-4 table 112)", () => {
    const one = labelled({ units: [{ naa: NAA_0, physicalBlockExponent: 3 }, { naa: NAA_1 }] });
    const token = populated(one, {
      ranges: [
        [0, 8],
        [100, 8],
      ],
      rodType: type.reference,
    });
    const view = new DataView(token.buffer, token.byteOffset);
    expect(token.length).toBe(512);
    expect(view.getUint32(0)).toBe(type.reference);
    expect(view.getUint16(6)).toBe(0x01f8);
    // The creator, as an E4h CSCD descriptor with its NAA.
    expect([...token.subarray(16, 24)]).toEqual([0xe4, 0, 0, 0, 1, 3, 0, 8]);
    expect([...token.subarray(24, 32)]).toEqual([...NAA_0]);
    expect(view.getBigUint64(56)).toBe(8192n);
    // READ CAPACITY(16) bytes 8 to 31: block length, exponent, LBPME and LBPRZ.
    expect([view.getUint32(96), token[101], token[102]]).toEqual([512, 3, 0xc0]);
  });

  it("information of RECEIVE ROD TOKEN INFORMATION", () => {
    const one = labelled();
    populate(one, { ranges: [[0, 24]] });
    const data = information(one);
    const view = new DataView(data.buffer, data.byteOffset);
    expect(view.getUint32(0)).toBe(data.length - 4);
    // POPULATE TOKEN; completed without errors; F1h: blocks; 24 of them.
    expect([data[4], data[5], data[12], data[15]]).toEqual([0x10, 0x01, 0, 0xf1]);
    expect(view.getBigUint64(16)).toBe(24n);
    expect(one.send(c.receiveCopy(7, 99, 1024), { room: 1024 }).sense).toBe("5/24/00");
  });

  it("is listed by REPORT ALL ROD TOKENS with its first 96 bytes, for who may use its unit", () => {
    const one = labelled({
      initiators: [
        { name: "initiator", luns: [0, 1] },
        { name: "other", luns: [1] },
      ],
    });
    const first = populated(one, { ranges: [[0, 1]] });
    const second = populated(one, { ranges: [[0, 1]] }, { lun: 1 });
    const { data } = one.send(c.receiveCopy(8, 0, 4096), { room: 4096 });
    expect([...data.subarray(0, 8)]).toEqual([0, 0, 0, 4 + 192, 0, 0, 0, 0]);
    expect([...data.subarray(8, 104)]).toEqual([...first.subarray(0, 96)]);
    const cut = one.send(c.receiveCopy(8, 0, 20), { room: 20 }).data;
    expect([...cut.subarray(0, 4)]).toEqual([0, 0, 0, 196]);
    const seen = one.send(c.receiveCopy(8, 0, 4096), {
      room: 4096,
      lun: 1,
      initiator: "other",
    }).data;
    expect([...seen.subarray(8)]).toEqual([...second.subarray(0, 96)]);
  });
});

describe("WRITE USING TOKEN", () => {
  it.each(Object.entries(type).filter(([name]) => name !== "zero"))(
    "writes what a token of type %s stands for, ranges to ranges",
    (_name, rodType) => {
      const one = labelled();
      const token = populated(one, {
        ranges: [
          [10, 3],
          [500, 5],
        ],
        rodType,
      });
      const answer = write(
        one,
        token,
        {
          ranges: [
            [0, 1],
            [100, 6],
            [90, 1],
          ],
        },
        { lun: 1 },
      );
      expect(answer.sense).toBe("");
      const source = Buffer.concat([
        one.images[0].subarray(10 * 512, 13 * 512),
        one.images[0].subarray(500 * 512, 505 * 512),
      ]);
      const expected = Buffer.from(one.images[1]);
      source.copy(expected, 0, 0, 512);
      source.copy(expected, 100 * 512, 512, 7 * 512);
      source.copy(expected, 90 * 512, 7 * 512);
      expect(one.image(1).equals(expected)).toBe(true);
    },
  );

  it("writes in several pieces, by the offset into the ROD", () => {
    const one = labelled();
    const token = populated(one, {
      ranges: [
        [0, 10],
        [30, 10],
      ],
    });
    for (const piece of [0, 1, 2, 3]) {
      const ranges = [[200 + piece * 5, 5]] as const;
      expect(write(one, token, { ranges, offset: piece * 5 }, { lun: 1 }).sense).toBe("");
    }
    const image = one.image(1);
    expect(image.compare(one.images[0], 0, 5120, 200 * 512, 210 * 512)).toBe(0);
    expect(image.compare(one.images[0], 30 * 512, 40 * 512, 210 * 512, 220 * 512)).toBe(0);
  });

  it("writes zeros by the zero token, on the unit that holds something", () => {
    const one = labelled();
    expect(write(one, c.zeroToken(), { ranges: [[7, 9]], offset: 1_000_000 }).sense).toBe("");
    const expected = Buffer.from(one.images[0]).fill(0, 7 * 512, 16 * 512);
    expect(one.image(0).equals(expected)).toBe(true);
  });

  it("writes what there is where the ranges have more room, and says so", () => {
    const one = labelled();
    const token = populated(one, { ranges: [[0, 8]] });
    expect(write(one, token, { ranges: [[100, 10]], offset: 3 }, { lun: 1 }).status).toBe(0);
    const data = information(one, { listId: 2, lun: 1 });
    // Completed without errors but with partial ROD token usage; 5 blocks.
    expect([data[4], data[5], data[23]]).toEqual([0x11, 0x03, 5]);
    const expected = Buffer.from(one.images[1]);
    one.images[0].copy(expected, 100 * 512, 3 * 512, 8 * 512);
    expect(one.image(1).equals(expected)).toBe(true);
  });

  it("goes between units of different block sizes", () => {
    const one = labelled({ units: [{ naa: NAA_0 }, { naa: NAA_1, bytesPerBlock: 4096 }] });
    const token = populated(one, { ranges: [[3, 16]] });
    expect(write(one, token, { ranges: [[5, 2]] }, { lun: 1 }).sense).toBe("");
    expect(one.image(1).compare(one.images[0], 3 * 512, 19 * 512, 5 * 4096, 7 * 4096)).toBe(0);
  });

  it("in the background tells how far it is, and can be aborted", () => {
    const one = labelled({ backgroundBytes: 65_536 });
    const token = populated(one, { ranges: [[0, 1024]] });
    expect(write(one, token, { ranges: [[512, 1024]], immed: true }, { lun: 1 }).status).toBe(0);
    const first = information(one, { listId: 2, lun: 1 });
    expect([first[5], Buffer.from(first).readBigUInt64BE(16)]).toEqual([0x12, 128n]);
    expect(one.send(c.abortCopy(2), { lun: 1 }).status).toBe(0);
    expect(information(one, { listId: 2, lun: 1 })[5]).toBe(0x60);
    expect(one.model.backgroundCopies).toBe(0);
  });

  it("stops where a source block cannot be read, and counts what was written", () => {
    const one = labelled();
    const token = populated(one, { ranges: [[0, 8]], rodType: type.reference });
    one.model.inject({ kind: "unrecovered-read", lun: 0, lba: 5 });
    expect(write(one, token, { ranges: [[0, 8]] }, { lun: 1 }).sense).toBe("A/0D/01");
    const data = information(one, { listId: 2, lun: 1 });
    expect([data[5], data[12], data[23]]).toEqual([0x02, 0x02, 5]);
  });

  it("partial populates and writes, as copy managers with small tokens do them", () => {
    const one = labelled({ tokens: { populateBlocksMax: 6, writeBlocksMax: 4 } });
    const token = populated(one, {
      ranges: [
        [0, 4],
        [20, 4],
      ],
    });
    const data = information(one);
    expect([data[5], data[23]]).toEqual([0x03, 6]);
    expect(new DataView(token.buffer, token.byteOffset).getBigUint64(56)).toBe(6n * 512n);
    write(one, token, { ranges: [[100, 6]] }, { lun: 1 });
    const written = information(one, { listId: 2, lun: 1 });
    expect([written[5], written[23]]).toEqual([0x03, 4]);
  });
});

describe("point in time", () => {
  const isTaken = (one: ReturnType<typeof labelled>, from: number, blocks: number): boolean =>
    one.image(1).compare(one.images[0], from * 512, (from + blocks) * 512, 0, blocks * 512) === 0;

  /** Every way to change blocks 8 to 15 of unit 0. */
  const changes: readonly (readonly [string, (one: Rig) => Answer])[] = [
    ["WRITE(10)", (one) => one.send(c.write10(8, 8), { out: new Uint8Array(4096).fill(1) })],
    [
      "WRITE SAME(10)",
      (one) => one.send(c.writeSame10(8, 8), { out: new Uint8Array(512).fill(2) }),
    ],
    ["WRITE SAME(16) with NDOB", (one) => one.send(c.sixteen(0x93, 8, 8, 1))],
    ["UNMAP", (one) => one.send(c.unmapCdb(24), { out: c.unmapList([[8, 8]]) })],
    ["ORWRITE", (one) => one.send(c.sixteen(0x8b, 8, 8), { out: new Uint8Array(4096).fill(0xff) })],
    [
      "WRITE ATOMIC",
      (one) =>
        one.send([0x9c, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0], {
          out: new Uint8Array(4096),
        }),
    ],
    [
      "COMPARE AND WRITE",
      (one) =>
        one.send(c.compareAndWrite(8, 8), {
          out: Buffer.concat([one.image(0).subarray(4096, 8192), Buffer.alloc(4096, 3)]),
        }),
    ],
    [
      "EXTENDED COPY",
      (one) => {
        const segments = [c.blockSegment({ blocks: 8, from: 500, to: 8 })];
        const out = c.lid1List({ cscds: [c.naaCscd(NAA_0)], segments });
        return one.send(c.extendedCopy(out.length), { out });
      },
    ],
    [
      "EXTENDED COPY of bytes",
      (one) => {
        const segments = [c.offsetSegment({ bytes: 4000, from: 500, to: 8, toOffset: 50 })];
        const out = c.lid1List({ cscds: [c.naaCscd(NAA_0)], segments });
        return one.send(c.extendedCopy(out.length), { out });
      },
    ],
    ["WRITE USING TOKEN", (one) => write(one, c.zeroToken(), { ranges: [[8, 8]] }, { listId: 9 })],
  ];

  it.each(changes)("%s to the source does not show", (_name, change) => {
    const one = labelled();
    const token = populated(one, { ranges: [[0, 32]], rodType: type.pointInTime });
    expect(change(one).sense).toBe("");
    expect(one.image(0).equals(one.images[0])).toBe(false);
    expect(write(one, token, { ranges: [[0, 32]] }, { lun: 1 }).sense).toBe("");
    expect(isTaken(one, 0, 32)).toBe(true);
  });

  it.each(changes)(
    "%s shows by a token that refers, and revokes one that is vulnerable",
    (_name, change) => {
      const one = labelled();
      const reference = populated(one, { ranges: [[0, 32]], rodType: type.reference });
      const vulnerable = populated(one, { ranges: [[0, 32]], rodType: type.changeVulnerable });
      const beside = populated(one, { ranges: [[16, 8]], rodType: type.changeVulnerable });
      expect(change(one).sense).toBe("");
      expect(write(one, reference, { ranges: [[0, 32]] }, { lun: 1 }).sense).toBe("");
      expect(one.image(1).compare(one.image(0), 0, 16_384, 0, 16_384)).toBe(0);
      expect(write(one, vulnerable, { ranges: [[0, 32]] }, { lun: 1 }).sense).toBe("5/23/06");
      expect(write(one, beside, { ranges: [[0, 8]] }, { lun: 1 }).sense).toBe("");
    },
  );

  it("keeps each token's own time, and gives the memory back", () => {
    const one = labelled();
    const put = (value: number): Answer =>
      one.send(c.write10(4, 1), { out: new Uint8Array(512).fill(value) });
    const tokens = [1, 2, 3].map((value) => {
      put(value);
      return populated(one, { ranges: [[0, 8]] });
    });
    put(4);
    expect(one.model.preservedBytes).toBeGreaterThan(0);
    tokens.forEach((token, index) => {
      write(one, token, { ranges: [[0, 8]], deletes: true }, { lun: 1 });
      expect(one.image(1)[4 * 512]).toBe(index + 1);
    });
    expect([one.model.liveTokens, one.model.preservedBytes]).toEqual([0, 0]);
  });

  it("is written over its own source", () => {
    const one = labelled();
    const token = populated(one, { ranges: [[0, 64]] });
    expect(write(one, token, { ranges: [[16, 64]] }).sense).toBe("");
    const expected = Buffer.from(one.images[0]);
    expected.copyWithin(16 * 512, 0, 64 * 512);
    expect(one.image(0).equals(expected)).toBe(true);
  });

  it("cancels a token for which there is no room to preserve", () => {
    const one = labelled({ tokens: { preservedBytesMax: 1024 } });
    const token = populated(one, { ranges: [[0, 8]] });
    one.send(c.write10(0, 2), { out: new Uint8Array(1024) });
    expect(one.model.liveTokens).toBe(1);
    one.send(c.write10(2, 1), { out: new Uint8Array(512) });
    expect(write(one, token, { ranges: [[0, 8]] }, { lun: 1 }).sense).toBe("5/23/08");
    expect(one.model.preservedBytes).toBe(0);
  });

  it("holds against any writes and any number of tokens", () => {
    const blocks = 64;
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("write" as const),
        lba: fc.nat(blocks - 1),
        blocks: fc.integer({ min: 1, max: 16 }),
        value: fc.integer({ min: 0, max: 255 }),
      }),
      fc.record({
        kind: fc.constant("copy" as const),
        lba: fc.nat(blocks - 1),
        blocks: fc.integer({ min: 1, max: 16 }),
        value: fc.nat(blocks - 1),
      }),
      fc.record({
        kind: fc.constant("populate" as const),
        lba: fc.nat(blocks - 1),
        blocks: fc.integer({ min: 1, max: 32 }),
        value: fc.constant(0),
      }),
      fc.record({
        kind: fc.constant("spend" as const),
        lba: fc.nat(blocks - 1),
        blocks: fc.integer({ min: 1, max: 32 }),
        value: fc.nat(31),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const one = rig({ units: [{ naa: NAA_0 }], unitBytes: blocks * 512 });
        one.label(0, 1);
        const reference = one.image();
        const tokens: { token: Uint8Array; data: Buffer }[] = [];
        for (const { kind, lba, blocks: wanted, value } of steps) {
          const count = Math.min(wanted, blocks - lba);
          if (kind === "write") {
            one.send(c.write10(lba, count), { out: new Uint8Array(count * 512).fill(value) });
            reference.fill(value, lba * 512, (lba + count) * 512);
          } else if (kind === "copy") {
            const moved = Math.min(count, blocks - value);
            const segments = [c.blockSegment({ blocks: moved, from: lba, to: value })];
            const out = c.lid1List({ cscds: [c.naaCscd(NAA_0)], segments });
            one.send(c.extendedCopy(out.length), { out });
            reference.copyWithin(value * 512, lba * 512, (lba + moved) * 512);
          } else if (kind === "populate") {
            const token = populated(one, { ranges: [[lba, count]], rodType: type.pointInTime });
            const data = Buffer.from(reference.subarray(lba * 512, (lba + count) * 512));
            tokens.push({ token, data });
          } else if (tokens.length > 0) {
            const { token, data } = tokens[value % tokens.length];
            write(one, token, { ranges: [[lba, count]] });
            data.copy(reference, lba * 512, 0, count * 512);
          }
        }
        expect(one.image().equals(reference)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

describe("lifetimes", () => {
  it("ends when it is not used for its time, which each use begins anew", () => {
    const one = labelled();
    const token = populated(one, { ranges: [[0, 1]], timeout: 30 });
    const use = (): string => write(one, token, { ranges: [[0, 1]] }, { lun: 1 }).sense;
    for (const wait of [30_000, 29_000, 30_000]) {
      one.clock.ms += wait;
      expect(use()).toBe("");
    }
    one.clock.ms += 30_001;
    expect(use()).toBe("5/23/07");
    expect(one.model.liveTokens).toBe(0);
  });

  it("takes the default for time 0, refuses more than the maximum, and has a longest life", () => {
    const one = labelled({
      tokens: { inactivitySecondsDefault: 5, inactivitySecondsMax: 100, lifetimeSecondsMax: 8 },
    });
    const token = populated(one, { ranges: [[0, 1]] });
    expect(populate(one, { ranges: [[0, 1]], timeout: 101 }).sense).toBe("5/26/00");
    one.clock.ms += 4000;
    expect(write(one, token, { ranges: [[0, 1]] }, { lun: 1 }).sense).toBe("");
    one.clock.ms += 4001;
    expect(write(one, token, { ranges: [[0, 1]] }, { lun: 1 }).sense).toBe("5/23/07");
  });

  it("is deleted with DEL_TKN", () => {
    const one = labelled();
    const token = populated(one, { ranges: [[0, 1]] });
    expect(write(one, token, { ranges: [[0, 1]], deletes: true }, { lun: 1 }).sense).toBe("");
    expect(write(one, token, { ranges: [[0, 1]] }, { lun: 1 }).sense).toBe("5/23/09");
  });

  it("lives while a copy uses it, and ends after", () => {
    const one = labelled({ backgroundBytes: 4096 });
    const token = populated(one, { ranges: [[0, 64]], timeout: 1 });
    write(one, token, { ranges: [[0, 64]], immed: true }, { lun: 1 });
    one.send(c.write10(40, 8), { out: new Uint8Array(4096) });
    one.clock.ms += 60_000;
    one.send(c.testUnitReady());
    one.model.advance();
    expect(information(one, { listId: 2, lun: 1 })[5]).toBe(0x01);
    expect(one.image(1).compare(one.images[0], 0, 32_768, 0, 32_768)).toBe(0);
    one.clock.ms += 1001;
    expect(write(one, token, { ranges: [[0, 1]] }, { lun: 1 }).sense).toBe("5/23/07");
    expect(one.model.preservedBytes).toBe(0);
  });

  it("deleted by another while a copy uses it: the copy goes on with the old blocks", () => {
    const one = labelled({ backgroundBytes: 4096 });
    const token = populated(one, { ranges: [[0, 64]] });
    write(one, token, { ranges: [[0, 64]], immed: true }, { lun: 1 });
    one.send(c.write10(0, 64), { out: new Uint8Array(32_768) });
    write(one, token, { ranges: [[200, 1]], deletes: true }, { listId: 3, lun: 1 });
    one.model.advance();
    expect(one.image(1).compare(one.images[0], 0, 32_768, 0, 32_768)).toBe(0);
    expect([one.model.liveTokens, one.model.preservedBytes]).toEqual([0, 0]);
  });

  it("a reset cancels all but the persistent ones", () => {
    const one = labelled();
    const plain = populated(one, { ranges: [[0, 1]], rodType: type.pointInTime });
    const persistent = populated(one, { ranges: [[0, 1]], rodType: type.persistent });
    one.model.reset();
    expect(one.send(c.testUnitReady(), { lun: 1 }).sense).toBe("6/29/00");
    expect(write(one, plain, { ranges: [[0, 1]] }, { lun: 1 }).sense).toBe("5/23/08");
    expect(write(one, persistent, { ranges: [[0, 1]] }, { lun: 1 }).sense).toBe("");
  });

  it("the medium that leaves takes its tokens with it", () => {
    const one = labelled({ units: [{ naa: NAA_0, removable: true }, { naa: NAA_1 }] });
    const token = populated(one, { ranges: [[0, 1]] });
    one.model.eject(0);
    expect(write(one, token, { ranges: [[0, 1]] }, { lun: 1 }).sense).toBe("5/23/08");
  });

  it("100,000 tokens live at a time, each found and ended by itself", () => {
    const one = labelled({ copyManager: { heldResultsMax: 4 } });
    const out = c.populateList({ ranges: [[5, 1]], rodType: type.reference });
    for (let made = 0; made < 100_000; made += 1) {
      one.send(c.tokenCommand(0x10, made, out.length), { out });
    }
    expect(one.model.liveTokens).toBe(100_000);
    const last = tokenOf(one, { listId: 99_999 });
    expect(write(one, last, { ranges: [[9, 1]], deletes: true }, { lun: 1 }).sense).toBe("");
    expect(one.model.liveTokens).toBe(99_999);
    one.clock.ms += 62_000;
    one.send(c.testUnitReady());
    expect(one.model.liveTokens).toBe(0);
  }, 60_000);
});

describe("refusals of tokens", () => {
  const changed = (token: Uint8Array, at: number, xor: number): Uint8Array => {
    const copy = token.slice();
    copy[at] ^= xor;
    return copy;
  };
  const spend = (one: Rig, token: Uint8Array, where: Where = { lun: 1 }): string =>
    write(one, token, { ranges: [[0, 1]] }, where).sense;

  it("one bit of a token is wrong", () => {
    const one = labelled();
    const token = populated(one, { ranges: [[0, 1]] });
    const senses = Array.from({ length: 512 * 8 }, (_, bit) =>
      spend(one, changed(token, bit >> 3, 1 << (bit & 7))),
    );
    expect(new Set(senses)).toEqual(new Set(["5/23/02", "5/23/04", "5/23/05", "5/23/0A"]));
    // Type, length, identifier, creator, and everything behind (SPC-4 table 112).
    expect([0, 6, 15, 30, 60, 100, 511].map((byte) => senses[byte * 8])).toEqual([
      "5/23/05",
      "5/23/0A",
      "5/23/04",
      "5/23/02",
      "5/23/05",
      "5/23/05",
      "5/23/05",
    ]);
    expect(one.image(1).equals(one.images[1])).toBe(true);
    const defects = { takesTokenByIdentifier: true };
    const vulnerable = labelled({ defects });
    const other = populated(vulnerable, { ranges: [[0, 1]] });
    expect(spend(vulnerable, changed(other, 511, 1))).toBe("");
  });

  it("a token of a type, of a copy manager, or of a length that is not known", () => {
    const one = labelled();
    const token = populated(one, { ranges: [[0, 1]] });
    const foreign = token.slice();
    foreign.set([0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], 8);
    expect(spend(one, foreign)).toBe("5/23/04");
    const unknownType = foreign.slice();
    unknownType.set([0x12, 0x34, 0x56, 0x78]);
    expect(spend(one, unknownType)).toBe("5/23/01");
    expect(spend(one, new Uint8Array(512))).toBe("5/23/0A");
    const hidden = labelled({ profile: "ctl" });
    const own = populated(hidden, { ranges: [[0, 1]] });
    expect([spend(hidden, changed(own, 300, 1)), spend(hidden, new Uint8Array(512))]).toEqual([
      "5/23/04",
      "5/23/04",
    ]);
  });

  it("without a cause, where the profile hides it", async () => {
    const { profiles } = await import("../../src/model/index.ts");
    const one = labelled({ profile: { ...profiles.ideal, hidesTokenCause: true } });
    expect(spend(one, new Uint8Array(512))).toBe("5/23/00");
  });

  it("a token of a unit that the initiator may not use is not told from one of another target", () => {
    const initiators = [
      { name: "initiator", luns: [0, 1] },
      { name: "guest", luns: [1] },
    ];
    const one = labelled({ initiators });
    const guest = { lun: 1, initiator: "guest" };
    const token = populated(one, { ranges: [[0, 1]] });
    const absent = token.slice();
    absent[31] ^= 1;
    expect([spend(one, token, guest), spend(one, absent, guest)]).toEqual(["5/23/02", "5/23/02"]);
    // Nor do identifiers of such tokens tell anything, live or deleted, under a name that is known.
    const own = populated(one, { ranges: [[0, 1]] }, { lun: 1 });
    const under = (id: Uint8Array): Uint8Array => {
      const copy = own.slice();
      copy.set(id, 8);
      return copy;
    };
    const hidden = under(token.subarray(8, 16));
    expect(spend(one, hidden, guest)).toBe("5/23/04");
    write(one, token, { ranges: [[0, 1]], deletes: true }, { lun: 1 });
    expect(spend(one, hidden, guest)).toBe("5/23/04");
    expect(spend(one, hidden)).toBe("5/23/09");
    const vulnerable = labelled({ initiators, defects: { tokensBypassLunMap: true } });
    const stolen = populated(vulnerable, { ranges: [[0, 1]] });
    expect(spend(vulnerable, stolen, guest)).toBe("");
  });

  it("a reservation that comes while a copy goes on in the background", () => {
    const one = labelled({ backgroundBytes: 4096 });
    const token = populated(one, { ranges: [[0, 64]] });
    write(one, token, { ranges: [[0, 64]], immed: true }, { lun: 1 });
    const owner = { initiator: "owner", lun: 1 };
    one.send(c.reserveOut(0), { ...owner, out: c.reserveList(0, 7) });
    one.send(c.reserveOut(1, 1), { ...owner, out: c.reserveList(7) });
    const before = one.image(1);
    one.model.advance();
    expect(one.image(1).equals(before)).toBe(true);
    const data = information(one, { listId: 2, lun: 1 });
    expect([data[5], data[32 + 2] & 0xf]).toEqual([0x02, 0xa]);
  });

  it("reservations: of the unit itself, and of the unit a token refers to", () => {
    const one = labelled({
      initiators: [
        { name: "initiator", luns: [0, 1] },
        { name: "owner", luns: [0, 1] },
      ],
    });
    const reference = populated(one, { ranges: [[0, 1]], rodType: type.reference });
    const pointInTime = populated(one, { ranges: [[0, 1]], rodType: type.pointInTime });
    for (const [action, kind, list] of [
      [0, 0, c.reserveList(0, 7)],
      [1, 3, c.reserveList(7)],
    ] as const) {
      one.send(c.reserveOut(action, kind), { out: list, initiator: "owner" });
    }
    expect(spend(one, reference)).toBe("A/0D/01");
    // Its blocks were read when they might be.
    expect(spend(one, pointInTime)).toBe("");
    expect(populate(one, { ranges: [[0, 1]] }).status).toBe(0x18);
    expect(write(one, pointInTime, { ranges: [[0, 1]] }).status).toBe(0x18);
  });

  it("a write protected unit", () => {
    const one = labelled({ units: [{ naa: NAA_0 }, { naa: NAA_1, readonly: true }] });
    const token = populated(one, { ranges: [[0, 1]] });
    expect(spend(one, token)).toBe("7/27/00");
  });

  const lists: readonly (readonly [string, (one: Rig) => Answer, string, string])[] = [
    [
      "a range behind the end",
      (one) => populate(one, { ranges: [[2047, 2]] }),
      "5/21/00",
      "5/21/00",
    ],
    [
      "an LBA of 64 ones",
      (one) => populate(one, { ranges: [[2n ** 64n - 1n, 2]] }),
      "5/21/00",
      "5/21/00",
    ],
    [
      "ranges that overlap",
      (one) =>
        populate(one, {
          ranges: [
            [0, 8],
            [20, 4],
            [7, 1],
          ],
        }),
      "5/26/00",
      "5/26/00",
    ],
    [
      "65 ranges",
      (one) => populate(one, { ranges: new Array(65).fill([0, 0]) }),
      "5/26/08",
      "5/24/00",
    ],
    [
      "a timeout of 3601 s",
      (one) => populate(one, { ranges: [[0, 1]], timeout: 3601 }),
      "5/26/00",
      "5/26/00",
    ],
    [
      "the zero type",
      (one) => populate(one, { ranges: [[0, 1]], rodType: type.zero }),
      "5/26/00",
      "5/26/00",
    ],
    [
      "no type at all",
      (one) => populate(one, { ranges: [[0, 1]], rodType: 0 }),
      "5/26/00",
      "5/26/00",
    ],
    [
      "point in time",
      (one) => populate(one, { ranges: [[0, 1]], rodType: type.pointInTime }),
      "",
      "5/26/00",
    ],
    ["no ranges", (one) => populate(one, { ranges: [] }), "5/26/00", "5/26/00"],
    [
      "a list that is cut off",
      (one) => one.send(c.tokenCommand(0x10, 1, 15), { out: new Uint8Array(15) }),
      "5/1A/00",
      "5/24/00",
    ],
    [
      "a data length of 2",
      (one) => {
        const out = c.populateList({ ranges: [[0, 1]] });
        out[1] = 2;
        return one.send(c.tokenCommand(0x10, 1, out.length), { out });
      },
      "5/26/00",
      "5/26/00",
    ],
    [
      "ranges longer than the list",
      (one) => {
        const out = c.populateList({ ranges: [[0, 1]] });
        out[15] = 32;
        return one.send(c.tokenCommand(0x10, 1, out.length), { out });
      },
      "5/26/00",
      "5/26/00",
    ],
    [
      "a write behind the end",
      (one) => write(one, c.zeroToken(), { ranges: [[2048, 1]] }),
      "5/21/00",
      "5/21/00",
    ],
    [
      "an offset behind the ROD",
      (one) =>
        write(
          one,
          populated(one, { ranges: [[0, 4]] }),
          { ranges: [[0, 1]], offset: 4 },
          { listId: 9 },
        ),
      "5/26/00",
      "5/26/00",
    ],
  ];

  it.each(lists)("%s", (_name, act, ideal, ctl) => {
    const one = labelled();
    expect(act(one).sense).toBe(ideal);
    expect(one.image(0).equals(one.images[0])).toBe(true);
    expect(act(labelled({ profile: "ctl" })).sense).toBe(ctl);
  });

  it("points at the field", () => {
    const one = labelled();
    const { senseBytes } = populate(one, { ranges: [[0, 1]], timeout: 3601 });
    // SKSV, not in the CDB, byte 4.
    expect([...senseBytes.subarray(15, 18)]).toEqual([0x80, 0, 4]);
    const far = populate(one, { ranges: [[2047, 2]] }).senseBytes;
    expect([far[0], ...far.subarray(3, 7)]).toEqual([0xf0, 0, 0, 8, 0]);
  });

  it("more tokens than there is room for", () => {
    const one = labelled({ tokens: { tokensMax: 2, transferBlocksMax: 4 } });
    expect(populate(one, { ranges: [[0, 5]] }).sense).toBe("5/26/00");
    const senses = [1, 2, 3].map(() => populate(one, { ranges: [[0, 4]] }).sense);
    expect(senses).toEqual(["", "", "5/55/0D"]);
  });
});

describe("RODs in EXTENDED COPY (BEh, BFh, FEh)", () => {
  const send4 = (one: Rig, list: c.CopyList) => {
    const out = c.lid4List(list);
    return one.send(c.extendedCopy(out.length, 1), { out });
  };

  it("are filled from ranges and copied from, in one list", () => {
    const one = labelled();
    const answer = send4(one, {
      cscds: [c.naaCscd(NAA_0), c.naaCscd(NAA_1), c.rodCscd({ rodType: type.pointInTime })],
      segments: [
        c.rodRangesSegment(0, 2, [
          [5, 2],
          [50, 2],
        ]),
        c.rodRangeSegment(0, 2, 500, 4),
        // The source changes; the ROD does not.
        c.blockSegment({ source: 1, destination: 0, blocks: 2, from: 0, to: 50 }),
        c.blockSegment({ source: 2, destination: 1, blocks: 6, from: 1, to: 100 }),
      ],
    });
    expect(answer.sense).toBe("");
    const rod = Buffer.concat([
      one.images[0].subarray(5 * 512, 7 * 512),
      one.images[0].subarray(50 * 512, 52 * 512),
      one.images[0].subarray(500 * 512, 504 * 512),
    ]);
    expect(one.image(1).compare(rod, 512, 7 * 512, 100 * 512, 106 * 512)).toBe(0);
    expect([one.model.liveTokens, one.model.preservedBytes]).toEqual([0, 0]);
  });

  it("give their tokens out, and take tokens in", () => {
    const one = labelled();
    const rod = c.rodCscd({ rodType: type.pointInTime, flags: 2, inactivity: 50 });
    const made = send4(one, {
      listId: 21,
      cscds: [c.naaCscd(NAA_0), rod],
      segments: [c.rodRangeSegment(0, 1, 40, 8)],
    });
    expect(made.sense).toBe("");
    const data = information(one, { listId: 21 });
    const at = 32 + data[13];
    // One descriptor of 514 bytes; made by CSCD descriptor 1.
    expect([...data.subarray(at, at + 6)]).toEqual([0, 0, 2, 2, 0, 1]);
    const token = data.slice(at + 6);
    const spent = send4(one, {
      listId: 22,
      cscds: [c.naaCscd(NAA_1), c.rodCscd({ rodType: 0, flags: 1 })],
      segments: [c.blockSegment({ source: 1, destination: 0, blocks: 8, from: 0, to: 0 })],
      inline: token,
    });
    expect(spent.sense).toBe("");
    expect(one.image(1).compare(one.images[0], 40 * 512, 48 * 512, 0, 4096)).toBe(0);
    // DEL_TKN.
    expect(one.model.liveTokens).toBe(0);
    expect(write(one, token, { ranges: [[0, 1]] }, { lun: 1 }).sense).toBe("5/23/09");
  });

  it("leave nothing behind when the copy fails", () => {
    const one = labelled();
    const answer = send4(one, {
      cscds: [c.naaCscd(NAA_0), c.rodCscd({ rodType: type.pointInTime, flags: 2 })],
      segments: [c.rodRangeSegment(0, 1, 0, 8), c.rodRangeSegment(0, 1, 2048, 1)],
    });
    expect(answer.sense).toBe("A/0D/02");
    one.send(c.write10(0, 8), { out: new Uint8Array(4096) });
    expect([one.model.liveTokens, one.model.preservedBytes]).toEqual([0, 0]);
  });

  it("are refused tokens that WRITE USING TOKEN would be refused", () => {
    const one = labelled();
    const token = populated(one, { ranges: [[0, 4]], timeout: 1 });
    one.clock.ms += 2000;
    const answer = send4(one, {
      cscds: [c.naaCscd(NAA_1), c.rodCscd({ rodType: 0 })],
      segments: [c.blockSegment({ source: 1, destination: 0, blocks: 1, from: 0, to: 0 })],
      inline: token,
    });
    expect(answer.sense).toBe("5/23/07");
  });
});
