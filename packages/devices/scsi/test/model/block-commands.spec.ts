// Commands of block devices against a plain Buffer, and what they refuse (SBC-3; SPC-4 for INQUIRY and the like).

import { memoryStore } from "@blockferry/store-memory";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as c from "./commands.ts";
import { failingStore, type Rig, rig } from "./rig.ts";

const BLOCKS = 96;
const bytes = (blocks: number, value: number): Uint8Array =>
  Uint8Array.from({ length: blocks * 512 }, (_, at) => (at * 7 + value) & 0xff);

interface Step {
  readonly kind: number;
  readonly lba: number;
  readonly blocks: number;
  readonly value: number;
}

/** Carries out one step on the model and on the Buffer. */
function apply(one: Rig, reference: Buffer, { kind, lba, blocks: wanted, value }: Step): void {
  const blocks = Math.min(wanted, BLOCKS - lba);
  const at = lba * 512;
  const data = bytes(blocks, value);
  switch (kind) {
    case 0:
      expect(one.send(c.write10(lba, blocks), { out: data }).sense).toBe("");
      reference.set(data, at);
      return;
    case 1:
      expect(one.send(c.sixteen(0x8a, lba, blocks), { out: data }).sense).toBe("");
      reference.set(data, at);
      return;
    case 2:
      expect(one.send([0x0a, 0, 0, lba, blocks, 0], { out: data }).sense).toBe("");
      reference.set(data, at);
      return;
    case 3: {
      // WRITE(12).
      const cdb = [0xaa, 0, 0, 0, 0, lba, 0, 0, 0, blocks, 0, 0];
      expect(one.send(cdb, { out: data }).sense).toBe("");
      reference.set(data, at);
      return;
    }
    case 4:
      expect(one.send(c.writeSame10(lba, blocks), { out: data.subarray(0, 512) }).sense).toBe("");
      for (let block = 0; block < blocks; block += 1) {
        reference.set(data.subarray(0, 512), at + block * 512);
      }
      return;
    case 5:
      expect(one.send(c.sixteen(0x93, lba, blocks, value % 2 === 0 ? 1 : 9)).sense).toBe("");
      reference.fill(0, at, at + blocks * 512);
      return;
    case 6:
      expect(one.send(c.unmapCdb(24), { out: c.unmapList([[lba, blocks]]) }).sense).toBe("");
      reference.fill(0, at, at + blocks * 512);
      return;
    case 7:
      expect(one.send(c.sixteen(0x8b, lba, blocks), { out: data }).sense).toBe("");
      data.forEach((byte, index) => {
        reference[at + index] |= byte;
      });
      return;
    case 8: {
      const old = reference.subarray(at, at + blocks * 512);
      const out = Buffer.concat([old, data]);
      expect(one.send(c.compareAndWrite(lba, blocks), { out }).sense).toBe("");
      reference.set(data, at);
      return;
    }
    case 9: {
      const cdb = [0x9c, 0, 0, 0, 0, 0, 0, 0, 0, lba, 0, 0, 0, blocks, 0, 0];
      expect(one.send(cdb, { out: data }).sense).toBe("");
      reference.set(data, at);
      return;
    }
    default: {
      // WRITE SCATTERED(16) of two ranges: the blocks, and the first of them again at the front.
      const list = Buffer.alloc(512);
      list.writeUInt32BE(lba, 36);
      list.writeUInt32BE(blocks, 40);
      list.writeUInt32BE(1, 72);
      const out = Buffer.concat([list, data, data.subarray(0, 512)]);
      const cdb = [0x9f, 0x12, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, blocks + 2, 0, 0];
      expect(one.send(cdb, { out }).sense).toBe("");
      reference.set(data, at);
      reference.set(data.subarray(0, 512), 0);
    }
  }
}

describe("block commands", () => {
  it("do to a unit what a Buffer would show", () => {
    const step = fc.record({
      kind: fc.nat(10),
      lba: fc.nat(BLOCKS - 1),
      blocks: fc.integer({ min: 1, max: 20 }),
      value: fc.nat(255),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const one = rig({ units: [{}], unitBytes: BLOCKS * 512 });
        one.label(0, 1);
        const reference = one.image();
        for (const each of steps) apply(one, reference, each);
        expect(one.image().equals(reference)).toBe(true);
        const read = one.send(c.sixteen(0x88, 0, BLOCKS), { room: BLOCKS * 512 });
        expect(reference.equals(read.data)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it("read what was written, by every READ", () => {
    const one = rig({ units: [{}] });
    one.label(0, 1);
    const image = one.image();
    const expected = image.subarray(5 * 512, 8 * 512);
    for (const cdb of [
      [0x08, 0, 0, 5, 3, 0],
      c.read10(5, 3),
      [0xa8, 0, 0, 0, 0, 5, 0, 0, 0, 3, 0, 0],
      c.sixteen(0x88, 5, 3),
    ]) {
      expect(expected.equals(one.send(cdb, { room: 1536 }).data)).toBe(true);
    }
    // READ(6): no blocks mean 256.
    expect(one.send([0x08, 0, 0, 0, 0, 0], { room: 256 * 512 }).moved).toBe(256 * 512);
  });

  it("move as much as there is room for, or as came, and tell what they wanted", () => {
    const one = rig({ units: [{}] });
    one.label(0, 1);
    const image = one.image();
    const cut = one.send(c.read10(0, 2), { room: 700 });
    expect([cut.status, cut.moved, cut.wanted]).toEqual([0, 700, 1024]);
    expect(image.subarray(0, 700).equals(cut.data)).toBe(true);
    const roomy = one.send(c.read10(0, 2), { room: 4096 });
    expect([roomy.moved, roomy.wanted]).toEqual([1024, 1024]);
    // Of a write, whole blocks only.
    const short = one.send(c.write10(0, 4), { out: new Uint8Array(1300) });
    expect([short.status, short.moved, short.wanted]).toEqual([0, 1024, 2048]);
    image.fill(0, 0, 1024);
    expect(one.image().equals(image)).toBe(true);
  });

  it("verify what is stored", () => {
    const one = rig({ units: [{}] });
    one.label(0, 1);
    const out = one.image().subarray(1024, 2048);
    const verify = (byte1: number, data: Uint8Array, blocks = 2) =>
      one.send([0x2f, byte1, 0, 0, 0, 2, 0, 0, blocks, 0], { out: data });
    expect(verify(2, out).sense).toBe("");
    const wrong = Buffer.from(out);
    wrong[700] ^= 1;
    const answer = verify(2, wrong);
    // MISCOMPARE, the offset of the byte as information.
    expect(answer.sense).toBe("E/1D/00");
    expect([...answer.senseBytes.subarray(3, 7)]).toEqual([0, 0, 2, 188]);
    expect(verify(6, out.subarray(0, 512)).sense).toBe("E/1D/00");
    expect(verify(4, out).sense).toBe("5/24/00");
    expect(one.send([0x2f, 0, 0, 0, 0, 2, 0, 0, 9, 0]).sense).toBe("");
  });

  it("COMPARE AND WRITE writes nothing where the blocks differ", () => {
    const one = rig({ units: [{}] });
    one.label(0, 1);
    const image = one.image();
    const out = Buffer.concat([image.subarray(0, 512), Buffer.alloc(512, 9)]);
    out[100] ^= 1;
    const answer = one.send(c.compareAndWrite(0, 1), { out });
    expect([answer.sense, ...answer.senseBytes.subarray(3, 7)]).toEqual(["E/1D/00", 0, 0, 0, 100]);
    expect(one.image().equals(image)).toBe(true);
    expect(rig({ profile: "lio" }).send(c.compareAndWrite(0, 2), { out }).sense).toBe("5/24/00");
  });

  it("tell which blocks are mapped", () => {
    const one = rig({ units: [{}], unitBytes: 65_536 });
    one.send(c.write10(8, 8), { out: new Uint8Array(4096).fill(1) });
    const cdb = [0x9e, 0x12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0];
    const { data } = one.send(cdb, { room: 1024 });
    const view = new DataView(data.buffer, data.byteOffset);
    const runs = [8, 24, 40].map((at) => [
      view.getUint32(at + 4),
      view.getUint32(at + 8),
      data[at + 12],
    ]);
    expect(view.getUint32(0)).toBe(4 + 3 * 16);
    // LBA, blocks, deallocated (1) or mapped (0).
    expect(runs).toEqual([
      [0, 8, 1],
      [8, 8, 0],
      [16, 112, 1],
    ]);
  });
});

describe("a unit of 4 TiB", () => {
  const huge = () => rig({ units: [{ store: memoryStore({ bytes: 2 ** 42 }) }] });
  const last = 2 ** 33 - 1;

  it("has a capacity that READ CAPACITY(10) cannot tell, and is read at its end", () => {
    const one = huge();
    const ten = one.send([0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0], { room: 8 }).data;
    expect([...ten]).toEqual([0xff, 0xff, 0xff, 0xff, 0, 0, 2, 0]);
    const sixteen = one.send(c.readCapacity16(), { room: 32 }).data;
    expect([...sixteen.subarray(0, 12)]).toEqual([0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0, 0, 2, 0]);
    expect(one.send(c.sixteen(0x88, last, 1), { room: 512 }).status).toBe(0);
    // MODE SENSE(10) with LLBAA: a long descriptor; without: FFFFFFFFh blocks (SPC-4 7.5.6).
    const long = one.send(c.modeSense10(0x08, 0x10), { room: 255 }).data;
    expect([...long.subarray(4, 16)]).toEqual([1, 0, 0, 16, 0, 0, 0, 2, 0, 0, 0, 0]);
    const short = one.send(c.modeSense10(0x08), { room: 255 }).data;
    expect([...short.subarray(4, 16)]).toEqual([0, 0, 0, 8, 0xff, 0xff, 0xff, 0xff, 0, 0, 2, 0]);
  });

  it("tells addresses above 2^32 in descriptor format, where fixed format cannot", () => {
    const { senseBytes } = huge().send(c.sixteen(0x88, last + 1, 1), { room: 512 });
    // 72h, key 5, 21h/00h; an information descriptor: 00h, 0Ah, VALID, 8 bytes (SPC-4 4.5.2.2).
    expect([...senseBytes.subarray(0, 4)]).toEqual([0x72, 5, 0x21, 0]);
    expect([...senseBytes.subarray(8)]).toEqual([0, 10, 0x80, 0, 0, 0, 0, 2, 0, 0, 0, 0]);
  });
});

describe("what block commands refuse, writing nothing", () => {
  const none = new Uint8Array(0);
  const block = new Uint8Array(512);
  const rows: readonly (readonly [string, number[], Uint8Array, string])[] = [
    ["READ behind the end", c.read10(2047, 2), none, "5/21/00"],
    ["READ of 2^64-1", c.sixteen(0x88, 2n ** 64n - 1n, 1), none, "5/21/00"],
    ["READ of no block at the end", c.read10(2048, 0), none, ""],
    ["READ of no block behind it", c.read10(2049, 0), none, "5/21/00"],
    ["WRITE behind the end", c.write10(2048, 1), block, "5/21/00"],
    ["WRITE with WRPROTECT", c.write10(0, 1, 0x20), block, "5/24/00"],
    ["WRITE of too many blocks", c.sixteen(0x8a, 0, 65_537), none, "5/21/00"],
    ["UNMAP behind the end", c.unmapCdb(24), c.unmapList([[2047, 2]]), "5/21/00"],
    [
      "UNMAP of one good and one bad range",
      c.unmapCdb(40),
      c.unmapList([
        [0, 1],
        [9999, 1],
      ]),
      "5/21/00",
    ],
    ["UNMAP with a list cut off", c.unmapCdb(7), new Uint8Array(7), "5/1A/00"],
    ["WRITE SAME with ANCHOR", c.writeSame10(0, 1, 0x10), block, "5/24/00"],
    ["WRITE SAME without its block", c.writeSame10(0, 1), none, "5/1A/00"],
    [
      "WRITE ATOMIC of 1025 blocks",
      [0x9c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0],
      block,
      "5/24/00",
    ],
    [
      "WRITE ATOMIC with a boundary",
      [0x9c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 1, 0, 0],
      block,
      "5/24/00",
    ],
    [
      "WRITE ATOMIC of half its data",
      [0x9c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0],
      block,
      "5/1A/00",
    ],
    [
      "WRITE SCATTERED without room for its ranges",
      [0x9f, 0x12, 0, 0, 0, 1, 0, 0, 0, 16, 0, 0, 0, 2, 0, 0],
      new Uint8Array(1024),
      "5/24/00",
    ],
    [
      "GET LBA STATUS behind the end",
      [0x9e, 0x12, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 24, 0, 0],
      none,
      "5/21/00",
    ],
    ["SYNCHRONIZE CACHE behind the end", [0x35, 0, 0, 0, 8, 1, 0, 0, 0, 0], none, "5/21/00"],
    ["an operation code that there is not", [0xc1, 0, 0, 0, 0, 0, 0, 0, 0, 0], none, "5/20/00"],
    ["a service action that there is not", [0x9e, 0x1f, ...new Array(14).fill(0)], none, "5/24/00"],
    [
      "a CDB of 7Fh",
      [0x7f, 0, 0, 0, 0, 0, 0, 24, 0, 0x12, ...new Array(22).fill(0)],
      none,
      "5/20/00",
    ],
    ["NACA", [0, 0, 0, 0, 0, 4], none, "5/24/00"],
    ["a CDB cut off", [0x28, 0, 0, 0, 0, 0], none, "5/24/00"],
    ["MODE SENSE of a page that there is not", c.modeSense6(0x07), none, "5/24/00"],
    ["MODE SENSE of saved pages", c.modeSense6(0xff), none, "5/39/00"],
    ["INQUIRY with a page code alone", [0x12, 0, 0x80, 0, 36, 0], none, "5/24/00"],
    ["a VPD page that there is not", c.vitalPage(0x99), none, "5/24/00"],
    ["REPORT LUNS with no room", [0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0], none, "5/24/00"],
  ];

  it.each(rows)("%s", (_name, cdb, out, sense) => {
    const one = rig({ units: [{}] });
    one.label(0, 1);
    const image = one.image();
    const answer = one.send(cdb, out.length > 0 ? { out } : { room: 8192 });
    expect(answer.sense).toBe(sense);
    expect(one.image().equals(image)).toBe(true);
  });

  it("every write to a write protected unit", () => {
    const one = rig({ units: [{ readonly: true }] });
    const senses = [
      one.send(c.write10(0, 1), { out: block }),
      one.send(c.writeSame10(0, 1), { out: block }),
      one.send(c.unmapCdb(24), { out: c.unmapList([[0, 1]]) }),
      one.send(c.sixteen(0x8b, 0, 1), { out: block }),
      one.send(c.compareAndWrite(0, 1), { out: new Uint8Array(1024) }),
      one.send([0x9c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0], { out: block }),
      one.send([0x9f, 0x12, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0], {
        out: new Uint8Array(1024),
      }),
    ].map((answer) => answer.sense);
    expect(new Set(senses)).toEqual(new Set(["7/27/00"]));
    // WP of the device-specific parameter.
    expect(one.send(c.modeSense6(0x3f), { room: 255 }).data[2] & 0x80).toBe(0x80);
  });

  it("UNMAP of a full unit, and what LIO does not have", () => {
    expect(
      rig({ units: [{ thin: false }] }).send(c.unmapCdb(24), { out: c.unmapList([[0, 1]]) }).sense,
    ).toBe("5/20/00");
    const lio = rig({ profile: "lio" });
    expect(lio.send(c.sixteen(0x8b, 0, 1), { out: block }).sense).toBe("5/20/00");
    expect(lio.send(c.sixteen(0x93, 0, 1, 1)).sense).toBe("5/24/00");
    expect(lio.send(c.writeSame10(0, 0), { out: block }).sense).toBe("5/24/00");
    expect(lio.send(c.writeSame10(0, 0x1001), { out: block }).sense).toBe("5/21/00");
  });
});

describe("a medium that fails", () => {
  it("is a medium error at the block, with the blocks before it good", () => {
    const one = rig({ units: [{}] });
    one.label(0, 1);
    const image = one.image();
    one.model.inject({ kind: "unrecovered-read", lba: 6, times: 1 });
    const read = one.send(c.read10(4, 4), { room: 2048 });
    expect([read.sense, ...read.senseBytes.subarray(3, 7)]).toEqual(["3/11/00", 0, 0, 0, 6]);
    expect(one.send(c.read10(4, 4), { room: 2048 }).status).toBe(0);
    one.model.inject({ kind: "write-fault", lba: 6 });
    expect(one.send(c.write10(4, 4), { out: new Uint8Array(2048) }).sense).toBe("3/0C/00");
    image.fill(0, 2048, 3072);
    expect(one.image().equals(image)).toBe(true);
    one.model.clearFaults();
    expect(one.send(c.write10(4, 4), { out: new Uint8Array(2048) }).status).toBe(0);
  });

  it("or a store that fails: as its error says", () => {
    const seen: unknown[] = [];
    const made = (code: string) => {
      const store = failingStore(memoryStore({ bytes: 65_536 }), code);
      return { store, one: rig({ units: [{ store }], onStoreError: (error) => seen.push(error) }) };
    };
    const { store, one } = made("EIO");
    store.fails = "read";
    expect(one.send(c.read10(0, 1), { room: 512 }).sense).toBe("3/11/00");
    store.fails = "write";
    expect(one.send(c.write10(0, 1), { out: new Uint8Array(512) }).sense).toBe("3/0C/00");
    store.fails = "copy";
    const segments = [
      c.blockSegment({ source: 0xffff, destination: 0xffff, blocks: 1, from: 0, to: 8 }),
    ];
    const out = c.lid1List({ cscds: [], segments });
    expect(one.send(c.extendedCopy(out.length), { out }).sense).toBe("A/0D/01");
    expect(seen).toHaveLength(3);
  });
});

describe("faults of commands", () => {
  it("busy, task set full, any sense data, after and for so many commands", () => {
    const one = rig();
    one.model.inject(
      { kind: "busy", opcode: 0x28, after: 1, times: 2 },
      { kind: "sense", opcode: 0x2a, key: 0xb, asc: 0x44 },
      { kind: "task-set-full", opcode: 0x00 },
    );
    const statuses = [1, 2, 3, 4].map(() => one.send(c.read10(0, 1), { room: 512 }).status);
    expect(statuses).toEqual([0, 8, 8, 0]);
    expect(one.send(c.write10(0, 1), { out: new Uint8Array(512) }).sense).toBe("B/44/00");
    expect(one.send(c.testUnitReady()).status).toBe(0x28);
    expect(one.send(c.testUnitReady()).status).toBe(0);
  });

  it("a completion that is lost, with or without the command carried out", () => {
    const one = rig();
    one.model.inject({ kind: "lost-completion" }, { kind: "lost-completion", executed: false });
    const out = new Uint8Array(512).fill(7);
    expect(one.send(c.write10(0, 1), { out }).outcome).toBe("lost");
    expect(one.send(c.write10(1, 1), { out }).outcome).toBe("lost");
    expect([one.image()[0], one.image()[512]]).toEqual([7, 0]);
  });

  it("a reset or a removal in the middle of a copy", () => {
    for (const kind of ["reset", "removed"] as const) {
      const one = rig({ units: [{}] });
      one.label(0, 1);
      const image = one.image();
      one.model.inject({ kind, opcode: 0x83, afterBytes: 1024 });
      const segments = [
        c.blockSegment({ source: 0xffff, destination: 0xffff, blocks: 8, from: 0, to: 100 }),
      ];
      const out = c.lid1List({ cscds: [], segments });
      expect(one.send(c.extendedCopy(out.length), { out }).outcome).toBe(kind);
      image.copy(image, 100 * 512, 0, 1024);
      expect(one.image().equals(image)).toBe(true);
      expect(one.send(c.testUnitReady()).outcome).toBe(kind === "reset" ? "completed" : "removed");
    }
  });
});

describe("a removable medium", () => {
  it("can be ejected unless somebody prevents it, and comes back with a unit attention", () => {
    const one = rig({ units: [{ removable: true }] });
    const stop = (byte4: number) => one.send([0x1b, 0, 0, 0, byte4, 0]).sense;
    expect(one.send(c.inquiry(), { room: 36 }).data[1]).toBe(0x80);
    expect(one.send([0x1e, 0, 0, 0, 1, 0]).status).toBe(0);
    expect(stop(2)).toBe("5/53/02");
    one.send([0x1e, 0, 0, 0, 0, 0]);
    expect(stop(2)).toBe("");
    expect(one.send(c.testUnitReady()).sense).toBe("2/3A/00");
    expect(one.send(c.read10(0, 1), { room: 512 }).sense).toBe("2/3A/00");
    expect(stop(3)).toBe("");
    expect(one.send(c.testUnitReady()).sense).toBe("6/28/00");
    expect(one.send(c.testUnitReady()).status).toBe(0);
    expect(stop(0)).toBe("");
    expect(one.send(c.testUnitReady()).sense).toBe("2/04/02");
  });
});
